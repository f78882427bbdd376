/** What a finding means to the pathway beside ten days of back pain: the facts that it changes, and the cards that stand. */
import type { FhirResource } from 'fhir/r4.js'
import { answerPrefetch, callBody } from '../../fhir-fixtures/load.ts'
import { type Compose, compileCompose } from '../../src/decide/compose.ts'
import type { Decision } from '../../src/decide/decide.ts'
import { createEvaluator, type Evaluator, type Explanation } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Facts, Known } from '../../src/pathway/known.ts'
import { addDays } from '../language/when.ts'
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
const image = (id: string, cpt: string, priority?: string) =>
  ({
    resourceType: 'ServiceRequest',
    id,
    ...drafted,
    ...(priority ? { priority } : {}),
    code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: cpt }] },
  }) as unknown as FhirResource

const oxycodone = {
  resourceType: 'MedicationRequest',
  id: 'opioid',
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
} as unknown as FhirResource

/** Orders that are drafted together are judged each for itself; a scan beside the opioid would change what it means. */
const scans = [
  image('MRI', '72148'),
  image('asap MRI', '72148', 'asap'),
  image('urgent MRI', '72148', 'urgent'),
  image('stat MRI', '72148', 'stat'),
  image('contrast MRI', '72158'),
  image('CT', '72131'),
  image('X-ray', '72100'),
]
const calls: readonly (readonly FhirResource[])[] = [scans, [oxycodone], []]
const callNames = calls.flatMap((drafts) =>
  drafts.length > 0 ? drafts.map(({ id }) => id ?? '') : ['chart'],
)

interface Meaning {
  /** Facts that it changes, with their answers. */
  facts: string
  /** Cards of each call, in codes. */
  cards: string
}

export interface Meanings {
  plain: Meaning
  factsOf(finding: Finding): Promise<string>
  cardsOf(finding: Finding): Promise<string>
  /** How each call came to it: the scans, the opioid, the opened chart. */
  explanationsOf(finding: Finding): Promise<readonly Explanation[]>
}

export async function meaningsBy(content: Content): Promise<Meanings> {
  const evaluator = createEvaluator(content, { today: () => today, newId: () => 'id' })
  const compose = compileCompose(content)
  const names = Object.keys(content.facts)
  const plain = await foundBy(evaluator, content, [], names)
  const factsOf = async ({ resources }: Finding) => {
    return factsTold(names, await foundBy(evaluator, content, resources, names), plain)
  }
  const explanationsOf = async ({ resources }: Finding) => {
    const explained: Explanation[] = []
    for (const drafts of calls) explained.push(await evaluator.explain(callOf(content, resources, drafts)))
    return explained
  }
  const cardsOf = async (finding: Finding) =>
    cardsTold(
      (await explanationsOf(finding)).flatMap(({ decisions }) => decisions),
      compose,
    )
  const nothing = { key: '', told: '', resources: [] }
  return {
    plain: { facts: await factsOf(nothing), cards: await cardsOf(nothing) },
    factsOf,
    cardsOf,
    explanationsOf,
  }
}

/** Of each order for itself, in codes. */
export function cardsTold(decisions: readonly Decision[], compose: Compose): string {
  const orders = new Map<string, string[]>()
  decisions.forEach((decision, at) => {
    const codes =
      compose([decision])
        .map(({ headline }) => headline.code)
        .join('+') || '-'
    orders.set(codes, [...(orders.get(codes) ?? []), callNames[at] ?? ''])
  })
  return [...orders].map(([codes, of]) => `${of.join(', ')}: ${codes}`).join('; ')
}

/** Facts that are other than without the finding. */
export const factsTold = (names: readonly string[], found: Facts, plain: Facts): string =>
  names
    .filter((name) => told(found.get(name)) !== told(plain.get(name)))
    .map((name) => `${name}${told(found.get(name))}`)
    .join(' ')

function told(known: Known | undefined): string {
  const value = known?.value
  if (value === true) return ''
  if (value === undefined) return '?'
  return typeof value === 'object' ? `=${value.low}..${value.high}` : `=${value}`
}

function callOf(content: Content, resources: readonly FhirResource[], drafts: readonly FhirResource[]) {
  const hook = drafts.length > 0 ? 'order-sign' : 'patient-view'
  const service = services.find((each) => each.hook === hook)
  if (!service) throw new Error(`No service for ${hook}`)
  const visit = (resources.find(({ id }) => id === 'visit') ?? visitOfToday) as typeof visitOfToday
  const body = callBody({
    hook,
    hookInstance: '00000000-0000-4000-8000-000000000001',
    patientId: 'somebody',
    encounter: visit,
    drafts,
    prefetch: answerPrefetch(content.queries, [...resources, patient, pain, visit], visit),
  })
  return parseCall(body, service)
}

async function foundBy(
  evaluator: Evaluator,
  content: Content,
  resources: readonly FhirResource[],
  names: readonly string[],
) {
  const opened = await evaluator.open(callOf(content, resources, scans.slice(0, 1)))
  return opened.find(names, undefined)
}
