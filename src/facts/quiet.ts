/**
 * Most facts find nothing that speaks to them in a record. What they then answer is the same for every record that came
 * whole, and is worked out once; only facts that something stirs are asked.
 */
import { cannotTell, type Known } from '../content/known.ts'
import type { Case, CompiledFact } from './case.ts'

export interface Plan {
  /** In the order in which they are answered, parts before what is made of them. Undefined where the record must be asked. */
  base: ReadonlyMap<string, Known | undefined>
  /** Facts that this record stirs, with all that is made of them. */
  stirredBy(stirring: Stirring): ReadonlySet<string>
}

/** What of a record keeps a fact from its usual answer. */
export interface Stirring {
  /** Facts to which something in it speaks, or that were answered. */
  named: Iterable<string>
  /** Resource types that did not come whole, or hold what could not be read. */
  isDoubtful(type: string): boolean
  /** What nobody could read may be anything. */
  all: boolean
}

type Compiled = ReadonlyMap<string, CompiledFact>
type MembersOf = (fact: string) => readonly string[]

export function compilePlans(compiled: Compiled, membersOf: MembersOf): (wanted: readonly string[]) => Plan {
  const plans = new WeakMap<readonly string[], Plan>()
  return (wanted) => {
    const known = plans.get(wanted)
    if (known) return known
    const plan = planFor(wanted, compiled, membersOf)
    plans.set(wanted, plan)
    return plan
  }
}

function planFor(wanted: readonly string[], compiled: Compiled, membersOf: MembersOf): Plan {
  const base = new Map<string, Known | undefined>()
  /** By fact: itself, and all that is made of it. */
  const above = new Map<string, string[]>()
  const byType = new Map<string, string[]>()

  function add(name: string): void {
    if (base.has(name) || above.has(name)) return
    above.set(name, [name])
    const members = membersOf(name)
    for (const member of members) add(member)
    const fact = compiled.get(name)
    base.set(name, usual(fact, members))
    if (fact?.looksFor) for (const type of fact.reads) byType.set(type, [...(byType.get(type) ?? []), name])
    for (const names of above.values())
      if (members.some((member) => names.includes(member)) && !names.includes(name)) names.push(name)
  }

  function usual(fact: CompiledFact | undefined, members: readonly string[]): Known | undefined {
    if (fact?.looksFor) return fact.looksFor.absent
    if (!fact || members.length === 0 || members.some((member) => !base.get(member))) return undefined
    return fact.find({ ask: (member) => base.get(member) ?? cannotTell() } as Case)
  }

  for (const name of wanted) add(name)
  const always = [...base].flatMap(([name, known]) => (known ? [] : [name]))
  const everything: ReadonlySet<string> = new Set(base.keys())

  return {
    base,
    stirredBy: ({ named, isDoubtful, all }) => {
      if (all) return everything
      const stirred = new Set(always)
      const stir = (name: string) => {
        for (const each of above.get(name) ?? []) stirred.add(each)
      }
      for (const name of named) stir(name)
      for (const [type, names] of byType) if (isDoubtful(type)) for (const name of names) stir(name)
      return stirred
    },
  }
}
