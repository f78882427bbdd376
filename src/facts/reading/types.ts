/** FHIR types that facts read, and the elements by which their entries are read. What stands nowhere here is read by nobody. */

interface Shape {
  /** Elements that say what an entry is about. */
  about: readonly string[]
  /** Elements that say when it began or was done, in the spellings of STU3, R4 and R5. */
  began: readonly string[]
}

/** Types whose entries become statements of the patient. */
const ofStatements = {
  Condition: { about: ['code'], began: ['onsetDateTime', 'onsetPeriod'] },
  Procedure: {
    about: ['code'],
    began: ['performedDateTime', 'performedPeriod', 'occurrenceDateTime', 'occurrencePeriod'],
  },
  ServiceRequest: { about: ['code'], began: ['authoredOn', 'occurrenceDateTime', 'occurrencePeriod'] },
  Encounter: {
    about: ['reasonCode', 'type', 'serviceType'],
    began: ['period', 'actualPeriod', 'plannedStartDate'],
  },
  Observation: {
    about: ['code', 'valueCodeableConcept'],
    began: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
  },
  DiagnosticReport: { about: ['code'], began: ['effectiveDateTime', 'effectivePeriod', 'issued'] },
  ImagingStudy: { about: ['procedureCode', 'description'], began: ['started'] },
  AllergyIntolerance: {
    about: ['code'],
    began: ['onsetDateTime', 'onsetPeriod', 'recordedDate', 'assertedDate'],
  },
} as const satisfies Readonly<Record<string, Shape>>

export const statementShapes: ReadonlyMap<string, Shape> = new Map(Object.entries(ofStatements))

/** Types whose entries become exposures to a medicine. */
const ofMedicines = [
  'MedicationRequest',
  'MedicationOrder',
  'MedicationDispense',
  'MedicationStatement',
  'MedicationAdministration',
] as const

export const medicationTypes: ReadonlySet<string> = new Set(ofMedicines)

/** What a fact may read: a type of which nobody makes anything would always answer no. */
export type ReadType = keyof typeof ofStatements | (typeof ofMedicines)[number] | 'Patient' | 'Coverage'
