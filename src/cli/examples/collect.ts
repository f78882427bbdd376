/** Every vignette as an example that can be read without a computer: the case in words, and the cards made for it. */

import type { Card } from '../../cards/render.ts'
import { capital, listed, quoted } from '../../docs/markdown.ts'
import type { Content } from '../../pathway/content.ts'
import type { CardFace, Example, ExampleCard, Examples } from '../../pathway/examples.ts'
import { whyNothing } from '../print/rules.ts'
import { judgeOf, type Vignette } from '../vignettes.ts'
import { entryInWords, type NameOf, nameWith, visitClasses } from './entry.ts'

// A vignette in words: who the patient is, what the chart holds, what is drafted, what did not come.

type CaseInWords = Pick<Example, 'patient' | 'chart' | 'orders' | 'circumstances'>

export function tellCase(content: Pick<Content, 'codes' | 'queries' | 'phrases'>) {
  const name = nameWith(content.codes)
  return (vignette: Vignette): CaseInWords => ({
    patient: patientOf(vignette.patient),
    chart: [
      ...visitOf(vignette.encounter, name),
      ...vignette.chart.flatMap((item) =>
        Object.entries(item).map(([kind, entry]) => entryInWords(kind, entry, name)),
      ),
    ],
    orders: vignette.orders.flatMap((order) =>
      Object.values(order).map((entry) => entryInWords('draft', entry, name)),
    ),
    circumstances: [
      ...(vignette.hook === 'order-select'
        ? ['Asked while the orders are chosen, before they are signed.']
        : []),
      ...withheld(vignette, content),
      ...siteOf(vignette.site),
    ],
  })
}

const sexes = { female: 'woman', male: 'man', other: 'person', unknown: 'person' }
const child = { female: 'girl', male: 'boy', other: 'child', unknown: 'child' }
const birthdays = {
  today: ', whose birthday is today',
  tomorrow: ', whose birthday is tomorrow',
  'half a year ago': '',
  'only the year is known': ', of whom only the year of birth is known',
}

function patientOf({ age, sex, birthday }: Vignette['patient']): string {
  if (age === 'unknown') return `A ${sexes[sex]} without a birth date.`
  const article = age === 8 || age === 11 || age === 18 || (age >= 80 && age < 90) ? 'An' : 'A'
  return `${article} ${age}-year-old ${(age < 18 ? child : sexes)[sex]}${birthdays[birthday]}.`
}

function visitOf(encounter: Vignette['encounter'], name: NameOf): string[] {
  if (encounter === 'none') return ['No visit goes with the orders.']
  const { class: visit, reason, text, type } = encounter
  const said = [
    visit === 'AMB' ? '' : (visitClasses[visit] ?? visit),
    type ? name(type) : '',
    reason || text ? `for ${name(reason, text)}` : '',
  ].filter((part) => part !== '')
  return said.length > 0 ? [`This visit: ${said.join(', ')}.`] : []
}

type Withheld = Pick<Vignette, 'missing' | 'failed' | 'empty' | 'truncated'>

function withheld(vignette: Withheld, { queries, phrases }: Pick<Content, 'queries' | 'phrases'>): string[] {
  const said = {
    missing: 'did not come',
    failed: 'came as an error',
    empty: 'came as nothing at all',
    truncated: 'came in part only',
  }
  const typeOf = new Map(Object.entries(queries).map(([type, { key }]) => [key, type]))
  const called = (key: string) => phrases.records[typeOf.get(key) ?? ''] ?? key
  return (Object.keys(said) as (keyof typeof said)[]).flatMap((how) =>
    vignette[how].length > 0 ? [`${capital(listed(vignette[how].map(called), 'and'))} ${said[how]}.`] : [],
  )
}

function siteOf(site: Vignette['site']): string[] {
  const asks = {
    'prior-authorization': 'ask for prior authorization',
    'washington-medicaid': 'limit the first fill',
  }
  const { state, ...payers } = site ?? {}
  return [
    ...(state === 'none' ? ['Set by the site: it names no state.'] : []),
    ...Object.entries(payers).map(
      ([key, names]) =>
        `Set by the site: payers that ${asks[key as keyof typeof asks] ?? key} are ${listed(names.map(quoted), 'and')}.`,
    ),
  ]
}

const about =
  'Made by `npm run docs` from tests/vignettes, judged by the pathway as it is written. Change those, not this file.'

export async function collectExamples(content: Content, vignettes: readonly Vignette[]): Promise<Examples> {
  const judge = judgeOf(content)
  const tell = tellCase(content)
  const shown = new Set<string>()
  const examples: Example[] = []
  for (const vignette of vignettes) {
    const explanation = await judge(vignette)
    examples.push({
      name: vignette.vignette,
      title: vignette.title,
      rule: vignette.rule,
      side: vignette.side,
      ...(vignette.note ? { note: vignette.note.trim() } : {}),
      ...tell(vignette),
      cards: explanation.cards.map((card) => cardOf(card, vignette, shown)),
      silence: explanation.cards.length > 0 ? [] : whyNothing(explanation),
    })
  }
  return { about, version: content.pathway.version, examples }
}

/** Lists of codes stand on one line, and empty lists not at all: the file is read as a diff. */
export function examplesText(examples: Examples): string {
  const filled = (_: string, value: unknown) =>
    Array.isArray(value) && value.length === 0 ? undefined : value
  const written = JSON.stringify(examples, filled, 2)
  return `${written.replace(/\[\n +"[A-Z]{1,3}\d{2}[^[\]]*\]/g, (codes) => codes.replace(/\s+/g, ' '))}\n`
}

/** The whole face of a card is kept once, in the first example that is about its rule. */
function cardOf(card: Card, { rule, side }: Vignette, shown: Set<string>): ExampleCard {
  const { code } = card.source.topic
  const isShown = side === 'fires' && rule === code && !shown.has(code)
  if (isShown) shown.add(code)
  return {
    rule: code,
    indicator: card.indicator,
    summary: card.summary,
    lines: card.extension.lumbar.lines ?? [],
    ...(isShown ? { face: faceOf(card) } : {}),
  }
}

function faceOf({ detail, suggestions = [], overrideReasons = [], source, links = [] }: Card): CardFace {
  return {
    detail: detail.split('\n'),
    suggestions: suggestions.map(({ label, isRecommended, actions }) => ({
      label,
      recommended: isRecommended ?? false,
      actions: actions.map(({ description }) => description),
    })),
    'override-reasons': overrideReasons.map(({ display }) => display),
    source: { label: source.label, ...(source.url ? { url: source.url } : {}) },
    links: links.map(({ label, url }) => ({ label, url })),
  }
}
