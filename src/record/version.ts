/**
 * Orders of earlier FHIR versions under the names that they have since R4, so that no list is lost for an entry of
 * another version (GEN-8). Elements that only changed their spelling are left to those who read them.
 */
import type { FhirResource } from 'fhir/r4.js'
import { isObject } from './wire.ts'

type Old = Readonly<Record<string, unknown>>

/** Elements that were called otherwise. */
const renewed: Readonly<Record<string, (old: Old) => Record<string, unknown>>> = {
  MedicationOrder: (old) => ({ authoredOn: old.dateWritten }),
  ProcedureRequest: (old) => ({
    authoredOn: old.authoredOn ?? old.orderedOn,
    occurrenceDateTime: old.occurrenceDateTime ?? old.scheduledDateTime,
  }),
  ReferralRequest: (old) => ({
    code: together(old.serviceRequested, old.type),
    authoredOn: old.authoredOn ?? old.date,
  }),
  DiagnosticOrder: (old) => ({
    code: together(...listed(old.item).map((item) => item.code)),
    authoredOn: listed(old.event).find(({ dateTime }) => dateTime)?.dateTime,
  }),
}

const names: Readonly<Record<string, string>> = {
  MedicationOrder: 'MedicationRequest',
  ProcedureRequest: 'ServiceRequest',
  ReferralRequest: 'ServiceRequest',
  DiagnosticOrder: 'ServiceRequest',
}

/** Words of earlier versions for how far an order got. */
const statuses: Readonly<Record<string, string>> = {
  proposed: 'draft',
  planned: 'active',
  requested: 'active',
  received: 'active',
  accepted: 'active',
  'in-progress': 'active',
  review: 'active',
  suspended: 'on-hold',
  aborted: 'revoked',
  cancelled: 'revoked',
  rejected: 'revoked',
  failed: 'revoked',
}

/** The name since R4 of a type of an earlier version; any other as it is. */
export function typeSinceR4({ resourceType }: FhirResource): string {
  return Object.hasOwn(names, resourceType) ? (names[resourceType] ?? resourceType) : resourceType
}

/** The resource itself where its type has not changed its name. */
export function modernized(resource: FhirResource): FhirResource {
  const renew = Object.hasOwn(renewed, resource.resourceType) && renewed[resource.resourceType]
  if (!renew) return resource
  const old = resource as unknown as Old
  const status = typeof old.status === 'string' ? (statuses[old.status] ?? old.status) : undefined
  return {
    ...old,
    resourceType: typeSinceR4(resource),
    intent: old.intent ?? 'order',
    subject: old.subject ?? old.patient,
    reasonCode: old.reasonCode ?? old.reasonCodeableConcept,
    ...(status === undefined ? {} : { status }),
    ...renew(old),
  } as unknown as FhirResource
}

const listed = (value: unknown): readonly Old[] => (Array.isArray(value) ? value : [value]).filter(isObject)

/** One concept of several, because an order has one code since R4. */
function together(...concepts: readonly unknown[]) {
  const all = concepts.flatMap(listed)
  const said = all.flatMap(({ text }) => (typeof text === 'string' ? text : []))
  return {
    coding: all.flatMap(({ coding }) => listed(coding)),
    ...(said.length > 0 ? { text: said.join(', ') } : {}),
  }
}
