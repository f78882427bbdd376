/**
 * Every regular expression in src takes a time that grows no faster than the text it reads, proven by automata (recheck)
 * and not by trying. There are no exceptions for those that only meet our own content: who knows that for how long?
 */
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { type Literal, parse } from 'acorn'
import { full } from 'acorn-walk'
import { check } from 'recheck'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { root } from '../support/evaluator.ts'

/** Made while the service runs: of names in our own content, and of pieces that stand beside them. */
const madeOfContent = new Set(['pathway/code-systems.ts', 'pathway/handouts/drawings.ts', 'facts/dose.ts'])

interface Expression {
  pattern: string
  flags: string
}

interface Found {
  literals: ReadonlyMap<string, Expression & { places: string[] }>
  /** Files that make expressions of something else than a literal. */
  makers: ReadonlySet<string>
}

function expressionsIn(files: readonly string[]): Found {
  const literals = new Map<string, Expression & { places: string[] }>()
  const makers = new Set<string>()
  for (const file of files) {
    const script = file.endsWith('.ts') ? plain(join(root, 'src', file)) : read(join(root, 'src', file))
    const tree = parse(script, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
    full(tree, (node) => {
      const { regex } = node as Literal
      if (node.type === 'Literal' && regex) {
        const { pattern, flags } = regex
        const known = literals.get(`/${pattern}/${flags}`) ?? { pattern, flags, places: [] }
        literals.set(`/${pattern}/${flags}`, known)
        known.places.push(`${file}:${node.loc?.start.line}`)
      }
      const { callee } = node as { callee?: { name?: string } }
      if (callee?.name === 'RegExp') makers.add(file)
    })
  }
  return { literals, makers }
}

const read = (path: string) => readFileSync(path, 'utf8')
/** Node's own stripping, which keeps every line where it is. */
const plain = (path: string) => stripTypeScriptTypes(read(path))

const proof = async ({ pattern, flags }: Expression) =>
  (await check(pattern, flags, { checker: 'automaton', timeout: 20_000 })).status

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(ts|js)$/.test(name),
)
const { literals, makers } = expressionsIn(files)

describe('BEST-1: regular expressions in src', () => {
  test('are found wherever they stand', () => {
    expect(literals.size).toBeGreaterThan(100)
  })

  test('are written out, except those that are made of names in our own content', () => {
    expect([...makers].filter((file) => !madeOfContent.has(file))).toEqual([])
  })

  test('are each proven to be linear', async () => {
    const unproven: string[] = []
    for (const [written, { places, ...expression }] of literals) {
      const status = await proof(expression)
      if (status !== 'safe') unproven.push(`${written} is ${status}, in ${places.join(', ')}`)
    }
    expect(unproven).toEqual([])
  })
})

test('BEST-1: the forms of codes in our own content are each proven to be linear', async () => {
  const systems = parseYaml(read(join(root, 'pathway/codes/systems.yaml'))) as {
    systems: Record<string, { uri: string; form?: string }>
  }
  const forms = Object.values(systems.systems).flatMap(({ uri, form }) =>
    form === undefined ? [] : { uri, form },
  )
  expect(forms.length).toBeGreaterThan(5)
  for (const { uri, form } of forms)
    expect([uri, await proof({ pattern: `^(?:${form})$`, flags: '' })]).toEqual([uri, 'safe'])
})

describe('The proof', () => {
  test.each([
    ['exponential', '(?:\\d+(?:\\s*(?:mg)?\\s*[-/]\\s*\\d+)*)mg'],
    ['quadratic, from each of many slashes', '\\/+$'],
    ['quadratic, from each of many openings', '\\([^)]*\\)'],
  ])('is refused to what is %s', async (_, pattern) => {
    expect(await proof({ pattern, flags: '' })).toBe('vulnerable')
  })
})
