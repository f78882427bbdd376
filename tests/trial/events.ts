/** The stories of the YAML files as whole CDS Hooks requests: each story with each of its orders, places and words. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { parse } from 'yaml'
import { z } from 'zod'
import { answerPrefetch, callBody, type HookBody, type Queries } from '../../fhir-fixtures/load.ts'
import { inDays } from './days.ts'
import { draftImaging, draftOpioid } from './drafts.ts'
import { Record as Chart, houses } from './record.ts'

const truths = [
  'emergency',
  'reasonable',
  'ask',
  'either',
  'notnow',
  'quiet',
  'opioid',
  'excluded',
  'careful',
  'opens',
] as const
type Truth = (typeof truths)[number]

const text = z.string()
const story = z
  .strictObject({
    ...Object.fromEntries(truths.map((truth) => [truth, text.optional()])),
    who: z.string().regex(/^\d+ [FM]$/),
    pain: z.union([z.number(), text]),
    orders: z.array(text).min(1),
    setting: text.optional(),
    class: z.enum(['coded', 'words']).optional(),
    chart: z.array(text).default([]),
    /** Entries as an export has them, in whatever shape; `{T-9}` is a day. */
    raw: z.array(z.record(z.string(), z.unknown())).optional(),
    /** Put over the visit, the order and the patient, in the same way. */
    visit: z.record(z.string(), z.unknown()).optional(),
    order: z.record(z.string(), z.unknown()).optional(),
    patient: z.record(z.string(), z.unknown()).optional(),
    /** Each of these stands in a chart of its own, in each of these places. */
    words: z.array(text).optional(),
    places: z.array(text).optional(),
    /** The same, as problems and as home medicines in words. */
    problems: z.array(text).optional(),
    meds: z.array(text).optional(),
    card: z.union([text.transform((one) => [one]), z.array(text)]).optional(),
    speech: z.array(text).optional(),
    safety: z.array(text).optional(),
    /** Cards that are right, too. */
    also: z.array(text).optional(),
    not: z.array(text).optional(),
    notlines: z.array(text).optional(),
  })
  .transform((each) => {
    const truth = truths.find((name) => typeof (each as { [key: string]: unknown })[name] === 'string')
    if (!truth) throw new Error(`A story without a truth: ${JSON.stringify(each)}`)
    return { ...each, truth, told: String((each as { [key: string]: unknown })[truth]) }
  })
export type Story = z.infer<typeof story>

export interface Event {
  id: string
  truth: Truth
  style: 'coded' | 'words'
  told: string
  story: Story
  order: string
  kind: 'imaging' | 'opioid' | 'opened'
  body: HookBody
}

/** Things that most charts hold and that are no reason for or against anything here. */
const bystanders = {
  coded: [
    'problem icd:I10 "Essential (primary) hypertension" rec=-900',
    'problem icd:E78.5 "Hyperlipidemia, unspecified" rec=-700',
    'problem icd:K21.9 "Gastro-esophageal reflux disease without esophagitis" rec=-500',
    'problem sct:195967001 "Asthma" rec=-1500',
    'problem icd:F41.1 "Generalized anxiety disorder" rec=-400',
    'problem icd:E66.9 "Obesity, unspecified" rec=-800',
    'med rx:314076 "lisinopril 10 MG Oral Tablet" date=-60 days=90',
    'proc cpt:45378 "Colonoscopy" date=-800',
    'obs loinc:8867-4 "Heart rate" q=78|/min date=0',
  ],
  words: [
    'problem "HTN" rec=-900',
    'problem local:8812 "Allergic rhinitis, unspecified" rec=-700',
    'problem "GERD" nodate',
    'problem "Hyperlipidemia LDL goal <100" rec=-500',
    'problem local:5512 "Well adult exam" rec=-300',
    'stmt "lisinopril 10 mg tablet" date=-60',
    'med "Flonase nasal spray" date=-60',
    'problem "Rodilla, dolor" rec=-200',
    'report "No acute cardiopulmonary abnormality." date=-120',
  ],
} as const

export function* events(queries: Queries, files: readonly string[]): Generator<Event> {
  let number = 0
  for (const file of files) {
    const stories = z
      .array(story)
      .parse(parse(readFileSync(join(import.meta.dirname, 'stories', file), 'utf8')))
    for (const each of stories)
      for (const variant of variantsOf(each))
        for (const order of each.orders) {
          number += 1
          yield eventOf(each, variant, order, number, queries)
        }
  }
}

interface Variant {
  lines: readonly string[]
  told: string
}

/** The words of a story, each in each place. Places in turn, so that every line of words is seen, and not every pair. */
function variantsOf({ words, places = ['problem'], problems, meds }: Story): Variant[] {
  const quoted = (line: string) => `"${line}"`
  if (words)
    return words.flatMap((line, index) =>
      [0, 1].flatMap((turn) => {
        const place = places[(index + turn) % places.length] ?? 'problem'
        if (turn === 1 && places.length === 1) return []
        return { lines: [inPlace(place, quoted(line))], told: `${place}: ${line}` }
      }),
    )
  if (problems)
    return problems.map((line) => ({ lines: [inPlace('problem', quoted(line))], told: `problem: ${line}` }))
  if (meds)
    return meds.map((line, i) => ({
      lines: [`${i % 2 ? 'stmt' : 'med'} ${quoted(line)} date=-20`],
      told: `medicine: ${line}`,
    }))
  return [{ lines: [], told: '' }]
}

export function inPlace(place: string, quoted: string): string {
  if (place === 'problem') return `problem ${quoted} rec=-1`
  if (place === 'local') return `problem local:778899 ${quoted} rec=-1`
  if (place === 'visit') return `visitreason ${quoted}`
  if (place === 'proc') return `proc ${quoted} date=-900`
  return `${place} ${quoted}`
}

export function eventOf(
  each: Story,
  { lines, told }: Variant,
  order: string,
  number: number,
  queries: Queries,
): Event {
  const style = each.class ?? (each.words ? 'words' : 'coded')
  const house = houses[style === 'coded' ? number % houses.length : (number % 2) * 3] ?? 'plain'
  const chart = new Chart({ who: each.who, setting: each.setting }, house)
  if (each.pain !== 'none')
    chart.write(
      typeof each.pain === 'number'
        ? `problem icd:M54.50 "Low back pain, unspecified" visit onset=-${each.pain}`
        : each.pain,
    )
  const others = bystanders[style]
  for (const line of [
    others[number % others.length],
    others[(number * 5 + 2) % others.length],
    ...each.chart,
    ...lines,
  ])
    chart.write(line as string)
  for (const entry of each.raw ?? []) chart.bring(entry)
  if (each.visit) Object.assign(chart.visit, inDays(each.visit))
  if (each.patient) Object.assign(chart.patient, inDays(each.patient))
  const { drafts, kind } = draftsOf(order, chart)
  if (each.order && drafts[0]) Object.assign(drafts[0], inDays(each.order))
  const opened = kind === 'opened'
  const chosen = order.startsWith('select-') || (number % 3 === 0 && !opened)
  const body = callBody({
    hook: opened ? 'patient-view' : chosen ? 'order-select' : 'order-sign',
    hookInstance: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    patientId: chart.patient.id ?? '',
    encounter: chart.visit,
    drafts,
    prefetch: answerPrefetch(queries, [chart.patient, ...chart.resources, chart.visit], chart.visit),
  })
  if (opened) delete body.context.draftOrders
  return {
    id: `${number}`,
    truth: each.truth,
    style,
    told: [each.told, told].filter(Boolean).join('; '),
    story: each,
    order,
    kind,
    body,
  }
}

function draftsOf(order: string, chart: Chart): { drafts: FhirResource[]; kind: Event['kind'] } {
  if (order === 'open') return { drafts: [], kind: 'opened' }
  const imaging = draftImaging(order, chart)
  if (imaging) return { drafts: [imaging], kind: 'imaging' }
  return { drafts: order.split('+').map((name, index) => draftOpioid(name, chart, index)), kind: 'opioid' }
}
