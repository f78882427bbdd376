/**
 * Facts as every mistake makes them, all compiled at once: beside each fact stand copies of it with a mistake, under
 * names of their own, and the groups that are made of it with such a copy in its place. A chart is then read once.
 */

import { membersOf } from '../../src/facts/answers.ts'
import type { OrderUnderReview } from '../../src/facts/case.ts'
import { compileFacts } from '../../src/facts/find-facts.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Facts, Known } from '../../src/pathway/known.ts'
import type { FactDeclaration } from '../../src/pathway/schema.ts'
import type { PatientRecord } from '../../src/record/record.ts'
import type { Mutant } from './mutant.ts'

/** One order of a chart, with what was found for it. */
interface Found {
  record: PatientRecord
  order: OrderUnderReview
  today: string
  facts: Facts
}

/** Of one order: what each mistake changes in its facts; mistakes that change nothing are left out. */
export type ChangedFacts = ReadonlyMap<Mutant, Facts>

export function compileChangedFacts(
  content: Content,
  mutants: readonly Mutant[],
): (cases: readonly Found[]) => ChangedFacts[] {
  const copies = mutants.map((mutant, at) => copyOf(mutant, at, content))
  const finder = compileFacts({
    ...content,
    facts: Object.assign({}, content.facts, ...copies.map(({ facts }) => facts)),
    parameters: Object.assign({}, content.parameters, ...copies.map(({ parameters }) => parameters)),
  })
  const known = new Map<string, readonly string[]>()
  /** Of charts with the same facts the same list: what a list needs is worked out once. */
  function wantedBeside(facts: Facts): readonly string[] {
    const key = [...facts.keys()].join(' ')
    const wanted =
      known.get(key) ??
      copies.flatMap(({ names }) => [...names].flatMap(([name, copy]) => (facts.has(name) ? copy : [])))
    known.set(key, wanted)
    return wanted
  }
  /** The orders of one call. */
  return (cases) => {
    const [first] = cases
    if (!first) return []
    const reader = finder.open(first.record, first.today)
    return cases.map(({ order, facts }) => {
      const found = reader.find(order, wantedBeside(facts))
      const changed = new Map<Mutant, Facts>()
      for (const { mutant, names } of copies) {
        const other = new Map<string, Known>()
        for (const [name, copy] of names) {
          const [before, now] = [facts.get(name), found.get(copy)]
          if (before && now && !isSame(before, now)) other.set(name, named(now))
        }
        if (other.size > 0) changed.set(mutant, other)
      }
      return changed
    })
  }
}

interface Copy {
  mutant: Mutant
  /** Of the facts that it changes, directly or through their members: the name of the copy. */
  names: ReadonlyMap<string, string>
  facts: Readonly<Record<string, FactDeclaration>>
  parameters: Content['parameters']
}

const mark = '§'

function copyOf(mutant: Mutant, at: number, original: Content): Copy {
  const marked = (name: string) => `${name}${mark}${at}`
  const { facts, parameters } = mutant.content
  const numbers = Object.keys(parameters).filter((name) => parameters[name] !== original.parameters[name])
  const asksNumber = (fact: FactDeclaration) => {
    const text = JSON.stringify(fact)
    return numbers.some((name) => text.includes(`"$${name}"`))
  }
  const names = new Map<string, string>()
  const add = (name: string) => names.set(name, marked(name))
  for (const [name, fact] of Object.entries(facts))
    if (fact !== original.facts[name] || asksNumber(fact)) add(name)
  for (let known = -1; known !== names.size; ) {
    known = names.size
    for (const [name, fact] of Object.entries(facts))
      if (membersOf(fact).some((member) => names.has(member))) add(name)
  }
  const renamed = (fact: FactDeclaration): FactDeclaration => {
    const member = (name: string) => names.get(name) ?? name
    if (fact.kind === 'group')
      return {
        ...fact,
        ...(fact['any-of'] ? { 'any-of': fact['any-of'].map(member) } : {}),
        ...(fact['all-of'] ? { 'all-of': fact['all-of'].map(member) } : {}),
      }
    return fact.kind === 'placed' ? { ...fact, fact: member(fact.fact) } : fact
  }
  const renumbered = (fact: FactDeclaration): FactDeclaration =>
    numbers.length === 0
      ? fact
      : JSON.parse(JSON.stringify(fact), (_, value) =>
          typeof value === 'string' && numbers.includes(value.slice(1)) && value.startsWith('$')
            ? marked(value)
            : value,
        )
  return {
    mutant,
    names,
    facts: Object.fromEntries(
      [...names].map(([name, copy]) => [copy, renumbered(renamed(facts[name] as FactDeclaration))]),
    ),
    parameters: Object.fromEntries(
      numbers.map((name) => [marked(name), parameters[name] as Content['parameters'][string]]),
    ),
  }
}

/** Under the name of the fact that it stands for. */
function named(known: Known): Known {
  const { provided } = known
  return provided
    ? {
        ...known,
        provided: { ...provided, that: provided.that.map((one) => ({ ...one, fact: plain(one.fact) })) },
      }
    : known
}
const plain = (name: string) => name.split(mark)[0] ?? name

const isSame = (before: Known, now: Known) =>
  before === now ||
  (before.value === now.value && isEmpty(before) && isEmpty(now)) ||
  told(before) === told(named(now))
const isEmpty = ({ evidence, gaps, provided }: Known) =>
  evidence.length === 0 && gaps.length === 0 && provided === undefined
/** Infinity is no number in JSON. */
const told = (known: Known) =>
  JSON.stringify(known, (_, value) => (value === Number.POSITIVE_INFINITY ? 'endless' : value))
