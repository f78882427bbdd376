/** What a card says was found in this patient: each finding by its own words, with its date and how it was read. */

import { factsIn } from '../decide/conditions.ts'
import type { Content } from '../pathway/content.ts'
import type { Evidence, Facts, Range } from '../pathway/known.ts'
import type { Rule } from '../pathway/schema.ts'
import { compileLookedFor } from './checked.ts'
import { markdownText } from './escape.ts'
import { compileDurations, compileTemplates } from './sentences.ts'
import { countWords, firstWords, listWithin } from './words.ts'

/** Words of one finding: more is read in the chart. */
const mostWordsEach = 7

type Tell = (each: Evidence, noun: string) => string

const fitsIn = (items: readonly string[], most: number) =>
  items.reduce((sum, item) => sum + countWords(item), 0) <= most

/** What `{{placeholders}}` of a card become. Each takes the words that it may have, at most. */
export interface Findings {
  found(most: number): string | undefined
  pain(most: number): string | undefined
  mme(most: number): string | undefined
  supply(most: number): string | undefined
  age(most: number): string | undefined
  /** Names of what could not be checked. */
  unchecked(most: number): string | undefined
  /** Kinds of data that did not come. */
  missing(most: number): string | undefined
}

const findingNames = ['found', 'pain', 'mme', 'supply', 'age', 'unchecked', 'missing'] as const
export const isFinding = (name: string): name is (typeof findingNames)[number] =>
  findingNames.some((known) => known === name)

/** Of a rule: all that its card may name. `within`: what was found of the facts that a condition asks for. */
interface FindingsOf {
  (rule: Rule): (facts: Facts) => Findings
  within(when: Rule['when'], facts: Facts, most: number): string | undefined
}

export function compileFindings(content: Content): FindingsOf {
  const say = compileTemplates(content.phrases.phrases)
  const sayDuration = compileDurations(content)
  const onset = factReading(content, 'onset-days')
  const basis = factReading(content, 'onset-basis')
  const factsByDose = (read: string) =>
    Object.entries(content.facts).flatMap(([name, fact]) =>
      fact.kind === 'dose' && fact.read === read ? [name] : [],
    )
  const lookedFor = compileLookedFor(content)
  const { records, 'semantic-tags': tags } = content.phrases
  const [mme = ''] = factsByDose('mme-per-day')
  const [supply = ''] = factsByDose('supply-days')
  const age = Object.keys(content.facts).find((name) => {
    const fact = content.facts[name]
    return fact?.kind === 'person' && fact.read === 'age' && fact.value === undefined
  })

  const namedFacts = (when: Rule['when']) =>
    factsIn(when).flatMap((fact) => {
      const noun = content.facts[fact]?.noun
      return noun ? [{ fact, noun }] : []
    })
  const listed = (items: readonly string[] = [], most: number) =>
    items.length > 0 ? listWithin([...new Set(items)], most, more) : undefined
  /** Where dates and ways of reading leave no room for all of them, the names alone tell more. */
  const within: FindingsOf['within'] = (when, facts, most) => {
    const told = (tell: Tell) => [
      ...new Set(namedFacts(when).flatMap(({ fact, noun }) => itemsOf(facts, fact, noun, tell))),
    ]
    const whole = told(describe)
    if (whole.length < 2 || fitsIn(whole, most)) return listed(whole, most)
    const names = told(nameOf)
    return fitsIn(names, most) ? names.join(', ') : listed(whole, most)
  }

  const findingsOf = (rule: Rule) => {
    const look = rule.role === 'headline' ? lookedFor(rule) : undefined
    return (facts: Facts): Findings => ({
      ...doseIn(facts),
      unchecked: (most) => listed(look?.(facts).unchecked, most),
      missing: (most) =>
        listed(
          look?.(facts).missing.map((type) => records[type] ?? type),
          most,
        ),
      found: (most) => within(rule.when, facts, most),
      pain: (most) => cut(painOf(facts), most),
      supply: () => {
        const days = rangeIn(facts.get(supply)?.value)
        return days && say['supply-of']({ for: say.days({ count: rounded(days.low) }) })
      },
      age: () => {
        const years = rangeIn(facts.get(age ?? '')?.value)
        return years && say.age({ years: years.low })
      },
    })
  }
  return Object.assign(findingsOf, { within })

  /** A lead is told again and again until it fits: the parts are put into words once, and each of them once. */
  function doseIn(facts: Facts): Pick<Findings, 'mme'> {
    let parts: readonly string[] | undefined
    return {
      mme: (most) => {
        const known = facts.get(mme)
        const total = rangeIn(known?.value)
        if (!total || total.low === 0) return undefined
        parts ??= partsOf(known?.evidence ?? [])
        const sum = { total: rounded(total.low) }
        if (parts.length === 0) return say['dose-sum'](sum)
        if (isDraftAlone(known?.evidence)) return say['dose-of-draft'](sum)
        const room = most - countWords(say['dose-made-of']({ ...sum, list: '' }))
        return say['dose-made-of']({ ...sum, list: listWithin(parts, room, more) })
      },
    }
  }

  function itemsOf(facts: Facts, fact: string, noun: string, tell: Tell): string[] {
    const known = facts.get(fact)
    if (known?.value !== true) return []
    const declared = content.facts[fact]
    // What a group is made of says more than the group, unless somebody answered the whole.
    if (declared?.kind === 'group' && known.evidence[0]?.how !== 'answer') {
      const parts = declared['any-of'] ?? declared['all-of'] ?? []
      const items = parts.flatMap((part) => itemsOf(facts, part, noun, tell))
      if (items.length > 0) return items
    }
    if (known.evidence.length === 0) return [noun]
    // The name of a refusal seldom says what was refused: "Procedure refused".
    if (declared?.kind === 'service' && declared.progress === 'refused')
      return newestOfEach(known.evidence.map((each) => ({ ...each, what: noun }))).map((each) =>
        tell(each, noun),
      )
    // A measurement is named by what it is for us: its own name may take a line, and its number gets lost.
    if (declared?.kind === 'observation' && known.evidence[0]?.how !== 'answer') {
      const named = ({ amount, unit }: Evidence) =>
        amount === undefined
          ? noun
          : say.measured({ what: declared.noun ?? noun, amount: inUnit(amount, unit) })
      return known.evidence.slice(0, 1).map((each) => tell({ ...each, what: named(each) }, noun))
    }
    // What is on record comes before an answer that denies it.
    const order = [...newestOfEach(known.evidence)].sort((a, b) => Number(isDenial(a)) - Number(isDenial(b)))
    return order.map((each) => tell(each, noun))
  }

  function describe({ what, how, date, reference }: Evidence, noun: string): string {
    const at = markdownText(date ?? '')
    if (how === 'answer') return say[what === 'yes' ? 'answered-yes' : 'answered-no']({ noun, at })
    const words = firstWords(markdownText(withoutTag(what)), mostWordsEach)
    const read = say[`read-by-${how}`]({ what: words, noun })
    if (date) return say.dated({ what: read, date: dayOf(date) })
    return say[reference === 'order' ? 'on-order' : 'undated']({ what: read })
  }

  /** An answer, what was not read, and what only words say, are told as such. */
  function nameOf(each: Evidence, noun: string): string {
    if (['answer', 'not-read', 'words'].includes(each.how)) return describe(each, noun)
    return firstWords(markdownText(withoutTag(each.what)), mostWordsEach)
  }

  /** "Foot drop (finding)" is a foot drop. */
  function withoutTag(what: string): string {
    const tag = tags.find((each) => what.endsWith(` (${each})`))
    return tag === undefined ? what : what.slice(0, -tag.length - 3)
  }

  function painOf(facts: Facts): string | undefined {
    const based = facts.get(basis)
    const known = facts.get(onset)
    const range = rangeIn(known?.value)
    if (based?.value === 'none') return say['pain-unknown']({})
    if (!range || typeof based?.value !== 'string') return undefined
    const [source] = known?.evidence ?? []
    if (source?.how === 'answer')
      return say['pain-answered']({ for: sayDuration(range), at: markdownText(source.date ?? '') })
    if (based.value === 'term') return say['pain-chronic']({})
    const told = { for: sayDuration(range), date: dayOf(source?.date ?? '') }
    if (range.high < 1) return say[based.value === 'onset' ? 'pain-today' : 'pain-recorded-today'](told)
    if (range.high - range.low > 1 && Number.isFinite(range.high))
      return say[isWholeDay(source?.date ?? '') ? 'pain-by-age' : 'pain-vague'](told)
    return say[based.value === 'onset' ? 'pain-for' : 'pain-recorded'](told)
  }

  /** The medicines of a sum, the largest first: the draft as such where it is the only one, others by their shortest name. */
  function partsOf(evidence: readonly Evidence[]): string[] {
    const isOneDraft = evidence.filter(({ reference }) => reference === 'draft').length === 1
    const told = new Map<string, string>()
    for (const { what, short, amount, reference } of [...evidence].sort(byAmount)) {
      const isDraft = isOneDraft && reference === 'draft'
      const key = JSON.stringify([isDraft || (short ?? what), amount])
      if (told.has(key)) continue
      const name = isDraft ? say.draft({}) : firstWords(markdownText(short ?? what), 2)
      told.set(
        key,
        amount === undefined
          ? say['part-unknown']({ what: name })
          : say['part-of-dose']({ what: name, amount: rounded(amount) }),
      )
    }
    return [...new Set(told.values())]
  }

  function more(list: string, left: number): string {
    return say['and-more']({ list, left })
  }
}

/** The same thing written down each month is told once, by its last date. */
function newestOfEach(evidence: readonly Evidence[]): Evidence[] {
  const newest = new Map<string, Evidence>()
  for (const each of evidence) {
    const before = newest.get(each.what)
    if (!before || (each.date ?? '') > (before.date ?? '')) newest.set(each.what, each)
  }
  return [...newest.values()]
}

const byAmount = (a: Evidence, b: Evidence) => (b.amount ?? 0) - (a.amount ?? 0)

const isDraftAlone = (evidence: readonly Evidence[] = []) =>
  evidence.length === 1 && evidence[0]?.reference === 'draft' && evidence[0].amount !== undefined

const isDenial = ({ how, what }: Evidence) => how === 'answer' && what === 'no'

const cut = (text: string | undefined, most: number) =>
  text === undefined ? undefined : firstWords(text, most)

/** "102.2 °F"; a unit of which a sender made a sentence is left out. */
const inUnit = (amount: number, unit = '') =>
  unit === '' || unit.length > longestUnit ? `${amount}` : `${amount} ${markdownText(unit)}`
const longestUnit = 10

const rounded = (value: number) => Math.round(value * 10) / 10

/** Then it is not the date that makes a beginning vague. */
const isWholeDay = (date: string) => date.length >= '2026-11-21'.length

/** The date part as written; anything else that came in its place is escaped like all text. */
const dayOf = (date: string) => markdownText(date.slice(0, 10))

function factReading(content: Content, read: string): string {
  const found = Object.entries(content.facts).find(
    ([, fact]) => fact.kind === 'episode' && fact.read === read,
  )
  return found?.[0] ?? ''
}

const rangeIn = (value: unknown): Range | undefined =>
  typeof value === 'object' && value !== null ? (value as Range) : undefined
