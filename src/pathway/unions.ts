/** A value that fits none of several shapes: which of them did its writer mean, and which keys does it know? */
import type { z } from 'zod'
import type { Path } from './files.ts'

export type Issue = z.core.$ZodIssue
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
export function bestBranch(issue: UnionIssue, value: unknown): { issues: readonly Issue[]; fits: boolean } {
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
export function knownKeys(schema: z.core.$ZodType, path: Path, value: unknown): string[] {
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
