/** What a finding means to the pathway beside ten days of back pain: the facts that it changes, and the cards that stand. */
import type { FhirResource } from 'fhir/r4.js'
import { answerPrefetch, callBody } from '../../src/cli/fixtures.ts'
import type { Content } from '../../src/content/content.ts'
import type { Known } from '../../src/content/known.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { addDays } from '../support/when.ts'
import { type Finding, status, subject, today, visitOfToday } from './findings.ts'

const pain: FhirResource = {
  resourceType: 'Condition',
  id: 'pain',
  ...status('active'),
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] },
  subject,
  onsetDateTime: addDays(today, -10),
  encounter: { reference: 'Encounter/visit' },
} as FhirResource
const patient: FhirResource = {
  resourceType: 'Patient',
  id: 'somebody',
  gender: 'female',
  birthDate: '1981-05-02',
}
const drafted = {
  status: 'draft',
  intent: 'order',
  subject,
  encounter: { reference: 'Encounter/visit' },
  authoredOn: today,
}
const image = (cpt: string, priority?: string) =>
  ({
    resourceType: 'ServiceRequest',
    id: 'draft',
    ...drafted,
    ...(priority ? { priority } : {}),
    code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: cpt }] },
  }) as unknown as FhirResource
const calls: Readonly<Record<string, FhirResource | undefined>> = {
  MRI: image('72148'),
  'asap MRI': image('72148', 'asap'),
  'urgent MRI': image('72148', 'urgent'),
  'stat MRI': image('72148', 'stat'),
  'contrast MRI': image('72158'),
  CT: image('72131'),
  'X-ray': image('72100'),
  opioid: {
    resourceType: 'MedicationRequest',
    id: 'draft',
    ...drafted,
    medicationCodeableConcept: {
      coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '1049621' }],
    },
    dosageInstruction: [
      {
        timing: { repeat: { frequency: 4, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
      },
    ],
    dispenseRequest: { quantity: { value: 12 } },
  } as unknown as FhirResource,
  chart: undefined,
}

export interface Meaning {
  /** Facts that it changes, with their answers. */
  facts: string
  /** Cards of each call, in codes. */
  cards: string
}

export interface Meanings {
  plain: Meaning
  factsOf(finding: Finding): Promise<string>
  cardsOf(finding: Finding): Promise<string>
}

export async function meaningsBy(content: Content): Promise<Meanings> {
  const evaluator = createEvaluator(content, { today: () => today, newId: () => 'id' })
  const names = Object.keys(content.facts)
  const plain = await foundBy(evaluator, content, [], names)
  const factsOf = async ({ resources }: Finding) => {
    const found = await foundBy(evaluator, content, resources, names)
    const changed = names.filter((name) => told(found.get(name)) !== told(plain.get(name)))
    return changed.map((name) => `${name}${told(found.get(name))}`).join(' ')
  }
  const cardsOf = async ({ resources }: Finding) => {
    const orders = new Map<string, string[]>()
    for (const [name, draft] of Object.entries(calls)) {
      const codes = await codesOf(evaluator, content, resources, draft)
      orders.set(codes, [...(orders.get(codes) ?? []), name])
    }
    return [...orders].map(([codes, names]) => `${names.join(', ')}: ${codes}`).join('; ')
  }
  const nothing = { key: '', told: '', resources: [] }
  return { plain: { facts: await factsOf(nothing), cards: await cardsOf(nothing) }, factsOf, cardsOf }
}

function told(known: Known | undefined): string {
  const value = known?.value
  if (value === true) return ''
  if (value === undefined) return '?'
  return typeof value === 'object' ? `=${value.low}..${value.high}` : `=${value}`
}

function callOf(content: Content, resources: readonly FhirResource[], draft: FhirResource | undefined) {
  const hook = draft ? 'order-sign' : 'patient-view'
  const service = services.find((each) => each.hook === hook)
  if (!service) throw new Error(`No service for ${hook}`)
  const visit = resources.find(({ id }) => id === 'visit') ?? visitOfToday
  const body = callBody({
    hook,
    hookInstance: '00000000-0000-4000-8000-000000000001',
    patientId: 'somebody',
    encounter: visit as typeof visitOfToday,
    drafts: draft ? [draft] : [],
    prefetch: answerPrefetch(
      content.queries,
      [...resources, patient, pain, visit],
      visit as typeof visitOfToday,
    ),
  })
  return parseCall(body, service)
}

async function foundBy(
  evaluator: Evaluator,
  content: Content,
  resources: readonly FhirResource[],
  names: readonly string[],
) {
  const opened = await evaluator.open(callOf(content, resources, calls.MRI))
  return opened.find(names, undefined)
}

async function codesOf(
  evaluator: Evaluator,
  content: Content,
  resources: readonly FhirResource[],
  draft: FhirResource | undefined,
) {
  const { cards } = await evaluator.evaluate(callOf(content, resources, draft))
  return cards.map(({ extension: { lumbar } }) => lumbar.rule).join('+') || '-'
}
