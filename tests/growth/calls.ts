/** A sound call whose parts a case lets grow, and how it is answered. */
import { LumbarError } from '../../src/errors.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { typesRead } from '../../src/record/sorting.ts'
import { evaluatorWith, realContent } from '../support/evaluator.ts'
import { elementsOf } from './fhir-types.ts'
import { phrase } from './grow.ts'

export const content = realContent()
const evaluator = evaluatorWith()
export const us = { reference: 'Patient/p1' }
const whole = Object.fromEntries(Object.values(content.queries).map(({ key }) => [key, null]))
export const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1980-05-05', gender: 'female' }
export const types = [...typesRead(Object.keys(content.queries))].filter((type) => elementsOf(type).size > 0)
export const bodyLimit = content.site.limits['body-bytes']

export const drafts: Readonly<Record<string, object>> = {
  ServiceRequest: {
    resourceType: 'ServiceRequest',
    id: 'mri',
    status: 'draft',
    intent: 'order',
    subject: us,
    code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] },
    reasonCode: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] }],
  },
  MedicationRequest: {
    resourceType: 'MedicationRequest',
    id: 'oxycodone',
    status: 'draft',
    intent: 'order',
    subject: us,
    medicationCodeableConcept: { text: 'oxycodone 5 mg tablet' },
    dosageInstruction: [{ text: 'take 1 tablet every 6 hours' }],
    reasonCode: [{ text: 'back pain' }],
  },
}

export const bundleOf = (resources: readonly unknown[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
})

export function bodyWith(more: { drafts?: unknown; prefetch?: object; hook?: string }): object {
  const { drafts: orders = bundleOf(Object.values(drafts)), prefetch = {}, hook = 'order-sign' } = more
  return {
    hook,
    hookInstance: 'growth',
    context: { patientId: 'p1', userId: 'Practitioner/1', encounterId: 'e1', draftOrders: orders },
    prefetch: { ...whole, patient, ...prefetch },
  }
}

export const keyOf = (type: string) =>
  content.queries[type]?.key ?? (type === 'Encounter' ? 'encounter' : type)

/** The way of a call behind the edge; a refusal is as good as an answer. */
export function answering(body: unknown): () => Promise<unknown> {
  const service = services.find(({ hook }) => hook === (body as { hook?: unknown }).hook) ?? services[0]
  return async () => {
    try {
      const { cards } = await evaluator.evaluate(parseCall(body, service as (typeof services)[number]))
      return JSON.stringify(cards)
    } catch (error) {
      if (error instanceof LumbarError) return undefined
      if (error instanceof RangeError && error.message.includes('call stack')) return undefined
      throw error
    }
  }
}

export const entryOf = (type: string, n: number): object => ({
  resourceType: type,
  id: `${type}-${n}`,
  status: 'active',
  subject: us,
  code: { text: phrase(n) },
})
