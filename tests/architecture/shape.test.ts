/** The shape of the house: no circles even of types, no files that only pass on, one meaning for a word, links that lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'

const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const withoutComments = (file: string) => read(file).replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
const src = filesIn('src')
const all = ['src', 'sandbox', 'conform', 'population', 'fhir-fixtures', 'tools', 'bench', 'tests'].flatMap(
  filesIn,
)

describe('imports', () => {
  const importing = /^(?:import|export)\s(?:type\s)?(?:[^'";]*?\sfrom\s)?'(\.[^']+)'/gm
  const ways = new Map(
    all.map((file) => [
      file,
      [...read(file).matchAll(importing)].map(([, to = '']) => join(dirname(file), to)),
    ]),
  )

  test('make no circle of files, types counted', () => {
    const circles: string[] = []
    const done = new Set<string>()
    const visit = (at: string, path: readonly string[]) => {
      if (path.includes(at)) circles.push([...path.slice(path.indexOf(at)), at].join(' → '))
      if (path.includes(at) || done.has(at)) return
      for (const to of ways.get(at) ?? []) visit(to, [...path, at])
      done.add(at)
    }
    for (const file of ways.keys()) visit(file, [])
    expect(circles).toEqual([])
  })
})

describe('a file', () => {
  /** One door to the schema files, which everybody names. */
  const doors = ['src/pathway/schema.ts']

  test('does something, and does not only pass on', () => {
    const passesOn = src.filter((file) => {
      const rest = withoutComments(file)
        .replace(/^(?:import|export)\b[^;'"]*?(?:from )?'[^']+'$/gm, '')
        .replace(/^await run\(.*$/gm, '')
      return rest.trim() === '' && !doors.includes(file)
    })
    expect(passesOn).toEqual([])
  })
})

describe('a word', () => {
  /** Each of these named several types once. */
  const words = [
    'Answer',
    'Place',
    'Shelf',
    'Reason',
    'Store',
    'Report',
    'Route',
    'Launch',
    'Explanation',
    'Caller',
  ]

  test.each(words)('%s names one type at most', (word) => {
    const named = new RegExp(`^(?:export )?(?:interface|type|class) ${word}\\b`, 'm')
    const files = src.filter((file) => named.test(withoutComments(file)))
    expect(files.length > 1 ? files : []).toEqual([])
  })

  test('of the glossary stands there once, and they are twelve', () => {
    const terms = [...read('docs/glossary.md').matchAll(/^\| \*\*([a-z]+)\*\* \|/gm)].map(([, term]) => term)
    expect([terms.length, new Set(terms).size]).toEqual([12, 12])
  })
})

describe('a page for engineers', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'docs/glossary.md',
    'docs/requirements.md',
    'docs/share.md',
    'docs/sandbox.md',
  ]
  const decisions = readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`)

  test.each([...pages, ...decisions])('%s links to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = '']) =>
      join(dirname(page), to),
    )
    expect(links.filter((to) => !existsSync(join(root, to)))).toEqual([])
  })

  test('is short where it is the map', () => {
    expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(150)
    // One screen and a half.
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(65)
    expect(read('README.md').split(/\s+/).length).toBeLessThanOrEqual(620)
  })

  test('names rooms that are there, and misses none', () => {
    const table = read('ARCHITECTURE.md')
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(rooms.filter(({ name }) => !table.includes(`\`${name}/\``)).map(({ name }) => name)).toEqual([])
    const files = readdirSync(join(root, 'src')).filter((name) => /\.[jt]s$/.test(name))
    expect(files.filter((name) => !table.includes(`\`${name}\``))).toEqual([])
  })

  test.each(decisions)('%s has its status, decision and consequences', (page) => {
    expect(read(page)).toMatch(/^Status: [\s\S]*^\*\*Decision\.\*\*[\s\S]*^\*\*Consequences\.\*\*/m)
  })
})
