/**
 * The few expressions of FHIRPath that prefetch templates of CDS Hooks 3.0 may hold, as a client evaluates them: `today()`
 * with days, and paths from the call's context to the ids behind references. Other prefetch keys (`%key`) are not.
 */

/** What a client knows when it fills a template. */
export interface Filling {
  context: Readonly<Record<string, unknown>>
  /** As YYYY-MM-DD. */
  today: string
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** Several values are joined by commas; undefined where there is none, or where the expression is another. */
export function evaluate(expression: string, { context, today }: Filling): string | undefined {
  const [, sign, days] = /^today\(\)(?: *([+-]) *(\d{1,6}) days?)?$/.exec(expression) ?? []
  if (expression.startsWith('today()')) {
    if (days === undefined) return expression === 'today()' ? today : undefined
    const moved = Date.parse(`${today}T00:00:00Z`) + (sign === '-' ? -1 : 1) * Number(days) * 86_400_000
    return new Date(moved).toISOString().slice(0, 10)
  }
  const values = expression.split('|').flatMap((path) => walk(path.trim(), context))
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))]
  return texts.length > 0 ? texts.join(',') : undefined
}

function walk(path: string, context: Fields): unknown[] {
  const [root, ...steps] = path.split('.')
  if (root !== 'context') return []
  let found: unknown[] = [context]
  for (const step of steps) found = found.flatMap((value) => (isFields(value) ? stepInto(value, step) : []))
  return found
}

function stepInto(value: Fields, step: string): unknown[] {
  const [, type] = /^ofType\((\w+)\)$/.exec(step) ?? []
  if (type !== undefined) return value.resourceType === type ? [value] : []
  if (step === 'resolve()') return resolved(value.reference)
  // Of `medication[x]` the type stands in the name.
  const chosen = value[step] ?? value[`${step}Reference`]
  return Array.isArray(chosen) ? chosen : chosen === undefined ? [] : [chosen]
}

/** Type and id stand in the reference: nothing has to be read for them. */
function resolved(reference: unknown): unknown[] {
  if (typeof reference !== 'string') return []
  const [resourceType, id] = reference.split('/').slice(-2)
  return id ? [{ resourceType, id }] : []
}
