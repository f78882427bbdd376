/** Small charts for the tests of facts: a patient with back pain, medicines, and one opioid drafted. */
import type { Dosage, FhirResource, MedicationRequest, Quantity } from 'fhir/r4.js'
import { answerPrefetch, callBody } from '../../fhir-fixtures/load.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Range } from '../../src/pathway/known.ts'
import { concept } from '../language/code.ts'
import { queries } from '../language/vignette.ts'
import { addDays } from '../language/when.ts'
import { realContent } from '../support/evaluator.ts'

export const today = '2026-11-21'
export const content = realContent()
const evaluator = createEvaluator(content, {
  today: () => today,
  newId: () => '00000000-0000-4000-8000-000000000000',
  onFactError: (fact, error) => {
    throw new Error(`${fact} failed`, { cause: error })
  },
})
const subject = { reference: 'Patient/p1' }
const [sign] = services.filter(({ hook }) => hook === 'order-sign')

/** A day so long before today. */
export const ago = (days: number) => addDays(today, -days)

export interface Given {
  drafts?: readonly FhirResource[]
  chart?: readonly FhirResource[]
  missing?: readonly string[]
  /** Sent under a key that nobody asked for. */
  unasked?: readonly FhirResource[]
}

/** What is known of the first draft: an opioid for back pain unless the case says otherwise. */
export async function factsOf({ drafts = [request({})], chart = [], missing = [], unasked = [] }: Given) {
  if (!sign) throw new Error('there is no service for order-sign')
  const patient: FhirResource = { resourceType: 'Patient', id: 'p1', birthDate: '1980-05-05' }
  const more = { resourceType: 'Bundle', type: 'searchset', entry: unasked.map((resource) => ({ resource })) }
  const prefetch = {
    ...answerPrefetch(queries, [patient, ...chart], undefined, { missing }),
    ...(unasked.length > 0 ? { more: more as FhirResource } : {}),
  }
  const body = callBody({ hook: 'order-sign', patientId: 'p1', encounter: undefined, drafts, prefetch })
  const [decision] = (await evaluator.explain(parseCall(body, sign))).decisions
  if (!decision) throw new Error('no order was judged')
  return decision.facts
}

/** The range of a number, or nothing where nobody can tell even its bounds. */
export async function rangeOf(fact: string, given: Given): Promise<Range | undefined> {
  const value = (await factsOf(given)).get(fact)?.value
  return typeof value === 'object' ? value : undefined
}

export interface Medicine {
  id?: string
  /** As vignettes write codes; oxycodone 5 mg tablets. */
  code?: string | undefined
  text?: string | undefined
  /** Days before today. */
  started?: number
  days?: number | undefined
  amount?: Quantity | undefined
  /** Every so many hours. */
  every?: number | undefined
  dosage?: Dosage | undefined
  quantity?: Quantity
  status?: MedicationRequest['status']
}

let made = 0

export function request(medicine: Medicine): MedicationRequest {
  const { code, text, started = 0, days, quantity, status = 'active' } = medicine
  const supply = days === undefined ? {} : { expectedSupplyDuration: { value: days, unit: 'd', code: 'd' } }
  made += 1
  return {
    resourceType: 'MedicationRequest',
    id: medicine.id ?? `medicine-${made}`,
    status,
    intent: 'order',
    subject,
    medicationCodeableConcept: concept(code ?? (text ? undefined : 'rxnorm 1049621'), text),
    authoredOn: ago(started),
    dosageInstruction: [medicine.dosage ?? dosageOf(medicine)],
    dispenseRequest: { ...supply, ...(quantity ? { quantity } : {}) },
    reasonCode: [concept('icd10 M54.50')],
  }
}

function dosageOf({ amount = { value: 1, unit: 'tablet' }, every = 6 }: Medicine): Dosage {
  return {
    timing: { repeat: { frequency: 1, period: every, periodUnit: 'h' } },
    doseAndRate: [{ doseQuantity: amount }],
  }
}
