/** Holds a file against its schema and says what does not fit in words for the person who wrote it. */
import type { z } from 'zod'
import type { Path, YamlFile } from './files.ts'
import { nearest, type Problems, unknownName } from './problems.ts'

// A value that fits none of several shapes: which of them did its writer mean, and which keys does it know?

type Issue = z.core.$ZodIssue
type UnionIssue = Extract<Issue, { code: 'invalid_union' }>

export function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Reflect.get(here, step)
  }
  return here
}

/** How far a value is from a shape that differs in kind: further than any number of odd keys. */
const otherKind = 1000

/** The branch that the value resembles most; `fits` is false when it is of another kind than all of them. */
function bestBranch(issue: UnionIssue, value: unknown): { issues: readonly Issue[]; fits: boolean } {
  let best: { issues: readonly Issue[]; strangeness: number; depth: number } | undefined
  for (const issues of issue.errors) {
    const strangeness = issues.reduce((sum, each) => sum + strangenessOf(each, value), 0)
    const depth = Math.max(...issues.map((each) => each.path.length))
    const better =
      !best || strangeness < best.strangeness || (strangeness === best.strangeness && depth > best.depth)
    if (better) best = { issues, strangeness, depth }
  }
  return best ? { issues: best.issues, fits: best.strangeness < otherKind } : { issues: [], fits: false }
}

/** Only what is wrong near the top tells the branches apart; a mistake deeper down says that this is the one. */
function strangenessOf(issue: Issue, value: unknown): number {
  const here = valueAt(value, issue.path)
  if (issue.path.length > 1) return 0
  if (issue.path.length === 1) {
    if (here === undefined) return 1
    if (issue.code !== 'invalid_union' || bestBranch(issue, here).fits) return 0
    // A list where none belongs says that its key is another one, misspelt.
    return Array.isArray(here) ? 3 : 1
  }
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_value':
      return otherKind
    case 'unrecognized_keys':
      return issue.keys.length
    case 'invalid_union':
      return Math.min(
        otherKind,
        ...issue.errors.map((issues) => issues.reduce((sum, each) => sum + strangenessOf(each, here), 0)),
      )
    default:
      return 1
  }
}

/** The keys that the schema knows at this path of the value. */
function knownKeys(schema: z.core.$ZodType, path: Path, value: unknown): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'nullable':
      return knownKeys(def.innerType, path, value)
    case 'lazy':
      return knownKeys(def.getter(), path, value)
    case 'pipe':
      return knownKeys(def.in, path, value)
    case 'union':
      return [...new Set(branchesFor(def, value).flatMap((option) => knownKeys(option, path, value)))]
    case 'object':
    case 'record':
    case 'array':
      break
    default:
      return []
  }
  const [step, ...rest] = path
  if (step === undefined) {
    if (def.type === 'object') return Object.keys(def.shape)
    return def.type === 'record' ? [...(def.keyType._zod.values ?? [])].map(String) : []
  }
  const inner =
    def.type === 'object' ? def.shape[String(step)] : def.type === 'record' ? def.valueType : def.element
  return inner ? knownKeys(inner, rest, valueAt(value, [step])) : []
}

function branchesFor(def: z.core.$ZodUnionDef, value: unknown): readonly z.core.$ZodType[] {
  if (!('discriminator' in def)) return def.options
  const key = String(def.discriminator)
  const chosen = valueAt(value, [key])
  return def.options.filter((option) => {
    const { def: branch } = (option as z.core.$ZodTypes)._zod
    const values = branch.type === 'object' ? branch.shape[key]?._zod.values : undefined
    return values?.has(chosen as z.core.util.Primitive)
  })
}

/** The checked value, or `undefined` when a problem was added. */
export function checkShape<S extends z.ZodType>(
  schema: S,
  file: YamlFile | undefined,
  problems: Problems,
): z.output<S> | undefined {
  if (!file) return undefined
  const result = schema.safeParse(file.value)
  if (result.success) return result.data
  const explainer = new Explainer(schema, file.value)
  for (const { path, message } of explainer.explain(result.error.issues, [])) {
    problems.add(file.place(path), message)
  }
  return undefined
}

interface Mistake {
  path: Path
  message: string
}

class Explainer {
  readonly #schema: z.core.$ZodType
  readonly #value: unknown

  constructor(schema: z.core.$ZodType, value: unknown) {
    this.#schema = schema
    this.#value = value
  }

  explain(issues: readonly Issue[], base: Path, guessed = false): Mistake[] {
    const strange = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
    return issues.flatMap((issue) => {
      // A misspelt key is also a missing one: telling it once is enough. And where the shape itself is a guess,
      // so is the key that it misses.
      const missing = issue.path.at(-1)
      if (typeof missing === 'string' && valueAt(this.#value, [...base, ...issue.path]) === undefined) {
        if (guessed ? strange.length > 0 : nearest(missing, strange) !== undefined) return []
      }
      return this.#one(issue, [...base, ...issue.path])
    })
  }

  #one(issue: Issue, path: Path): Mistake[] {
    const value = valueAt(this.#value, path)
    const name = nameOf(path)
    if (value === undefined && issue.code !== 'invalid_key') return [{ path, message: `${name} is missing` }]
    switch (issue.code) {
      case 'invalid_union':
        return this.#union(issue, path, value)
      case 'unrecognized_keys': {
        const known = knownKeys(this.#schema, path, this.#value)
        const free = known.filter((key) => valueAt(value, [key]) === undefined)
        return issue.keys.map((key) => ({ path: [...path, key], message: unknownName('key', key, free) }))
      }
      case 'invalid_key':
        return [
          { path, message: `"${String(path.at(-1))}" ${issue.issues[0]?.message ?? 'is no allowed key'}` },
        ]
      case 'invalid_value': {
        const allowed = issue.values.map(String)
        const near = typeof value === 'string' ? nearest(value, allowed) : undefined
        const hint = near === undefined ? '' : `; did you mean "${near}"?`
        return [{ path, message: `${name} must be ${oneOf(allowed)}, not ${shown(value)}${hint}` }]
      }
      case 'invalid_type':
        return [
          {
            path,
            message: `${name} must be ${kinds[issue.expected] ?? issue.expected}, not ${shown(value)}`,
          },
        ]
      case 'invalid_format':
        return [{ path, message: `${name}: ${shown(value)} ${formatMessage(issue)}` }]
      case 'too_small':
        return [{ path, message: `${name} must ${size(issue.origin, 'at least', Number(issue.minimum))}` }]
      case 'too_big':
        return [{ path, message: `${name} must ${size(issue.origin, 'at most', Number(issue.maximum))}` }]
      default:
        return [{ path, message: `${name} ${issue.message}` }]
    }
  }

  #union(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, value: unknown): Mistake[] {
    const name = nameOf(path)
    if (issue.errors.length === 0) {
      const allowed = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
      const near = nearest(String(value), allowed)
      const hint = near === undefined ? '' : `; did you mean "${near}"?`
      return [{ path, message: `${name} must be ${oneOf(allowed)}, not ${shown(value)}${hint}` }]
    }
    const { issues, fits } = bestBranch(issue, value)
    if (fits) return this.explain(issues, path, true)
    // A bare number in a condition is the mistake that a clinician makes first.
    if (typeof value === 'number' && path.some((step) => String(step).endsWith('when'))) {
      return [
        { path, message: `compare ${name} with a named parameter: { at-least: $name } or { below: $name }` },
      ]
    }
    const expected = new Set(issue.errors.flat().flatMap(expectations))
    return [{ path, message: `${name} must be ${[...expected].join(', or ')}, not ${shown(value)}` }]
  }
}

function expectations(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(expectations)
  if (issue.code === 'invalid_type') return [kinds[issue.expected] ?? issue.expected]
  return issue.code === 'invalid_value' ? [oneOf(issue.values.map(String))] : []
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'names with values',
}

const oneOf = (words: readonly string[]) =>
  words.length === 1 ? `"${words[0]}"` : `one of ${words.join(', ')}`

const size = (origin: string, bound: string, length: number) =>
  origin === 'string'
    ? `be ${bound} ${length} characters long`
    : origin === 'array'
      ? `hold ${bound} ${length} ${length === 1 ? 'entry' : 'entries'}`
      : `be ${bound} ${length}`

function formatMessage(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  if (issue.format === 'url') return 'is not a full address such as https://example.org/page'
  return issue.message.startsWith('is not') ? issue.message : `is not a valid ${issue.format}`
}

/** Named by its key; an entry of a list by the list's. */
function nameOf(path: Path): string {
  const key = path.findLast((step) => typeof step === 'string')
  if (key === undefined) return 'this file'
  return typeof path.at(-1) === 'number' ? `entry ${Number(path.at(-1)) + 1} of "${key}"` : `"${key}"`
}

function shown(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'keys with values'
  const text = String(value)
  return typeof value === 'string' ? `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"` : text
}
