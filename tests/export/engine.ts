/** The exported rules in an engine that is not ours: cql-execution, by the facts of a case. */
import { Executor, Interval, Library, PatientSource, Quantity } from 'cql-execution'
import { answeredName } from '../../src/export/checklist.ts'
import type { RulesInCql } from '../../src/export/cql.ts'
import type { Facts } from '../../src/pathway/known.ts'

export type Told = Readonly<Record<string, unknown>>

/** Of an ELM library: what each define comes to for these facts. What is not known is not given. */
export function engineOf(elm: string, { parameters, answered }: Pick<RulesInCql, 'parameters' | 'answered'>) {
  const library = new Library(JSON.parse(elm))
  return async (facts: Facts): Promise<Told> => {
    // Left out, as a caller leaves out what nobody can tell.
    const known = parameters.filter(({ name }) => facts.get(name)?.value !== undefined)
    const given = Object.fromEntries([
      ...known.map(({ name }) => [name, valueIn(facts, name)]),
      ...answered.flatMap((name) => answerTo(facts, name)),
    ])
    const { unfilteredResults } = await new Executor(library, undefined, given).exec(new PatientSource([]))
    return unfilteredResults as Told
  }
}

/** What a clinician answered to a fact that is made of facts, beside what the record says. */
function answerTo(facts: Facts, name: string): [string, boolean][] {
  const known = facts.get(name)
  const said = known?.recorded && known.evidence.find(({ how }) => how === 'answer')
  return said ? [[answeredName(name), said.what === 'yes']] : []
}

function valueIn(facts: Facts, name: string): unknown {
  const value = facts.get(name)?.value
  if (typeof value !== 'object' || value === null) return value
  // Closed, and null: as far as numbers go.
  const bound = (number: number) => (Number.isFinite(number) ? new Quantity(number, '1') : null)
  return new Interval(bound(value.low), bound(value.high), true, true)
}
