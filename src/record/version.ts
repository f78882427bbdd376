/** Tells FHIR R4 from its predecessors, which put other meanings under the same names (GEN-8). */
import type { FhirResource } from 'fhir/r4.js'

/** Resource types that DSTU2 or STU3 had and R4 has not. */
const withdrawnTypes = new Set([
  'BodySite',
  'Conformance',
  'DeviceUseRequest',
  'DiagnosticOrder',
  'EligibilityRequest',
  'MedicationOrder',
  'ProcedureRequest',
  'ProcessRequest',
  'ReferralRequest',
])

const typesWithClinicalStatus = new Set(['Condition', 'AllergyIntolerance'])

/** How earlier resources of this type are told apart; undefined where there is nothing to tell. */
export function earlierVersionCheck(type: string): ((resource: FhirResource) => boolean) | undefined {
  if (withdrawnTypes.has(type)) return () => true
  return typesWithClinicalStatus.has(type) ? hasCodeAsStatus : undefined
}

export function isEarlierVersion(resource: FhirResource): boolean {
  return earlierVersionCheck(resource.resourceType)?.(resource) ?? false
}

/** A code in DSTU2 and STU3, a CodeableConcept since. */
function hasCodeAsStatus(resource: FhirResource): boolean {
  return typeof (resource as { clinicalStatus?: unknown }).clinicalStatus === 'string'
}
