/** One invented patient's chart as it is written: what is put into it, and the visit during which the order is drafted. */
import type { CodeableConcept, Condition, Encounter, FhirResource, Patient } from 'fhir/r4.js'
import { addDays } from '../language/when.ts'
import type { Random } from '../support/random.ts'
import type { Dated } from './dates.ts'
import type { Status } from './status.ts'

export const today = '2026-11-21'
export const patientId = 'trial-patient'
export const subject = { reference: `Patient/${patientId}` }
const hl7 = 'http://terminology.hl7.org/CodeSystem'

export interface Person {
  age: number
  sex: 'female' | 'male'
}

export class Chart {
  readonly born: string
  readonly patient: Patient
  readonly visit: Encounter
  readonly resources: FhirResource[] = []
  /** What the order itself says of its reason. */
  readonly reasonCode: CodeableConcept[] = []
  readonly reasonReference: { reference: string }[] = []
  readonly notes: string[] = []
  readonly age: number
  #made = 0

  constructor({ age, sex }: Person, random: Random) {
    this.age = age
    this.born = addDays(today, -Math.round(age * 365.25 + 40 + random.below(280)))
    this.patient = {
      resourceType: 'Patient',
      id: patientId,
      gender: sex,
      birthDate: this.born,
      name: [{ family: 'Invented', given: ['Ada'] }],
    }
    this.visit = {
      resourceType: 'Encounter',
      id: 'this-visit',
      status: 'in-progress',
      class: { system: `${hl7}/v3-ActCode`, code: random.pick(['AMB', 'AMB', 'AMB', 'EMER']) },
      subject,
      period: { start: `${today}T08:30:00-08:00` },
    }
  }

  id(kind: string): string {
    this.#made += 1
    return `${kind}-${this.#made}`
  }

  add<T extends FhirResource>(resource: T): T {
    this.resources.push(resource)
    return resource
  }

  condition(entry: { code: CodeableConcept; dated: Dated; status: Status; thisVisit?: boolean }): Condition {
    const { dated, status, thisVisit } = entry
    const encounter = thisVisit ? 'this-visit' : dated.visitOn ? this.#earlierVisit(dated.visitOn) : undefined
    return this.add({
      resourceType: 'Condition',
      id: this.id('condition'),
      ...status.fields,
      category: [
        {
          coding: [
            {
              system: `${hl7}/condition-category`,
              code: thisVisit ? 'encounter-diagnosis' : 'problem-list-item',
            },
          ],
        },
      ],
      code: entry.code,
      subject,
      ...(encounter ? { encounter: { reference: `Encounter/${encounter}` } } : {}),
      ...(dated.onsetDateTime ? { onsetDateTime: dated.onsetDateTime } : {}),
      ...(dated.recordedDate ? { recordedDate: dated.recordedDate } : {}),
    })
  }

  #earlierVisit(on: string): string {
    const id = this.id('visit')
    this.add({
      resourceType: 'Encounter',
      id,
      status: 'finished',
      class: { system: `${hl7}/v3-ActCode`, code: 'AMB' },
      subject,
      period: { start: `${on}T09:00:00-08:00`, end: `${on}T09:30:00-08:00` },
    })
    return id
  }
}
