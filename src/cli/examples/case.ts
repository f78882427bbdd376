/** A vignette in words: who the patient is, what the chart holds, what is drafted, what did not come. */

import { capital, listed, quoted } from '../../docs/markdown.ts'
import type { Content } from '../../pathway/content.ts'
import type { Example } from '../../pathway/examples.ts'
import type { Vignette } from '../vignettes.ts'
import { entryInWords, type NameOf, nameWith, visitClasses } from './entry.ts'

export type CaseInWords = Pick<Example, 'patient' | 'chart' | 'orders' | 'circumstances'>

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
