/** Medicines to which orders only refer and that did not come: which of them to read from the FHIR server. */
import type { FhirResource } from 'fhir/r4.js'
import type { Missing } from './reading.ts'
import type { PatientRecord } from './record.ts'
import { targetOf } from './reference.ts'
import { isObject } from './wire.ts'

/** Each is a request of its own, within the one deadline of the call. */
const mostRead = 20

export const medicineTypes: readonly string[] = [
  'MedicationRequest',
  'MedicationDispense',
  'MedicationStatement',
]

/** Those without a name first: of the others the name can be read. Only of the server that the call names. */
export function medicinesReferredTo(
  resources: readonly FhirResource[],
  { resolve }: Pick<PatientRecord, 'resolve'>,
  fhirServer: string | undefined,
): Missing[] {
  const named = new Map<string, boolean>()
  for (const resource of resources) {
    const reference = referenceIn(resource)
    const literal = reference?.reference
    if (typeof literal !== 'string' || literal.startsWith('#') || resolve(literal, resource)) continue
    const target = targetOf(literal)
    if (target?.type !== 'Medication' || (target.base ?? fhirServer) !== fhirServer) continue
    const hasName = typeof reference?.display === 'string' && reference.display !== ''
    named.set(target.id, hasName && (named.get(target.id) ?? true))
  }
  return [...named]
    .sort(([, one], [, other]) => Number(one) - Number(other))
    .slice(0, mostRead)
    .map(([id]) => ({ key: `Medication/${id}`, type: 'Medication', id }))
}

/** Under its name in R4, or in R5. */
function referenceIn(resource: FhirResource): Readonly<Record<string, unknown>> | undefined {
  const { medicationReference, medication } = resource as {
    medicationReference?: unknown
    medication?: unknown
  }
  if (isObject(medicationReference)) return medicationReference
  return isObject(medication) && isObject(medication.reference) ? medication.reference : undefined
}
