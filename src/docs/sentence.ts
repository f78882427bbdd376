/** A condition as an English sentence. Every nested group stands in brackets, so that nothing hangs on precedence. */
import type { Content } from '../pathway/content.ts'
import type { Wanted, When } from '../pathway/schema.ts'
import { capital, listed, quoted, spaced } from './markdown.ts'

type Vocabulary = Pick<Content, 'facts' | 'parameters'>
type Comparison = Exclude<Wanted, string | boolean>

/** What becomes of the name of a fact and of a number: links on a page, plain text elsewhere. */
interface Marks {
  fact(name: string, text: string): string
  number(parameter: string, text: string): string
}
const unmarked: Marks = { fact: (_, text) => text, number: (_, text) => text }

export interface Speech {
  /** "Onset is known to be under 42 days, and with sciatica." */
  sentence(when: When): string
  /** "at least 42 days" */
  comparison(wanted: Comparison): string
  /** "42 days" */
  number(reference: string | number): string
}

export function speech({ facts, parameters }: Vocabulary, marks: Marks = unmarked): Speech {
  /** Nouns that two facts of one condition share, and that would not tell them apart. */
  let shared: ReadonlySet<string> = new Set()
  return { sentence, comparison, number }

  function sentence(when: When): string {
    const nouns = factsIn(when).flatMap((fact) => facts[fact]?.noun ?? [])
    shared = new Set(nouns.filter((noun, at) => nouns.indexOf(noun) < at))
    return `${capital(clause(when, true))}.`
  }

  function clause(when: When, outermost: boolean): string {
    const group = groupOf(when)
    if (!group) return leaf(when)
    const [only] = group.parts
    if (only && group.parts.length === 1) return clause(only, outermost)
    const said =
      group.joint === 'or' ? alternatives(group.parts) : group.parts.map((part) => clause(part, false))
    const joined = said.join(`, ${group.joint} `)
    return outermost || said.length === 1 ? joined : `(${joined})`
  }

  /** Several words of one fact are one answer: "is answered xray or ct". */
  function alternatives(parts: readonly When[]): string[] {
    const answers = new Map<string, string[]>()
    const said: (string | { fact: string; words: readonly string[] })[] = []
    for (const part of parts) {
      const [fact, wanted] = entryOf(part)
      const known = answers.get(fact)
      if (groupOf(part) || typeof wanted !== 'string') said.push(clause(part, false))
      else if (known) known.push(wanted)
      else {
        const words = [wanted]
        answers.set(fact, words)
        said.push({ fact, words })
      }
    }
    return said.map((each) =>
      typeof each === 'string' ? each : answered(each.fact, listed(each.words.map(spaced), 'or')),
    )
  }

  function leaf(when: When): string {
    const [fact, wanted] = entryOf(when)
    if (typeof wanted === 'string') return answered(fact, spaced(wanted))
    if (typeof wanted === 'object') {
      return `${marks.fact(fact, measureOf(fact, wanted))} is known to be ${comparison(wanted)}`
    }
    const noun = facts[fact]?.noun
    if (noun && !shared.has(noun)) return `${wanted ? 'with' : 'without'} ${marks.fact(fact, noun)}`
    return answered(fact, wanted ? 'yes' : 'no')
  }

  function answered(fact: string, answer: string): string {
    return `${marks.fact(fact, quoted(facts[fact]?.asks ?? fact))} is answered ${answer}`
  }

  /** A number's name without the unit that its limit brings: `onset-days` under 42 days is "onset under 42 days". */
  function measureOf(fact: string, wanted: Comparison): string {
    const [limit] = Object.values(wanted)
    const unit = typeof limit === 'string' ? parameters[limit.slice(1)]?.unit : undefined
    const name = spaced(fact)
    return unit && name.endsWith(` ${unit}`) ? name.slice(0, -unit.length - 1) : name
  }

  function comparison(wanted: Comparison): string {
    const said = Object.entries(wanted).map(
      ([name, limit]) => `${comparators[name] ?? name} ${number(limit)}`,
    )
    return listed(said, 'and')
  }

  function number(reference: string | number): string {
    const name = String(reference).slice(1)
    const parameter = typeof reference === 'string' ? parameters[name] : undefined
    return parameter ? marks.number(name, withUnit(parameter)) : String(reference)
  }
}

const comparators: Readonly<Record<string, string>> = {
  'at-least': 'at least',
  'at-most': 'at most',
  above: 'over',
  below: 'under',
}

export const withUnit = ({ value, unit }: { value: number; unit: string }) =>
  `${value} ${value === 1 ? unit.replace(/s$/, '') : unit}`.trim()

function groupOf(when: When): { joint: 'and' | 'or'; parts: readonly When[] } | undefined {
  const { all, any } = when as { all?: unknown; any?: unknown }
  if (Array.isArray(all)) return { joint: 'and', parts: all }
  return Array.isArray(any) ? { joint: 'or', parts: any } : undefined
}

const factsIn = (when: When): string[] => [
  ...new Set(groupOf(when)?.parts.flatMap(factsIn) ?? [entryOf(when)[0]]),
]

function entryOf(when: When): [string, Wanted] {
  const [entry] = Object.entries(when)
  if (!entry) throw new Error('a condition names no fact')
  return entry as [string, Wanted]
}
