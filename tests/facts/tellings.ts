/** The ways in which a chart tells of a medicine, each with what must be found of it. */
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { FactOf } from '../../src/pathway/schema.ts'
import { ago } from './support.ts'

type Json = Record<string, unknown>

export const subject = { reference: 'Patient/p1' }
export const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'

/** How the product is written. */
interface Product {
  said: string
  element: Json
  beside?: object[]
}

export const concept = (row: CodeRow | undefined, text: string | undefined, code = row?.code): Json => ({
  ...(row && code ? { coding: [{ system: row.system, code, ...(text ? { display: text } : {}) }] } : {}),
  ...(text ? { text } : {}),
})

export function productsOf(row: CodeRow): Product[] {
  const coded = concept(row, row.display)
  const medication = { resourceType: 'Medication', id: 'm1', code: coded }
  const prefixed =
    row.system === rxnorm ? [concept({ ...row, system: 'urn:x' }, undefined, `RXCUI:${row.code}`)] : []
  return [
    { said: 'a concept', element: { medicationCodeableConcept: coded } },
    { said: 'a bare code', element: { medicationCodeableConcept: concept(row, undefined) } },
    { said: 'words alone', element: { medicationCodeableConcept: { text: row.display } } },
    {
      said: 'words in capitals',
      element: { medicationCodeableConcept: { text: row.display.toUpperCase() } },
    },
    {
      said: 'a local code with words',
      element: {
        medicationCodeableConcept: { coding: [{ system: 'urn:oid:1.2', code: '77', display: row.display }] },
      },
    },
    ...prefixed.map((each) => ({
      said: 'a system in the code',
      element: { medicationCodeableConcept: each },
    })),
    { said: 'inside', element: { medicationReference: { reference: '#m1' }, contained: [medication] } },
    {
      said: 'beside',
      element: { medicationReference: { reference: 'Medication/m1' } },
      beside: [medication],
    },
    {
      said: 'behind an absolute reference',
      element: { medicationReference: { reference: 'https://ehr.example.org/fhir/Medication/m1' } },
      beside: [medication],
    },
    {
      said: 'shown by a reference that leads nowhere',
      element: { medicationReference: { reference: 'Medication/9', display: row.display } },
    },
    { said: 'an R5 concept', element: { medication: { concept: coded } } },
    {
      said: 'an R5 reference',
      element: { medication: { reference: { reference: 'Medication/m1' } } },
      beside: [medication],
    },
    { said: 'an element of no version', element: { medication: coded } },
    {
      said: 'an ingredient',
      element: { medicationReference: { reference: 'Medication/m1' } },
      beside: [{ ...medication, code: undefined, ingredient: [{ itemCodeableConcept: coded }] }],
    },
  ]
}

/** Which resource says that it is taken, for a hundred days up to today. */
interface Telling {
  said: string
  resource: Json
}

const oral = [{ route: { text: 'oral' } }]
const started = ago(100)
const supply = { value: 200, unit: 'd', code: 'd' }
const order = {
  resourceType: 'MedicationRequest',
  subject,
  status: 'active',
  intent: 'order',
  authoredOn: started,
}
export const tellings: readonly Telling[] = [
  {
    said: 'an order with its supply',
    resource: { ...order, dosageInstruction: oral, dispenseRequest: { expectedSupplyDuration: supply } },
  },
  {
    said: 'an order in capitals',
    resource: {
      ...order,
      status: 'ACTIVE',
      intent: 'Order',
      dosageInstruction: oral,
      dispenseRequest: { expectedSupplyDuration: supply },
    },
  },
  {
    said: 'a completed order with its supply',
    resource: {
      ...order,
      status: 'completed',
      dosageInstruction: oral,
      dispenseRequest: { expectedSupplyDuration: supply },
    },
  },
  {
    said: 'a home medicine as a plan',
    resource: { ...order, intent: 'plan', reportedBoolean: true, dosageInstruction: oral },
  },
  {
    said: 'a home medicine by whom it was reported',
    resource: { ...order, intent: 'plan', reportedReference: subject, dosageInstruction: oral },
  },
  {
    said: 'a statement',
    resource: {
      resourceType: 'MedicationStatement',
      subject,
      status: 'active',
      effectivePeriod: { start: started },
      dosage: oral,
    },
  },
  {
    said: 'a statement of STU3',
    resource: {
      resourceType: 'MedicationStatement',
      subject,
      status: 'active',
      taken: 'y',
      effectiveDateTime: started,
      dosage: oral,
    },
  },
  {
    said: 'a statement of R5',
    resource: {
      resourceType: 'MedicationStatement',
      subject,
      status: 'recorded',
      adherence: { code: { coding: [{ code: 'taking' }] } },
      effectivePeriod: { start: started },
      dosage: oral,
    },
  },
  {
    said: 'a dispense',
    resource: {
      resourceType: 'MedicationDispense',
      subject,
      status: 'completed',
      whenHandedOver: started,
      daysSupply: supply,
      dosageInstruction: oral,
    },
  },
]

/** Given in a hospital or a clinic: one day of exposure, and no supply. */
const administered: Telling = {
  said: 'an administration',
  resource: {
    resourceType: 'MedicationAdministration',
    subject,
    status: 'completed',
    effectiveDateTime: ago(30),
    dosage: { route: { text: 'intravenous' } },
  },
}

export function tellingsFor(fact: FactOf<'medication'>): readonly Telling[] {
  const isOneDayEnough =
    !fact.supply &&
    !fact['in-use'] &&
    !fact.route &&
    !fact['in-episode'] &&
    fact['given-in-hospital'] === 'counts'
  return isOneDayEnough ? [...tellings, administered] : tellings
}
