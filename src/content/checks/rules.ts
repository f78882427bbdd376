/** Rules are unique, ask what can be answered, and offer what exists. */
import type { Draft } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Place, type Problems, unknownName } from '../problems.ts'
import type { Rule, When } from '../schema.ts'
import { isRetired } from '../status.ts'
import { isNeverSaid, misplaced } from './headlines.ts'
import { checkWhen } from './questions.ts'

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
