/** Writes the entries of a story as an EHR's FHIR resources, in the house style of one of four exports. */
import type { CodeableConcept, Condition, Encounter, FhirResource, Patient } from 'fhir/r4.js'
import { addDays } from '../language/when.ts'
import { dateOf, inDays, today } from './days.ts'
import { type Entry, readEntry } from './entry.ts'
import { statusOf } from './status.ts'

const patientId = 'trial-person'
export const subject = { reference: `Patient/${patientId}` }
const hl7 = 'http://terminology.hl7.org/CodeSystem'

/** How the exports differ that charts come from: their local codes, their displays, their clock times. */
export const houses = ['plain', 'local code first', 'no displays', 'clock times'] as const
type House = (typeof houses)[number]

interface Story {
  who: string
  setting?: string | undefined
}

export class Record {
  readonly patient: Patient
  readonly visit: Encounter
  readonly resources: FhirResource[] = []
  readonly reasonCode: CodeableConcept[] = []
  readonly reasonReference: { reference: string }[] = []
  readonly notes: string[] = []
  readonly details: string[] = []
  readonly supporting: FhirResource[] = []
  readonly #house: House

  constructor({ who, setting = 'AMB' }: Story, house: House) {
    this.#house = house
    const [age = '', sex] = who.split(' ')
    this.patient = {
      resourceType: 'Patient',
      id: patientId,
      gender: sex === 'F' ? 'female' : 'male',
      birthDate: addDays(today, -Math.round(Number(age) * 365.25 + 100)),
      name: [{ family: 'Invented', given: ['Noa'] }],
    }
    this.visit = {
      resourceType: 'Encounter',
      id: 'visit',
      status: 'in-progress',
      class: { system: `${hl7}/v3-ActCode`, code: setting },
      subject,
      period: { start: `${today}T08:10:00-08:00` },
    }
  }

  write(line: string): void {
    const entry = readEntry(line)
    const writer = this.#writers[entry.kind]
    if (!writer) throw new Error(`"${entry.kind}" is no kind of entry: ${line}`)
    writer(entry)
  }

  /** An entry in the shape in which somebody's export has it. */
  bring(entry: { readonly [name: string]: unknown }): void {
    const type = String(entry.resourceType)
    const whose = type === 'AllergyIntolerance' || type === 'FamilyMemberHistory' ? 'patient' : 'subject'
    this.#add({
      id: this.#id(type.toLowerCase()),
      [whose]: subject,
      ...inDays(entry),
    } as unknown as FhirResource)
  }

  /** As the house writes a concept. */
  concept({ codings, words }: Entry): CodeableConcept {
    const written = codings.map(({ system, code }) => ({
      system,
      code,
      ...(words !== undefined && this.#house !== 'no displays' ? { display: words } : {}),
    }))
    const local = {
      system: 'urn:oid:1.2.840.114350.1.13.0.1.7.2.696580',
      code: `L${10_000 + this.resources.length}`,
    }
    const coding =
      this.#house === 'local code first' && written.length > 0
        ? [{ ...local, ...(words ? { display: words } : {}) }, ...written]
        : written
    return { ...(coding.length > 0 ? { coding } : {}), ...(words === undefined ? {} : { text: words }) }
  }

  #add<T extends FhirResource>(resource: T): T {
    this.resources.push(resource)
    return resource
  }

  #id = (kind: string) => `${kind}-${this.resources.length + 1}`

  readonly #writers: { [kind: string]: (entry: Entry) => void } = {
    problem: (entry) => this.#problem(entry),
    reason: (entry) => this.reasonCode.push(this.concept(entry)),
    note: ({ words = '' }) => this.notes.push(words),
    detail: ({ words = '' }) => this.details.push(words),
    visitreason: (entry) => {
      this.visit.reasonCode = [...(this.visit.reasonCode ?? []), this.concept(entry)]
    },
    obs: (entry) => this.#observation(entry),
    proc: (entry) =>
      this.#add({
        resourceType: 'Procedure',
        id: this.#id('procedure'),
        status: (entry.values.get('status') ?? 'completed') as 'completed',
        code: this.concept(entry),
        subject,
        performedDateTime: dateOf(entry.values.get('date') ?? '-400'),
      }),
    med: (entry) => this.#medicine(entry),
    disp: (entry) => {
      const days = Number(entry.values.get('days') ?? 30)
      this.#add({
        resourceType: 'MedicationDispense',
        id: this.#id('dispense'),
        status: 'completed',
        medicationCodeableConcept: this.concept(entry),
        subject,
        whenHandedOver: dateOf(entry.values.get('date') ?? '-20'),
        daysSupply: { value: days, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' },
      })
    },
    stmt: (entry) =>
      this.#add({
        resourceType: 'MedicationStatement',
        id: this.#id('statement'),
        status: (entry.values.get('status') ?? 'active') as 'active',
        medicationCodeableConcept: this.concept(entry),
        subject,
        effectivePeriod: { start: dateOf(entry.values.get('date') ?? '-60') },
      }),
    allergy: (entry) =>
      this.#add({
        resourceType: 'AllergyIntolerance',
        id: this.#id('allergy'),
        clinicalStatus: { coding: [{ system: `${hl7}/allergyintolerance-clinical`, code: 'active' }] },
        code: this.concept(entry),
        patient: subject,
      }),
    family: (entry) =>
      this.#add({
        resourceType: 'FamilyMemberHistory',
        id: this.#id('family'),
        status: 'completed',
        patient: subject,
        relationship: { text: 'mother' },
        condition: [{ code: this.concept(entry) }],
      }),
    supporting: ({ words = '' }) =>
      this.supporting.push({
        resourceType: 'Condition',
        id: `supporting-${this.supporting.length + 1}`,
        code: { text: words },
        subject,
      }),
    questionnaire: ({ words = '', flags }) =>
      this.supporting.push({
        resourceType: 'QuestionnaireResponse',
        id: `answers-${this.supporting.length + 1}`,
        status: 'completed',
        subject,
        authored: today,
        item: [{ linkId: '1', text: words, answer: [{ valueBoolean: flags.has('yes') }] }],
      }),
    report: ({ words = '', values }) =>
      this.#add({
        resourceType: 'DiagnosticReport',
        id: this.#id('report'),
        status: 'final',
        category: [{ coding: [{ system: `${hl7}/v2-0074`, code: 'RAD' }] }],
        code: { text: values.get('title')?.replaceAll('_', ' ') ?? 'XR CHEST 2 VIEWS' },
        subject,
        effectiveDateTime: dateOf(values.get('date') ?? '-90'),
        conclusion: words,
      }),
  }

  #problem(entry: Entry): void {
    const { flags, values } = entry
    const condition: Condition = {
      resourceType: 'Condition',
      id: this.#id('condition'),
      ...statusOf(flags),
      category: [
        {
          coding: [
            {
              system: `${hl7}/condition-category`,
              code: flags.has('visit') ? 'encounter-diagnosis' : 'problem-list-item',
            },
          ],
        },
      ],
      code: this.concept(entry),
      subject,
    }
    if (flags.has('concern'))
      condition.category = [
        {
          coding: [
            { system: 'http://hl7.org/fhir/us/core/CodeSystem/condition-category', code: 'health-concern' },
          ],
        },
      ]
    if (flags.has('visit')) condition.encounter = { reference: 'Encounter/visit' }
    const [onset, age, period, rec, abated] = ['onset', 'age', 'period', 'rec', 'abated'].map((name) =>
      values.get(name),
    )
    if (onset) condition.onsetDateTime = dateOf(onset)
    if (age)
      condition.onsetAge = {
        value: Number(age),
        unit: 'years',
        system: 'http://unitsofmeasure.org',
        code: 'a',
      }
    if (period) condition.onsetPeriod = { start: dateOf(period) }
    if (rec) condition.recordedDate = this.#clock(dateOf(rec))
    else if (onset && !flags.has('nodate') && /^-\d/.test(onset))
      condition.recordedDate = this.#clock(dateOf(onset))
    if (abated) condition.abatementDateTime = dateOf(abated)
    this.#add(condition)
    if (flags.has('dx')) this.visit.diagnosis = [{ condition: { reference: `Condition/${condition.id}` } }]
    if (flags.has('reasonref')) this.reasonReference.push({ reference: `Condition/${condition.id}` })
  }

  #clock(date: string): string {
    return this.#house === 'clock times' && date.length === 10 ? `${date}T07:05:00-08:00` : date
  }

  #observation(entry: Entry): void {
    const { values } = entry
    const [value, unit] = (values.get('q') ?? '').split('|')
    const word = values.get('value')
    this.#add({
      resourceType: 'Observation',
      id: this.#id('observation'),
      status: 'final',
      code: this.concept(entry),
      subject,
      effectiveDateTime: dateOf(values.get('date') ?? '0'),
      ...(value
        ? { valueQuantity: { value: Number(value), unit, system: 'http://unitsofmeasure.org', code: unit } }
        : {}),
      ...(values.has('n') ? { valueInteger: Number(values.get('n')) } : {}),
      ...(word === 'true'
        ? { valueBoolean: true }
        : word
          ? { valueCodeableConcept: { text: word[0]?.toUpperCase() + word.slice(1) } }
          : {}),
    } as FhirResource)
  }

  #medicine(entry: Entry): void {
    const { values, flags } = entry
    const days = values.get('days')
    const [, system = '', code = ''] = /^(icd):(.+)$/.exec(values.get('for') ?? '') ?? []
    this.#add({
      resourceType: 'MedicationRequest',
      id: this.#id('medicine'),
      status: (values.get('status') ??
        ['completed', 'stopped'].find((each) => flags.has(each)) ??
        'active') as 'active',
      intent: (values.get('intent') ?? 'order') as 'order',
      medicationCodeableConcept: this.concept(entry),
      subject,
      authoredOn: dateOf(values.get('date') ?? '-20'),
      ...(values.has('sig')
        ? { dosageInstruction: [{ text: values.get('sig')?.replaceAll('_', ' ') ?? '' }] }
        : {}),
      ...(values.has('why') ? { reasonCode: [{ text: values.get('why')?.replaceAll('_', ' ') ?? '' }] } : {}),
      ...(code
        ? {
            reasonCode: [
              this.concept({
                ...entry,
                codings: readEntry(`x ${system}:${code}`).codings,
                words: 'Low back pain',
              }),
            ],
          }
        : {}),
      ...(days
        ? {
            dispenseRequest: {
              expectedSupplyDuration: {
                value: Number(days),
                unit: 'days',
                system: 'http://unitsofmeasure.org',
                code: 'd',
              },
            },
          }
        : {}),
    })
  }
}
