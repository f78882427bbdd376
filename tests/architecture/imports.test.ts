/** Who may import whom, and what only one folder may touch: the design's table and invariants, held by a test. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realContent } from '../support/evaluator.ts'
import { glue, ground, mayImport } from './rooms.ts'
import {
  clock,
  code,
  filesIn,
  imports,
  importsOf,
  inside,
  mentions,
  partOf,
  source,
  src,
  told,
} from './source.ts'

const isTest = (file: string) => /(^|\/)tests\//.test(file)

const within = (file: string, place: string) => file === `${place}.ts` || file.startsWith(`${place}/`)

/** Ways that lead back to where they began. */
function circlesIn(ways: readonly { from: string; to: string }[]): string[] {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (at: string, path: readonly string[]) => {
    if (path.includes(at)) circles.push([...path.slice(path.indexOf(at)), at].join(' → '))
    if (path.includes(at) || done.has(at)) return
    for (const { from, to } of ways) if (from === at) visit(to, [...path, at])
    done.add(at)
  }
  for (const { from } of ways) visit(from, [])
  return circles
}

describe('imports in src', () => {
  test('have a line in the table for every folder and file', () => {
    const parts = [...new Set(src.map(partOf))]
    expect(parts.filter((part) => !glue.includes(part) && !mayImport[part])).toEqual([])
  })

  test('go only where the table allows', () => {
    const wrong = inside.filter(({ from, to, typeOnly }) => {
      const line = mayImport[partOf(from)]
      if (!line) return false
      const allowed = [
        partOf(from),
        ...ground,
        ...(line.values ?? []),
        ...(typeOnly ? (line.types ?? []) : []),
      ]
      return !allowed.some((place) => within(to, place))
    })
    expect(wrong.map(told)).toEqual([])
  })

  test('never go to server, app or cli, but from the server to the app', () => {
    const wrong = inside.filter(({ from, to }) => glue.includes(partOf(to)) && partOf(from) !== partOf(to))
    expect(wrong.map(told)).toEqual(['server.ts → app.ts'])
  })

  test('go out of src on the command line alone: to the fixtures that it tries, and to the examples made of vignettes', () => {
    const outside = inside.filter(({ to }) => to.startsWith('..') && !to.startsWith('../fhir-fixtures/'))
    expect(new Set(outside.map(({ from }) => from))).toEqual(new Set(['cli/vignettes.ts']))
    const out = inside.filter(({ to }) => to.startsWith('..'))
    expect(new Set(out.map(({ from }) => partOf(from)))).toEqual(new Set(['cli']))
  })

  test('name the sandbox nowhere, nor does a string that could be one', () => {
    const importsIt = src.filter((file) =>
      /['"`][./]*sandbox\/[\w/-]+\.ts['"`]/.test(source(join('src', file))),
    )
    expect(importsIt).toEqual([])
  })

  test('of the client that checks services go to nothing of the service: it judges it from outside', () => {
    const client = filesIn('conform').filter((file) => !isTest(join('conform', file)))
    const into = client.flatMap((file) =>
      importsOf(file, 'conform').filter(({ to }) => to.startsWith('../src/')),
    )
    expect(into.map(told)).toEqual([])
  })

  test('make no circle of files at run time, and none of folders even of types', () => {
    expect(circlesIn(inside.filter(({ typeOnly }) => !typeOnly))).toEqual([])
    const folders = inside.map(({ from, to }) => ({ from: partOf(from), to: partOf(to) }))
    expect(circlesIn(folders.filter(({ from, to }) => from !== to && !glue.includes(from)))).toEqual([])
  })

  test.each(['facts', 'decide', 'cards'])('bring into %s no package but the types of FHIR', (folder) => {
    const packages = imports.filter(({ from, to }) => partOf(from) === folder && !to.endsWith('.ts'))
    const allowed = folder === 'decide' ? [] : ['fhir/r4.js']
    expect(packages.filter(({ to, typeOnly }) => !typeOnly || !allowed.includes(to)).map(told)).toEqual([])
  })

  test('leave files to the pathway, to settings, to pages and to the command line, and the network to net, the stores and http', () => {
    const users = (pattern: RegExp) =>
      new Set(
        imports.flatMap(({ from, to, typeOnly }) => (pattern.test(to) && !typeOnly ? partOf(from) : [])),
      )
    const readers = ['pathway', 'site', 'pages', 'handouts', 'ledger', 'quality', ...glue]
    expect([...users(/^node:fs/)].filter((part) => !readers.includes(part))).toEqual([])
    const network = ['net', 'store', 'http', 'ledger', ...glue]
    expect(
      [...users(/^node:(https?|tls|dns)|^(pg|undici)$/)].filter((part) => !network.includes(part)),
    ).toEqual([])
  })
})

const pure = src.filter((file) => ['facts', 'decide', 'cards'].includes(partOf(file)))

describe('the code', () => {
  test('of facts, decide and cards knows no clock, no chance, no process, no network and no console', () => {
    expect(mentions(pure, /\b(process|console|fetch|setTimeout|crypto)\b|Math\.random/)).toEqual([])
    expect(mentions(pure, clock)).toEqual([])
    expect(mentions(pure, /\bDate\b/)).toEqual(['facts/spans.ts'])
  })

  test('asks other servers in one place, beside the command line, which asks the service itself', () => {
    expect(mentions(src, /\bfetch\(/)).toEqual(['cli/service.ts', 'net/asker.ts'])
  })

  test('reads the clock in the server and on the command line alone', () => {
    expect(mentions(src, clock).filter((file) => !['server', 'cli'].includes(partOf(file)))).toEqual([])
  })

  test('reads the environment in one place', () => {
    expect(mentions(src, /\bprocess\.env\b/)).toEqual(['site/environment.ts'])
  })

  test('holds no clinical code: none of the value sets, and nothing that looks like one', () => {
    const known = new Set(realContent().codes.rows.flatMap((row) => (row.code.length >= 5 ? row.code : [])))
    const looksLikeOne = /^(\d{5,18}|\d{1,7}-\d|[A-TV-Z]\d[\dA-Z]\.[\dA-Z]{1,4})$/
    const literals = src.flatMap((file) =>
      [...code(file).matchAll(/'([^'\n]*)'/g)].map(([, value = '']) => ({ file, value })),
    )
    expect(literals.filter(({ value }) => known.has(value) || looksLikeOne.test(value))).toEqual([])
  })

  test('comes in files of at most 300 lines', () => {
    const folders = ['src', 'sandbox', 'conform', 'population', 'fhir-fixtures', 'tests', 'bench', 'tools']
    const all = folders.flatMap((folder) => filesIn(folder).map((file) => join(folder, file)))
    expect(all.filter((file) => source(file).split('\n').length > 301)).toEqual([])
  })
})
