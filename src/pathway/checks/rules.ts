/** Rules are unique, ask what can be answered, and offer what exists. */
import { answersOf, questionsIn } from '../answers.ts'
import type { Named } from '../catalog.ts'
import type { Draft } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Place, type Problems, unknownName } from '../problems.ts'
import {
  type FactDeclaration,
  isRetired,
  type Rule,
  type RuleOf,
  type Suggestion,
  type Wanted,
  type When,
} from '../schema.ts'

// Conditions ask facts that exist, for answers that those facts can give.

export function checkWhen(
  { facts }: { facts: Named<FactDeclaration> },
  when: When,
  place: (...path: Path) => Place,
  problems: Problems,
) {
  for (const { fact: name, wanted, path } of questionsIn(when)) {
    if (facts.lacks(name)) problems.add(place(...path), unknownName('fact', name, facts.names))
    const fact = facts.get(name)
    const misfit = fact && misfitOf(name, fact, wanted)
    if (misfit) problems.add(place(...path), misfit)
  }
}

function misfitOf(name: string, fact: FactDeclaration, wanted: Wanted): string | undefined {
  const answers = answersOf(fact)
  const got = typeof wanted === 'object' ? 'a comparison' : `"${wanted}"`
  if (answers === 'yes-or-no') {
    return typeof wanted === 'boolean' ? undefined : `"${name}" answers true or false, not ${got}`
  }
  if (answers === 'number') {
    if (typeof wanted === 'object') return undefined
    return `"${name}" is a number, not ${got}: compare it, as in { at-least: $name } or { below: $name }`
  }
  // A list of words that is missing altogether is told where the fact is declared.
  if (answers.length === 0 || (typeof wanted === 'string' && answers.includes(wanted))) return undefined
  if (typeof wanted === 'string') return unknownName(`word for ${name}`, wanted, answers)
  return `"${name}" answers one of ${answers.join(', ')}, not ${got}`
}

export function checkRules(draft: Draft, problems: Problems) {
  const codes = new Map<string, string>()
  const meanings = new Map<string, string>()
  for (const { name, value: rule, place } of draft.rules.entries) {
    const twin = codes.get(rule.code)
    if (twin !== undefined) {
      problems.add(
        place('code'),
        `code ${rule.code} is already used by rule "${twin}": give this rule its own`,
      )
    }
    codes.set(rule.code, twin ?? name)
    // Two lines or offers may hold together and say different things; two headlines or two gates would not both be heard.
    if (!isRetired(rule) && rule.role !== 'line' && rule.role !== 'offer') {
      const meaning = meaningOf(rule)
      const double = meanings.get(meaning)
      if (double !== undefined) {
        problems.add(
          place('when'),
          `asks the same as rule "${double}" for the same orders: join the two, or retire one`,
        )
      }
      meanings.set(meaning, double ?? name)
    }
    checkWhen(draft, rule.when, (...path) => place('when', ...path), problems)
    checkKinds(draft, rule, place, problems)
    checkOffers(draft, rule, place, problems)
    checkOrder(draft, rule, place, problems)
    checkSayingSo(draft, rule, place, problems)
  }
  checkFront(draft, problems)
}

/** What the front page shows is a card that may be shown. */
function checkFront({ pathway: { file, value }, rules }: Draft, problems: Problems) {
  const cards = rules.entries.flatMap(({ value: rule }) =>
    rule.role === 'headline' && !isRetired(rule) ? [rule.code] : [],
  )
  for (const [at, code] of (value?.['front-page'] ?? []).entries()) {
    if (file && rules.complete && !cards.includes(code))
      problems.add(file.place(['front-page', at]), unknownName('rule with a card', code, cards))
  }
}

/** Order of writing does not make two conditions different. */
function meaningOf({ role, on, when }: Rule): string {
  return JSON.stringify([role, [...on].sort(), normal(when)])
}

function normal(when: When): unknown {
  for (const key of ['all', 'any']) {
    const parts: unknown = Reflect.get(when, key)
    if (Array.isArray(parts)) return { [key]: parts.map((part: When) => JSON.stringify(normal(part))).sort() }
  }
  return when
}

type PlaceOf = (...path: Path) => Place

function checkKinds({ orderKinds }: Draft, rule: Rule, place: PlaceOf, problems: Problems) {
  for (const [at, kind] of rule.on.entries()) {
    if (kind !== 'chart-view' && orderKinds.lacks(kind)) {
      problems.add(
        place('on', at),
        `order kind "${kind}" has no entry in pathway/orders.yaml: write one, or leave it out`,
      )
    }
  }
}

function checkOffers({ offers }: Draft, rule: Rule, place: PlaceOf, problems: Problems) {
  const key = rule.role === 'headline' ? 'suggests' : 'offers'
  const wanted = suggestionsOf(rule)
  for (const [at, suggestion] of wanted.entries()) {
    if (offers.lacks(suggestion))
      problems.add(place(key, at), unknownName('suggestion', suggestion, offers.names))
  }
}

function checkOrder({ suggestions }: Draft, rule: Rule, place: PlaceOf, problems: Problems) {
  if (rule.role !== 'headline' || !suggestions.value) return
  for (const at of misplaced(rule.suggests, suggestions.value.suggestions)) {
    problems.add(
      place('suggests', at),
      `"${rule.suggests[at]}" is recommended wherever it is offered, and so comes first on every card: write it first`,
    )
  }
}

function checkSayingSo({ rules }: Draft, rule: Rule, place: PlaceOf, problems: Problems) {
  if (rule.role !== 'headline' || !rules.complete) return
  const inUse = rules.entries.map(({ value }) => value).filter((other) => !isRetired(other))
  if (isNeverSaid(rule, inUse))
    problems.add(
      place('if-unknown'),
      'no rule that is heard last speaks of these orders: write "silent", or give that rule this order kind',
    )
}

function suggestionsOf(rule: Rule): readonly string[] {
  if (rule.role === 'headline') return rule.suggests
  return rule.role === 'line' || rule.role === 'offer' ? rule.offers : []
}

/**
 * A card offers what is recommended first. What is recommended wherever it is offered therefore comes first whatever
 * the list says, and a list that says otherwise would tell its reader a thing that no card does.
 *
 * @param keys of suggestions, in the order of the list
 * @returns positions of those that stand after one that comes later on every card
 */
export function misplaced(
  keys: readonly string[],
  suggestions: Readonly<Record<string, Suggestion>>,
): number[] {
  const always = keys.map((key) => isAlwaysRecommended(suggestions[key]))
  const firstOther = always.indexOf(false)
  return always.flatMap((isFirst, at) => (isFirst && firstOther >= 0 && firstOther < at ? [at] : []))
}

const isAlwaysRecommended = (suggestion: Suggestion | undefined): boolean => {
  const recommended = suggestion?.['recommended-when']
  return (
    recommended !== undefined && JSON.stringify(recommended) === JSON.stringify(suggestion?.['only-when'])
  )
}

/**
 * What could not be checked is said by another rule about the same orders; where there is none, `say-so` is heard by
 * nobody.
 *
 * @param others rules that are in use
 */
export function isNeverSaid(rule: RuleOf<'headline'>, others: readonly Rule[]): boolean {
  const says = (other: Rule) =>
    other.role === 'headline' &&
    other.heard === 'last' &&
    rule.on.some((subject) => other.on.includes(subject))
  return rule['if-unknown'] === 'say-so' && !others.some(says)
}
