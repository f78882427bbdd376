/** Which resource types the FHIR server keeps, and by what each can be searched. Everything else is refused by name. */
import type { FhirResource } from 'fhir/r4.js'

export interface Parameter {
  kind: 'token' | 'reference' | 'date' | 'string' | 'uri'
  /** Elements that it looks at, with dots between the levels. */
  paths: readonly string[]
  /** Resource types that a reference may lead to; any when undefined. */
  target?: string
}

export type Parameters = Readonly<Record<string, Parameter>>

const token = (...paths: string[]): Parameter => ({ kind: 'token', paths })
const date = (...paths: string[]): Parameter => ({ kind: 'date', paths })
const string = (...paths: string[]): Parameter => ({ kind: 'string', paths })
const uri = (...paths: string[]): Parameter => ({ kind: 'uri', paths })
const reference = (path: string, target?: string): Parameter => ({
  kind: 'reference',
  paths: [path],
  ...(target ? { target } : {}),
})

const every = { _id: token('id'), _lastUpdated: date('meta.lastUpdated') }
const identified = { ...every, identifier: token('identifier') }
const withSubject = {
  ...identified,
  patient: reference('subject', 'Patient'),
  subject: reference('subject'),
}
const ofPatient = {
  ...withSubject,
  encounter: reference('encounter', 'Encounter'),
  status: token('status'),
}
const ofMedication = {
  code: token('medicationCodeableConcept'),
  medication: reference('medicationReference', 'Medication'),
}
const named = { name: string('name'), family: string('name.family'), given: string('name.given') }

/** R4's own parameters, with its names. */
const byType: Readonly<Record<string, Parameters>> = {
  AllergyIntolerance: {
    ...identified,
    patient: reference('patient', 'Patient'),
    code: token('code'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
  },
  Communication: { ...ofPatient, category: token('category'), sent: date('sent') },
  Condition: {
    ...withSubject,
    encounter: ofPatient.encounter,
    code: token('code'),
    category: token('category'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'recorded-date': date('recordedDate'),
  },
  Coverage: {
    ...identified,
    patient: reference('beneficiary', 'Patient'),
    beneficiary: reference('beneficiary', 'Patient'),
    payor: reference('payor'),
    status: token('status'),
  },
  DiagnosticReport: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    date: date('effectiveDateTime', 'effectivePeriod'),
  },
  DocumentReference: {
    ...ofPatient,
    encounter: reference('context.encounter'),
    type: token('type'),
    category: token('category'),
    date: date('date'),
  },
  Encounter: {
    ...withSubject,
    status: token('status'),
    class: token('class'),
    type: token('type'),
    date: date('period'),
  },
  ImagingStudy: { ...ofPatient, modality: token('modality'), started: date('started') },
  Medication: { ...identified, code: token('code'), status: token('status') },
  MedicationDispense: {
    ...withSubject,
    ...ofMedication,
    status: token('status'),
    prescription: reference('authorizingPrescription', 'MedicationRequest'),
    whenhandedover: date('whenHandedOver'),
  },
  MedicationRequest: {
    ...ofPatient,
    ...ofMedication,
    intent: token('intent'),
    authoredon: date('authoredOn'),
  },
  MedicationStatement: {
    ...withSubject,
    ...ofMedication,
    status: token('status'),
    effective: date('effectiveDateTime', 'effectivePeriod'),
  },
  Observation: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
  },
  Organization: { ...identified, name: string('name') },
  Patient: { ...identified, ...named, birthdate: date('birthDate'), gender: token('gender') },
  Practitioner: { ...identified, ...named },
  PractitionerRole: { ...identified, practitioner: reference('practitioner', 'Practitioner') },
  Procedure: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    date: date('performedDateTime', 'performedPeriod'),
  },
  Questionnaire: { ...identified, url: uri('url'), status: token('status'), title: string('title') },
  QuestionnaireResponse: { ...ofPatient, questionnaire: uri('questionnaire'), authored: date('authored') },
  ServiceRequest: {
    ...ofPatient,
    intent: token('intent'),
    code: token('code'),
    category: token('category'),
    authored: date('authoredOn'),
  },
}

export type KeptType = FhirResource['resourceType']

export const keptTypes = Object.keys(byType) as readonly KeptType[]

export const isKept = (type: string): type is KeptType => Object.hasOwn(byType, type)

/** Undefined for a type that the server does not keep. */
export const parametersOf = (type: string): Parameters | undefined =>
  isKept(type) ? byType[type] : undefined

/** By resource type, the element that says whose it is. */
export function patientPath(type: string): string | undefined {
  return parametersOf(type)?.patient?.paths[0]
}
