/** The chart of one invented person as it is written: visits, problems, orders, services and medicines, each dated. */
import type { FhirResource } from 'fhir/r4.js'
import type { Person } from './people.ts'

export const systems = {
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  cpt: 'http://www.ama-assn.org/go/cpt',
  loinc: 'http://loinc.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  snomed: 'http://snomed.info/sct',
} as const
export const hl7 = 'http://terminology.hl7.org/CodeSystem'

export const dayText = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
/** Orders are written at this minute of a visit, so that what is of the same day comes before or after. */
export const at = (day: number, time: string) => `${dayText(day)}T${time}:00Z`

export const concept = (system: string, code: string, text: string) => ({
  coding: [{ system, code, display: text }],
  text,
})

export class Chart {
  readonly person: Person
  readonly #made: FhirResource[]
  readonly subject: { reference: string }
  constructor(person: Person, made: FhirResource[]) {
    this.person = person
    this.#made = made
    this.subject = { reference: `Patient/${person.id}` }
  }

  id(kind: string): string {
    return `${kind}-${this.person.number}`
  }
  add(resource: FhirResource): void {
    this.#made.push(resource)
  }

  /** A visit with its diagnosis; returns the reference to it. */
  visit(
    kind: string,
    day: number,
    emergency: boolean,
    code: string,
    words: string,
    onset: number,
    principal: boolean,
    clinician = this.person.clinician,
  ): string {
    const [visit, diagnosis] = [this.id(`visit-${kind}`), this.id(`diagnosis-${kind}`)]
    this.add({
      resourceType: 'Encounter',
      id: visit,
      status: 'finished',
      class: { system: `${hl7}/v3-ActCode`, code: emergency ? 'EMER' : 'AMB' },
      subject: this.subject,
      participant: [{ individual: { reference: `Practitioner/${clinician.id}` } }],
      serviceProvider: { reference: `Organization/${clinician.clinic}` },
      period: { start: at(day, '16:00'), end: at(day, '16:40') },
      diagnosis: [{ condition: { reference: `Condition/${diagnosis}` }, rank: principal ? 1 : 2 }],
    })
    this.condition(diagnosis, code, words, day - onset, day, visit)
    return `Encounter/${visit}`
  }

  condition(id: string, code: string, words: string, onset: number, recorded: number, visit?: string): void {
    this.add({
      resourceType: 'Condition',
      id,
      clinicalStatus: { coding: [{ system: `${hl7}/condition-clinical`, code: 'active' }] },
      verificationStatus: { coding: [{ system: `${hl7}/condition-ver-status`, code: 'confirmed' }] },
      category: [
        {
          coding: [
            {
              system: `${hl7}/condition-category`,
              code: visit ? 'encounter-diagnosis' : 'problem-list-item',
            },
          ],
        },
      ],
      code: concept(systems.icd10, code, words),
      subject: this.subject,
      ...(visit ? { encounter: { reference: `Encounter/${visit}` } } : {}),
      onsetDateTime: dayText(onset),
      recordedDate: at(recorded, '16:05'),
    })
  }

  procedure(kind: string, day: number, system: string, code: string, words: string, more: object = {}): void {
    this.add({
      resourceType: 'Procedure',
      id: this.id(kind),
      status: 'completed',
      code: concept(system, code, words),
      subject: this.subject,
      performedDateTime: at(day, '18:00'),
      ...more,
    })
  }

  order(kind: string, day: number, code: object, reason: object, more: object = {}): void {
    this.add({
      resourceType: 'ServiceRequest',
      id: this.id(kind),
      status: 'completed',
      intent: 'order',
      code,
      subject: this.subject,
      authoredOn: at(day, '16:20'),
      requester: { reference: `Practitioner/${this.person.clinician.id}` },
      reasonCode: [reason],
      ...more,
    })
  }

  medicine(
    kind: string,
    day: number,
    { code, words, perDay }: { code: string; words: string; perDay: number },
    supply: number,
    dispensed: number | undefined,
    reason: object | undefined,
  ): void {
    const product = concept(systems.rxnorm, code, words)
    const quantity = { value: perDay * supply, unit: 'tablet' }
    this.add({
      resourceType: 'MedicationRequest',
      id: this.id(kind),
      status: 'completed',
      intent: 'order',
      medicationCodeableConcept: product,
      subject: this.subject,
      authoredOn: at(day, '16:30'),
      requester: { reference: `Practitioner/${this.person.clinician.id}` },
      ...(reason ? { reasonCode: [reason] } : {}),
      dosageInstruction: [
        {
          text: `1 tablet every ${24 / perDay} hours`,
          timing: { repeat: { frequency: 1, period: 24 / perDay, periodUnit: 'h' } },
          doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
        },
      ],
      dispenseRequest: {
        quantity,
        expectedSupplyDuration: {
          value: supply,
          unit: 'days',
          system: 'http://unitsofmeasure.org',
          code: 'd',
        },
      },
    })
    if (dispensed === undefined) return
    const prescription = { authorizingPrescription: [{ reference: `MedicationRequest/${this.id(kind)}` }] }
    this.fill(`${kind}-dispense`, day + dispensed, { code, words, perDay }, supply, prescription)
  }

  /** Without a prescription here it was filled on one of elsewhere. */
  fill(
    kind: string,
    day: number,
    { code, words, perDay }: { code: string; words: string; perDay: number },
    supply: number,
    prescription: object = {},
  ): void {
    this.add({
      resourceType: 'MedicationDispense',
      id: this.id(kind),
      status: 'completed',
      medicationCodeableConcept: concept(systems.rxnorm, code, words),
      subject: this.subject,
      ...prescription,
      quantity: { value: perDay * supply, unit: 'tablet' },
      daysSupply: { value: supply, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
      whenHandedOver: at(day, '19:00'),
    })
  }
}
