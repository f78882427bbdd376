/** A patient's chart as the FHIR server has it now: what the mock EHR shows. */
import type {
  AllergyIntolerance,
  Condition,
  Coverage,
  Encounter,
  FhirResource,
  MedicationRequest,
  Observation,
  Patient,
  Procedure,
  ServiceRequest,
} from 'fhir/r4.js'
import type { FhirStore, Of } from './fhir.ts'

export interface Chart {
  patient: Patient
  /** The visit that is going on. */
  encounter: Encounter | undefined
  conditions: readonly Condition[]
  medications: readonly MedicationRequest[]
  observations: readonly Observation[]
  procedures: readonly Procedure[]
  orders: readonly ServiceRequest[]
  encounters: readonly Encounter[]
  allergies: readonly AllergyIntolerance[]
  coverage: readonly Coverage[]
}

/** Undefined when the server does not know the patient. Throws FhirProblem. */
export async function readChart(fhir: FhirStore, id: string): Promise<Chart | undefined> {
  const patient = await fhir.read('Patient', id)
  if (!patient) return undefined
  const all = <T extends FhirResource['resourceType']>(type: T): Promise<Of<T>[]> =>
    fhir.search(type, `patient=${encodeURIComponent(id)}`)
  const [conditions, medications, observations, procedures, orders, encounters, allergies, coverage] =
    await Promise.all([
      all('Condition'),
      all('MedicationRequest'),
      all('Observation'),
      all('Procedure'),
      all('ServiceRequest'),
      all('Encounter'),
      all('AllergyIntolerance'),
      all('Coverage'),
    ])
  return {
    patient,
    encounter: encounters.find(({ status }) => status === 'in-progress'),
    conditions: latestFirst(conditions, ({ onsetDateTime, recordedDate }) => onsetDateTime ?? recordedDate),
    medications: latestFirst(medications, ({ authoredOn }) => authoredOn),
    observations: latestFirst(observations, ({ effectiveDateTime }) => effectiveDateTime),
    procedures: latestFirst(procedures, performed),
    orders: latestFirst(orders, ({ authoredOn }) => authoredOn),
    encounters: latestFirst(encounters, ({ period }) => period?.start),
    allergies,
    coverage,
  }
}

export const performed = ({ performedDateTime, performedPeriod }: Procedure) =>
  performedDateTime ?? performedPeriod?.start

function latestFirst<T>(list: readonly T[], dateOf: (each: T) => string | undefined): T[] {
  return [...list].sort((a, b) => (dateOf(b) ?? '').localeCompare(dateOf(a) ?? ''))
}

export function personName({ name }: Patient): string {
  const [first] = name ?? []
  return (
    first?.text ?? ([...(first?.given ?? []), first?.family].filter(Boolean).join(' ') || 'Without a name')
  )
}

/** Full years at the day `today`; undefined without a whole date of birth. */
export function ageOf({ birthDate }: Patient, today: string): number | undefined {
  if (!birthDate || birthDate.length < 10) return undefined
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5, 10) ? years - 1 : years
}

/** `2026-01-06`, or as much of it as the record has. */
export const dayOf = (date: string | undefined) => date?.slice(0, 10) ?? ''
