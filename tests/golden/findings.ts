/** Findings of every kind: a code of every group that facts ask for, in several ages and states, and people of other ages. */
import type { FhirResource } from 'fhir/r4.js'
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { CodeGroups, FactDeclaration } from '../../src/pathway/schema.ts'
import { addDays } from '../language/when.ts'

export const today = '2026-11-21'
export const subject = { reference: 'Patient/somebody' }
export const hl7 = 'http://terminology.hl7.org/CodeSystem'

/** One finding, written down in one way. */
export interface Finding {
  /** `set/group`. */
  key: string
  told: string
  resources: readonly FhirResource[]
}

export function findingsOf(content: Content): Finding[] {
  const wanted = new Map<string, Set<FactDeclaration['kind']>>()
  for (const fact of Object.values(content.facts)) {
    for (const key of groupsOf(fact)) wanted.set(key, (wanted.get(key) ?? new Set()).add(fact.kind))
  }
  const samples = new Map<string, CodeRow>()
  for (const row of content.codes.rows) {
    const known = samples.get(row.key)
    if (!known || (isUsual(row) && !isUsual(known))) samples.set(row.key, row)
  }
  const coded = [...wanted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, kinds]) => {
      const row = samples.get(key)
      return row ? writtenDown(key, row, kinds, content) : []
    })
  return [...coded, ...people]
}

const person = (told: string, patient: object, visit: object = {}): Finding => ({
  key: 'people and visits',
  told,
  resources: [
    { resourceType: 'Patient', id: 'somebody', gender: 'female', birthDate: '1981-05-02', ...patient },
    { ...visitOfToday, ...visit },
  ] as FhirResource[],
})

export const visitOfToday = {
  resourceType: 'Encounter' as const,
  id: 'visit',
  status: 'in-progress' as const,
  class: { system: `${hl7}/v3-ActCode`, code: 'AMB' },
  subject,
  period: { start: today },
}

const people: readonly Finding[] = [
  person('17 years old', { birthDate: '2009-02-01' }),
  person('20 years old', { birthDate: '2006-02-01' }),
  person('55 years old', { birthDate: '1971-02-01' }),
  person('66 years old', { birthDate: '1960-02-01' }),
  person('72 years old', { birthDate: '1954-02-01' }),
  person('80 years old', { birthDate: '1946-02-01' }),
  person('a man', { gender: 'male' }),
  person('nobody knows how old', { birthDate: undefined }),
  person('dead', { deceasedBoolean: true }),
  person('admitted', {}, { class: { system: `${hl7}/v3-ActCode`, code: 'IMP' } }),
]

const groupsOf = (fact: FactDeclaration): string[] => {
  const codes = 'codes' in fact && fact.codes && !Array.isArray(fact.codes) ? (fact.codes as CodeGroups) : {}
  return Object.entries(codes).flatMap(([set, groups]) => groups.map((group) => `${set}/${group}`))
}

/** Records are coded in these more often than in others. */
const isUsual = ({ system }: CodeRow) => /icd-10-cm|rxnorm|loinc|ama-assn/.test(system)

function writtenDown(
  key: string,
  row: CodeRow,
  kinds: ReadonlySet<FactDeclaration['kind']>,
  content: Content,
): Finding[] {
  const code = { coding: [{ system: row.system, code: row.code }] }
  const named = (told: string, ...resources: object[]): Finding => ({
    key,
    told: `${row.code}, ${told}`,
    resources: resources.map(
      (resource, at) => ({ id: `finding-${at}`, subject, ...resource }) as unknown as FhirResource,
    ),
  })
  const has = (...some: FactDeclaration['kind'][]) => some.some((kind) => kinds.has(kind))
  return [
    ...(has('condition', 'reason') ? conditions(code, named, placesOf(key, content)) : []),
    ...(has('medication', 'dose') ? medicines(code, named) : []),
    ...(has('service') ? servicesDone(code, named) : []),
    ...(has('observation') ? observations(key, code, named, content) : []),
  ]
}

/** Where the facts that ask for a group look for it. */
const placesOf = (key: string, content: Content): ReadonlySet<string> =>
  new Set(
    Object.values(content.facts).flatMap((fact) =>
      fact.kind === 'condition' && groupsOf(fact).includes(key) ? fact.in : [],
    ),
  )

type Named = (told: string, ...resources: object[]) => Finding
type Code = { coding: { system: string; code: string }[] }

export const status = (clinical: string) => ({
  clinicalStatus: { coding: [{ system: `${hl7}/condition-clinical`, code: clinical }] },
})

function conditions(code: Code, named: Named, places: ReadonlySet<string>): Finding[] {
  const condition = { resourceType: 'Condition', code }
  const began = (days: number) => ({
    onsetDateTime: addDays(today, -days),
    recordedDate: addDays(today, -days),
  })
  const ended = (days: number) => ({ ...status('resolved'), abatementDateTime: addDays(today, -days) })
  return [
    named('active for 3 days', { ...condition, ...status('active'), ...began(3) }),
    named('active for 60 days', { ...condition, ...status('active'), ...began(60) }),
    named('active for 500 days', { ...condition, ...status('active'), ...began(500) }),
    named('from 100 to 60 days ago', { ...condition, ...ended(60), ...began(100) }),
    named('from 1500 to 1400 days ago', { ...condition, ...ended(1400), ...began(1500) }),
    named('active, undated', { ...condition, ...status('active') }),
    ...(places.has('Observation')
      ? [
          named('observed yesterday', {
            resourceType: 'Observation',
            status: 'final',
            code,
            effectiveDateTime: addDays(today, -1),
            valueBoolean: true,
          }),
        ]
      : []),
    ...(places.has('Procedure')
      ? [
          named('done 30 days ago', {
            resourceType: 'Procedure',
            status: 'completed',
            code,
            performedDateTime: addDays(today, -30),
          }),
        ]
      : []),
    ...(places.has('ServiceRequest')
      ? [
          named('ordered 30 days ago', {
            resourceType: 'ServiceRequest',
            status: 'active',
            intent: 'order',
            code,
            authoredOn: addDays(today, -30),
          }),
        ]
      : []),
  ]
}

function medicines(code: Code, named: Named): Finding[] {
  const course = (began: number, days: number, over: boolean) => ({
    resourceType: 'MedicationRequest',
    status: over ? 'completed' : 'active',
    intent: 'order',
    medicationCodeableConcept: code,
    authoredOn: addDays(today, -began),
    dosageInstruction: [
      {
        timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
        route: { text: 'oral' },
        doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }],
      },
    ],
    dispenseRequest: {
      quantity: { value: days },
      expectedSupplyDuration: { value: days, unit: 'days', code: 'd', system: 'http://unitsofmeasure.org' },
    },
  })
  return [
    named('5 days into 30', course(5, 30, false)),
    named('200 days into 240', course(200, 240, false)),
    named('30 days, ended 50 days ago', course(80, 30, true)),
    named('30 days, ended 300 days ago', course(330, 30, true)),
    named('30 days, ended long ago', course(1500, 30, true)),
  ]
}

function servicesDone(code: Code, named: Named): Finding[] {
  const done = (days: number) => ({
    resourceType: 'Procedure',
    status: 'completed',
    code,
    performedDateTime: addDays(today, -days),
  })
  const ordered = (state: string, days: number) => ({
    resourceType: 'ServiceRequest',
    status: state,
    intent: 'order',
    code,
    authoredOn: addDays(today, -days),
  })
  const report = {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [{ coding: [{ system: `${hl7}/v2-0074`, code: 'RAD' }] }],
    code,
    effectiveDateTime: addDays(today, -8),
  }
  return [
    named('done 8 days ago', done(8)),
    named('done 100 days ago', done(100)),
    named('done long ago', done(900)),
    named('ordered 8 days ago', ordered('active', 8)),
    named('visit 8 days ago', {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: `${hl7}/v3-ActCode`, code: 'AMB' },
      type: [code],
      period: { start: addDays(today, -8), end: addDays(today, -8) },
    }),
    named('reported 8 days ago', report),
  ]
}

/** Low and high, so that both sides of every threshold are tried, and a coded answer. */
function observations(key: string, code: Code, named: Named, content: Content): Finding[] {
  const facts = Object.values(content.facts).filter(
    (fact) => fact.kind === 'observation' && groupsOf(fact).includes(key),
  )
  const units = new Set(facts.flatMap((fact) => ('unit' in fact && fact.unit ? fact.unit : [])))
  const answers = facts.flatMap((fact) => ('answers' in fact ? (fact.answers ?? []) : []))
  const seen = (days: number, value: object) => ({
    resourceType: 'Observation',
    status: 'final',
    code,
    effectiveDateTime: addDays(today, -days),
    ...value,
  })
  const measured = (value: number) => {
    const [unit] = units
    return {
      valueQuantity: { value, ...(unit ? { unit, system: 'http://unitsofmeasure.org', code: unit } : {}) },
    }
  }
  return [
    ...[-3, 0, 2, 6, 15, 45, 100].map((value) => named(`${value} yesterday`, seen(1, measured(value)))),
    named('100 a year ago', seen(370, measured(100))),
    named('100 and then 80', seen(100, measured(100)), seen(2, measured(80))),
    ...[...new Set(answers)].map((answer) =>
      named(`answered ${answer}`, seen(1, { valueCodeableConcept: { coding: [{ code: answer }] } })),
    ),
  ]
}
