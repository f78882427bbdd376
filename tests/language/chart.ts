/** The chart of a vignette as FHIR R4 resources of one patient. */
import type { Condition, Encounter, FhirResource } from 'fhir/r4.js'
import type { ChartEntry, ChartItem } from './chart-language.ts'
import { repeating } from './chart-language.ts'
import { code, concept } from './code.ts'
import { daysOf, dosage, product, quantityOf, supply } from './medicine.ts'
import { addDays, toDate } from './when.ts'

const hl7 = 'http://terminology.hl7.org/CodeSystem'
const patient = { reference: 'Patient/vignette-patient' }

interface Place {
  today: string
  /** The encounter of the call, `Encounter/…`. */
  encounter: string | undefined
  /** Place in the chart, from 1: resource ids hold it. */
  entry: number
}

/** One entry of the chart: one resource, or several when it repeats. */
export function toResources(item: ChartItem, place: Place): FhirResource[] {
  if (item.problem) return [condition(item.problem, place, 'active')]
  if (item['past-problem']) return [condition(item['past-problem'], place, 'resolved')]
  if (item.visit) return [visit(item.visit, place)]
  if (item.medicine) return repeated(item.medicine, item.medicine.started, place, medicationRequest)
  if (item.dispense) return repeated(item.dispense, item.dispense.on, place, medicationDispense)
  if (item.procedure) return repeated(item.procedure, item.procedure.on, place, procedure)
  if (item.referral) return [serviceRequest(item.referral, place)]
  if (item.observation) return [observation(item.observation, place)]
  if (item.report) return [report(item.report, place)]
  if (item.study) return [study(item.study, place)]
  if (item['family-history']) return [familyHistory(item['family-history'], place)]
  if (item.coverage) return [coverage(item.coverage, place)]
  if (item.allergy) return [allergy(item.allergy, place)]
  return []
}

function repeated<T extends { repeat?: string | undefined }>(
  entry: T,
  first: string | undefined,
  place: Place,
  make: (entry: T, id: string, on: string | undefined) => FhirResource,
): FhirResource[] {
  const day = first && toDate(first, place.today)
  const [, times = '1', every = '0'] = repeating.exec(entry.repeat ?? '') ?? []
  return Array.from({ length: Number(times) }, (_, n) =>
    make(entry, `entry-${place.entry}-${n + 1}`, day && n > 0 ? addDays(day, n * Number(every)) : day),
  )
}

function condition(
  problem: ChartEntry<'problem'>,
  { today, encounter, entry }: Place,
  usual: 'active' | 'resolved',
): Condition {
  const category = problem.at === 'this visit' ? 'encounter-diagnosis' : 'problem-list-item'
  const status = problem.status ?? usual
  const { onset, recorded, ended } = problem
  const age = problem['onset-age']
  return {
    resourceType: 'Condition',
    id: `entry-${entry}`,
    ...(status === 'not stated'
      ? {}
      : { clinicalStatus: { coding: [{ system: `${hl7}/condition-clinical`, code: status }] } }),
    ...(problem.certainty === 'not stated'
      ? {}
      : {
          verificationStatus: {
            coding: [{ system: `${hl7}/condition-ver-status`, code: problem.certainty }],
          },
        }),
    category: [{ coding: [{ system: `${hl7}/condition-category`, code: category }] }],
    code: concept(problem.code, problem.text),
    subject: patient,
    ...(problem.at === 'this visit' && encounter ? { encounter: { reference: encounter } } : {}),
    ...(onset ? { onsetDateTime: toDate(onset, today) } : {}),
    ...(age === undefined
      ? {}
      : { onsetAge: { value: age, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' } }),
    ...(ended ? { abatementDateTime: toDate(ended, today) } : {}),
    ...(recorded ? { recordedDate: toDate(recorded, today) } : {}),
    ...(problem.note ? { note: [{ text: problem.note }] } : {}),
  }
}

function visit(entry: ChartEntry<'visit'>, { today, entry: n }: Place): Encounter {
  const on = toDate(entry.on, today)
  return {
    resourceType: 'Encounter',
    id: `entry-${n}`,
    status: entry.status,
    class: { system: `${hl7}/v3-ActCode`, code: entry.class },
    ...(entry.type ? { type: [concept(entry.type)] } : {}),
    subject: patient,
    period: { start: `${on}T09:00:00Z`, end: `${on}T09:30:00Z` },
    ...(entry.reason || entry.text ? { reasonCode: [concept(entry.reason, entry.text)] } : {}),
  }
}

function medicationRequest(entry: ChartEntry<'medicine'>, id: string, on: string | undefined): FhirResource {
  return {
    resourceType: 'MedicationRequest',
    id,
    status: entry.status,
    intent: entry.intent,
    ...(entry.reported === undefined ? {} : { reportedBoolean: entry.reported }),
    ...product(entry, id),
    subject: patient,
    ...(on ? { authoredOn: on } : {}),
    ...(entry.reason ? { reasonCode: [concept(entry.reason)] } : {}),
    ...dosage(entry),
    ...supply(entry),
  }
}

function medicationDispense(entry: ChartEntry<'dispense'>, id: string, on: string | undefined): FhirResource {
  return {
    resourceType: 'MedicationDispense',
    id,
    status: entry.status,
    ...product(entry, id),
    subject: patient,
    ...(on ? { whenHandedOver: on } : {}),
    ...(entry.quantity ? { quantity: quantityOf(entry.quantity) } : {}),
    ...(entry.days ? { daysSupply: daysOf(entry.days) } : {}),
    ...dosage(entry),
  }
}

function procedure(entry: ChartEntry<'procedure'>, id: string, on: string | undefined): FhirResource {
  return {
    resourceType: 'Procedure',
    id,
    status: entry.status,
    code: concept(entry.code, entry.text),
    subject: patient,
    ...(on ? { performedDateTime: on } : {}),
    ...(entry.reason ? { reasonCode: [concept(entry.reason)] } : {}),
    ...(entry.note ? { note: [{ text: entry.note }] } : {}),
  }
}

function serviceRequest(entry: ChartEntry<'referral'>, { today, entry: n }: Place): FhirResource {
  return {
    resourceType: 'ServiceRequest',
    id: `entry-${n}`,
    status: entry.status,
    intent: 'order',
    code: concept(entry.code, entry.text),
    subject: patient,
    authoredOn: toDate(entry.on, today),
    ...(entry.reason ? { reasonCode: [concept(entry.reason)] } : {}),
    ...(entry.note ? { note: [{ text: entry.note }] } : {}),
  }
}

function observation(entry: ChartEntry<'observation'>, { today, entry: n }: Place): FhirResource {
  const { value, unit, answer } = entry
  return {
    resourceType: 'Observation',
    id: `entry-${n}`,
    status: entry.status,
    code: concept(entry.code, entry.text),
    subject: patient,
    ...(entry.on ? { effectiveDateTime: toDate(entry.on, today) } : {}),
    ...(value === undefined
      ? {}
      : {
          valueQuantity: {
            value,
            ...(unit ? { unit, system: 'http://unitsofmeasure.org', code: unit } : {}),
          },
        }),
    ...answered(answer),
    ...(entry.day ? { valueDateTime: toDate(entry.day, today) } : {}),
    ...(entry.flag
      ? {
          interpretation: [{ coding: [{ system: `${hl7}/v3-ObservationInterpretation`, code: entry.flag }] }],
        }
      : {}),
    ...(entry['range-to'] === undefined
      ? {}
      : { referenceRange: [{ high: { value: entry['range-to'], ...(unit ? { unit, code: unit } : {}) } }] }),
  }
}

function answered(answer: ChartEntry<'observation'>['answer']) {
  if (answer === undefined) return {}
  if (typeof answer === 'boolean') return { valueBoolean: answer }
  return { valueCodeableConcept: code.safeParse(answer).success ? concept(answer) : { text: answer } }
}

function report(entry: ChartEntry<'report'>, { today, entry: n }: Place): FhirResource {
  return {
    resourceType: 'DiagnosticReport',
    id: `entry-${n}`,
    status: entry.status,
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'RAD' }] }],
    code: concept(entry.code),
    subject: patient,
    effectiveDateTime: toDate(entry.on, today),
    ...(entry.conclusion ? { conclusion: entry.conclusion } : {}),
    ...(entry.attached ? attached(entry.attached) : {}),
  }
}

function attached({ as, says }: NonNullable<ChartEntry<'report'>['attached']>) {
  const page = `<div xmlns="http://www.w3.org/1999/xhtml"><p>${says.replaceAll('\n', '</p><p>')}</p></div>`
  if (as === 'narrative') return { text: { status: 'generated' as const, div: page } }
  if (as === 'link') return { presentedForm: [{ contentType: 'text/html', url: 'Binary/report' }] }
  if (as === 'pdf' || as === 'rtf')
    return {
      presentedForm: [{ contentType: `application/${as}`, data: Buffer.from(says).toString('base64') }],
    }
  const [contentType, file] = as === 'page' ? ['text/html', page] : ['text/plain; charset=utf-8', says]
  return { presentedForm: [{ contentType, data: Buffer.from(file).toString('base64') }] }
}

function study(entry: ChartEntry<'study'>, { today, entry: n }: Place): FhirResource {
  return {
    resourceType: 'ImagingStudy',
    id: `entry-${n}`,
    status: 'available',
    subject: patient,
    started: toDate(entry.on, today),
    modality: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: entry.modality }],
    procedureCode: [concept(entry.code)],
  }
}

const roles = { mother: 'MTH', father: 'FTH', sister: 'SIS', brother: 'BRO' }
function familyHistory(entry: ChartEntry<'family-history'>, { entry: n }: Place): FhirResource {
  return {
    resourceType: 'FamilyMemberHistory',
    id: `entry-${n}`,
    status: 'completed',
    patient,
    relationship: { coding: [{ system: `${hl7}/v3-RoleCode`, code: roles[entry.of] }], text: entry.of },
    condition: [{ code: concept(entry.code) }],
  }
}

function coverage(entry: ChartEntry<'coverage'>, { entry: n }: Place): FhirResource {
  return {
    resourceType: 'Coverage',
    id: `entry-${n}`,
    status: 'active',
    beneficiary: patient,
    payor: [{ display: entry.payer }],
  }
}

function allergy(entry: ChartEntry<'allergy'>, { entry: n }: Place): FhirResource {
  return {
    resourceType: 'AllergyIntolerance',
    id: `entry-${n}`,
    clinicalStatus: { coding: [{ system: `${hl7}/allergyintolerance-clinical`, code: 'active' }] },
    code: concept(entry.code, entry.text),
    patient,
  }
}
