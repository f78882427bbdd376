/** A vignette as the CDS Hooks call that an EHR would make: patient, encounter, draft orders, prefetch. */
import { createHash } from 'node:crypto'
import type { Encounter, FhirResource, MedicationRequest, Patient, ServiceRequest } from 'fhir/r4.js'
import type { HookBody } from '../../fhir-fixtures/load.ts'
import { answerPrefetch, callBody } from '../../fhir-fixtures/load.ts'
import { toResources } from '../language/chart.ts'
import type { Draft } from '../language/chart-language.ts'
import { concept } from '../language/code.ts'
import { dosage, medication, product, supply } from '../language/medicine.ts'
import type { Vignette } from '../language/vignette.ts'
import { queries } from '../language/vignette.ts'
import { addDays, monthsBefore, toDate } from '../language/when.ts'

const patientId = 'vignette-patient'
const subject = { reference: `Patient/${patientId}` }

export function toCall(vignette: Vignette): HookBody {
  const { today } = vignette
  const encounter = encounterOf(vignette)
  const reference = encounter && `Encounter/${encounter.id}`
  const chart = vignette.chart.flatMap((item, index) =>
    toResources(item, { today, encounter: reference, entry: index + 1 }),
  )
  const drafts = vignette.orders.map((order, index) => draftOf(order, index + 1, vignette, reference))
  const resources = [patientOf(vignette), ...(encounter ? [encounter] : []), ...chart]
  // Not asked for by any template, but a client may send more than it was asked.
  const family = chart.filter(({ resourceType }) => resourceType === 'FamilyMemberHistory')
  return callBody({
    hook: vignette.hook,
    hookInstance: uuidOf(vignette.vignette),
    patientId,
    encounter,
    drafts: drafts.flatMap(({ order, beside }) => [order, ...(beside ? [beside] : [])]),
    unselected: drafts.flatMap(({ order, selected }) => (selected ? [] : [order])),
    prefetch: {
      ...answerPrefetch(queries, resources, encounter, vignette),
      ...(family.length > 0
        ? {
            familyHistory: {
              resourceType: 'Bundle',
              type: 'searchset',
              entry: family.map((resource) => ({ resource })),
            },
          }
        : {}),
    },
  })
}

function patientOf({ patient: { age, sex, birthday }, today }: Vignette): Patient {
  const born = age === 'unknown' ? undefined : bornOn(age, birthday, today)
  return {
    resourceType: 'Patient',
    id: patientId,
    identifier: [{ system: 'urn:example:mrn', value: 'V-0001' }],
    name: [{ family: 'Vignette', given: ['Vera'] }],
    gender: sex,
    ...(born ? { birthDate: born } : {}),
  }
}

function bornOn(age: number, birthday: Vignette['patient']['birthday'], today: string): string {
  const lastBirthday = monthsBefore(today, age * 12)
  if (birthday === 'today') return lastBirthday
  if (birthday === 'tomorrow') return addDays(monthsBefore(today, (age + 1) * 12), 1)
  const born = monthsBefore(today, age * 12 + 6)
  return birthday === 'only the year is known' ? born.slice(0, 4) : born
}

function encounterOf({ encounter, today }: Vignette): Encounter | undefined {
  if (encounter === 'none') return undefined
  const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
  return {
    resourceType: 'Encounter',
    id: 'this-visit',
    status: 'in-progress',
    class: encounter.class === 'not stated' ? {} : { system: actCode, code: encounter.class },
    ...(encounter.type ? { type: [concept(encounter.type)] } : {}),
    subject,
    period: { start: `${toDate(encounter.on, today)}T08:30:00Z` },
    ...(encounter.reason || encounter.text
      ? { reasonCode: [concept(encounter.reason, encounter.text)] }
      : {}),
  }
}

interface DraftOrder {
  order: FhirResource
  /** The Medication that goes with it, as some EHRs put it into draftOrders. */
  beside?: FhirResource
  selected: boolean
}

function draftOf(
  { imaging, medicine }: Draft,
  n: number,
  { chart, today }: Vignette,
  encounter: string | undefined,
): DraftOrder {
  const id = `draft-${n}`
  if (imaging) {
    const order: ServiceRequest = {
      resourceType: 'ServiceRequest',
      id,
      status: imaging.status,
      ...requested(imaging, today, encounter, chart),
      code: concept(imaging.code, imaging.text),
      ...(imaging.priority ? { priority: imaging.priority } : {}),
    }
    return { order, selected: imaging.selected }
  }
  if (!medicine) throw new Error('A draft order is imaging or a medicine')
  const order: MedicationRequest = {
    resourceType: 'MedicationRequest',
    id,
    status: medicine.status,
    ...requested(medicine, today, encounter, chart),
    ...product(medicine, id),
    ...(medicine.setting ? { category: [setting(medicine.setting)] } : {}),
    ...dosage(medicine),
    ...supply(medicine),
  }
  const beside = medicine.as === 'beside' ? { beside: medication(medicine, `${id}-medicine`) } : {}
  return { order, ...beside, selected: medicine.selected }
}

type Ordered = NonNullable<Draft['imaging'] | Draft['medicine']>

function requested(order: Ordered, today: string, encounter: string | undefined, chart: Vignette['chart']) {
  const entry = order['reason-is-entry']
  const second = order['second-reason']
  const reasons = [
    ...(order.reason || order['reason-text'] ? [concept(order.reason, order['reason-text'])] : []),
    ...(second ? [concept(second)] : []),
  ]
  return {
    intent: order.intent,
    ...(order['do-not-perform'] === undefined ? {} : { doNotPerform: order['do-not-perform'] }),
    subject,
    ...(encounter ? { encounter: { reference: encounter } } : {}),
    authoredOn: today,
    ...(reasons.length > 0 ? { reasonCode: reasons } : {}),
    ...(entry ? { reasonReference: [{ reference: `${typeOf(chart[entry - 1])}/entry-${entry}` }] } : {}),
    ...(order.note ? { note: [{ text: order.note }] } : {}),
  }
}

function typeOf(item: Vignette['chart'][number] | undefined): string {
  if (item?.observation) return 'Observation'
  return item?.report ? 'DiagnosticReport' : 'Condition'
}

const setting = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code }],
})

/** Looks like a UUID, and is the same for the same vignette each time. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
