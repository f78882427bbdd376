/**
 * Most facts find nothing that speaks to them in a record. What they then answer is the same for every record that came
 * whole, and is worked out once; only facts that something stirs are asked.
 */
import { cannotTell, type Known } from '../pathway/known.ts'
import type { Case, CompiledFact } from './case.ts'

export interface Plan {
  /** In the order in which they are listed, parts before what is made of them. Undefined where the record must be asked. */
  base: ReadonlyMap<string, Known | undefined>
  /** Facts that each record must be asked for. */
  always: ReadonlySet<string>
  /** Others that this record stirs, with all that is made of them. */
  stirredBy(stirring: Stirring): ReadonlySet<string>
}

/** What of a record keeps a fact from its usual answer. */
interface Stirring {
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
  const always = new Set([...base].flatMap(([name, known]) => (known ? [] : [name])))
  const others = new Set([...base].flatMap(([name, known]) => (known ? [name] : [])))

  return {
    base,
    always,
    stirredBy: ({ named, isDoubtful, all }) => {
      if (all) return others
      const stirred = new Set<string>()
      const stir = (name: string) => {
        for (const each of above.get(name) ?? none) if (!always.has(each)) stirred.add(each)
      }
      for (const name of named) stir(name)
      for (const [type, names] of byType) if (isDoubtful(type)) for (const name of names) stir(name)
      return stirred.size === 0 ? nothing : stirred
    },
  }
}

const none: readonly string[] = []
const nothing: ReadonlySet<string> = new Set()

/** What was found over what is usual, in the order of the plan. */
export class FoundFacts implements ReadonlyMap<string, Known> {
  readonly #base: Plan['base']
  readonly #found: ReadonlyMap<string, Known>

  constructor({ base }: Plan, found: ReadonlyMap<string, Known>) {
    this.#base = base
    this.#found = found
  }

  get size(): number {
    return this.#base.size
  }

  get(fact: string): Known | undefined {
    return this.#found.get(fact) ?? this.#base.get(fact)
  }

  has(fact: string): boolean {
    return this.#base.has(fact)
  }

  keys(): MapIterator<string> {
    return this.#base.keys()
  }

  /** Of a list, because a generator costs more at each step than most who look for something do there. */
  entries(): MapIterator<[string, Known]> {
    const all: [string, Known][] = []
    for (const fact of this.#base.keys()) {
      const known = this.get(fact)
      if (known) all.push([fact, known])
    }
    return all.values()
  }

  values(): MapIterator<Known> {
    const all: Known[] = []
    for (const [fact, usual] of this.#base) {
      const known = this.#found.get(fact) ?? usual
      if (known) all.push(known)
    }
    return all.values()
  }

  forEach(hear: (known: Known, fact: string, facts: ReadonlyMap<string, Known>) => void): void {
    for (const [fact, known] of this.entries()) hear(known, fact, this)
  }

  [Symbol.iterator](): MapIterator<[string, Known]> {
    return this.entries()
  }
}
