/** The exported rules in an engine that is not ours: cql-execution, by the facts of a case. */
import { Executor, Interval, Library, PatientSource, Quantity, UnfilteredContext } from 'cql-execution'
import { answeredName } from '../../src/export/checklist.ts'
import type { RulesInCql } from '../../src/export/cql.ts'
import type { Facts } from '../../src/pathway/known.ts'

export type Told = Readonly<Record<string, unknown>>

/**
 * Their own context forgets a define that came to null or false, and works it out anew for each that refers to it: of rules that
 * lean on each other, a hundred times.
 */
class Remembering extends UnfilteredContext {
  override get(identifier: string): unknown {
    return Object.hasOwn(this.context_values, identifier)
      ? this.context_values[identifier]
      : super.get(identifier)
  }
}

type Exported = Pick<RulesInCql, 'parameters' | 'answered'>

/**
 * Of an ELM library: what these defines come to for these facts, or all of them. What is not known is not given.
 */
export function engineOf(elm: string, exported: Exported) {
  const library = new Library(JSON.parse(elm))
  return async (facts: Facts, names: Iterable<string> = Object.keys(library.expressions)): Promise<Told> => {
    const context = new Remembering(library, { patientResults: {} }, undefined, givenOf(facts, exported))
    const told: Record<string, unknown> = {}
    for (const name of names) {
      const known = context.get(name)
      told[name] = isDefine(known) ? await known.execute(context) : known
    }
    return told
  }
}

const isDefine = (known: unknown): known is { execute(context: UnfilteredContext): Promise<unknown> } =>
  typeof known === 'object' && known !== null && 'execute' in known

/** The same by their executor as it is, which takes much longer. */
export async function executed(elm: string, exported: Exported, facts: Facts): Promise<Told> {
  const executor = new Executor(new Library(JSON.parse(elm)), undefined, givenOf(facts, exported))
  return (await executor.exec(new PatientSource([]))).unfilteredResults as Told
}

/** Left out, as a caller leaves out what nobody can tell. */
function givenOf(facts: Facts, { parameters, answered }: Exported) {
  const known = parameters.filter(({ name }) => facts.get(name)?.value !== undefined)
  return Object.fromEntries([
    ...known.map(({ name }) => [name, valueIn(facts, name)]),
    ...answered.flatMap((name) => answerTo(facts, name)),
  ])
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
