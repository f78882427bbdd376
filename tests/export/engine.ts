/** The exported rules in an engine that is not ours: cql-execution, by the facts of a case. */
import { Executor, Interval, Library, PatientSource } from 'cql-execution'
import type { Facts } from '../../src/content/known.ts'
import type { FactParameter } from '../../src/export/cql.ts'

export type Told = Readonly<Record<string, unknown>>

/** Of an ELM library: what each define comes to for these facts. Undefined facts are null. */
export function engineOf(elm: string, parameters: readonly FactParameter[]) {
  const library = new Library(JSON.parse(elm))
  return async (facts: Facts): Promise<Told> => {
    const given = Object.fromEntries(parameters.map(({ name }) => [name, valueIn(facts, name)]))
    const { unfilteredResults } = await new Executor(library, undefined, given).exec(new PatientSource([]))
    return unfilteredResults as Told
  }
}

function valueIn(facts: Facts, name: string): unknown {
  const value = facts.get(name)?.value
  if (value === undefined) return null
  if (typeof value !== 'object') return value
  // Closed, and null: as far as numbers go.
  return new Interval(value.low, Number.isFinite(value.high) ? value.high : null, true, true)
}
