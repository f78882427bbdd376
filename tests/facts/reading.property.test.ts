/**
 * One finding, one answer: every condition fact says the same of the same code, however its system, code, date and
 * status are spelled and wherever it is written down. Over all facts, not over examples.
 */
import type { Bundle } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { compileFacts } from '../../src/facts/find-facts.ts'
import { keysOf } from '../../src/facts/lookups.ts'
import { saysOneOf } from '../../src/facts/words.ts'
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { FactOf } from '../../src/pathway/schema.ts'
import { gather } from '../support/gather.ts'
import { content } from './support.ts'

const today = '2026-11-21'
const daysBefore = (days: number) =>
  new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10)
const facts = compileFacts(content)
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
const snomed = 'http://snomed.info/sct'

type Fact = FactOf<'condition'>
type Json = Record<string, unknown>

/** A code that the fact counts, in this system. */
function codeFor(fact: Fact, system: string): CodeRow | undefined {
  const keys = new Set(keysOf(fact.codes))
  const only = fact['only-codes'] && new Set(fact['only-codes'])
  const except = new Set(fact['except-codes'])
  const named = fact['only-named']
  const minimum = system === icd10 ? 4 : 6
  return content.codes.rows.find(
    (row) =>
      keys.has(row.key) &&
      row.system === system &&
      row.code.length >= minimum &&
      !except.has(row.code) &&
      (!only || only.has(row.code)) &&
      (!named || saysOneOf(row.display, named)),
  )
}

/** A row `S35~D` stands for the codes below S35 that end in D: charts hold one of seven characters. */
function asCharted(code: string): string {
  const [beginning = '', encounter] = code.split('~')
  if (encounter === undefined) return code
  const six = beginning.replace('.', '').padEnd(6, '0')
  return `${six.slice(0, 3)}.${six.slice(3)}${encounter}`
}

const trials = Object.entries(content.facts).flatMap(([name, fact]) =>
  fact.kind === 'condition' && fact.in.includes('Condition') && fact.observed && !fact['with-words']
    ? [icd10, snomed].flatMap((system) => {
        const row = codeFor(fact, system)
        return row ? [{ name, system, row: { ...row, code: asCharted(row.code) } }] : []
      })
    : [],
)

interface Chart {
  conditions?: Json[]
  encounters?: Json[]
  observations?: Json[]
  order?: Json
}

const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1971-03-02', gender: 'female' }
const bundle = (resources: readonly Json[] = []) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource })),
})
const visit = (more: Json = {}, id = 'e1', on = daysBefore(0)): Json => ({
  resourceType: 'Encounter',
  id,
  status: 'in-progress',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p1' },
  period: { start: on },
  ...more,
})

async function answerOf(name: string, { conditions, encounters, observations, order }: Chart) {
  const draft = {
    resourceType: 'ServiceRequest',
    id: 'draft',
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] },
    ...order,
  }
  const visits = encounters ?? [visit()]
  const prefetch: Record<string, unknown> = { patient }
  for (const { key } of Object.values(content.queries)) prefetch[key] ??= bundle()
  prefetch.patient = patient
  prefetch.conditions = bundle(conditions)
  prefetch.encounters = bundle(visits)
  prefetch.observations = bundle(observations)
  const call = {
    hook: 'order-sign' as const,
    hookInstance: 'x',
    patientId: 'p1',
    encounterId: 'e1',
    userId: 'Practitioner/1',
    draftOrders: bundle([draft]) as unknown as Bundle,
    prefetch,
  }
  const record = await gather(call as unknown as Parameters<typeof gather>[0], content.queries)
  const [under] = facts.ordersUnderReview(record).orders
  if (!under) throw new Error('the draft is not under review')
  return facts.open(record, today).find(under, [name]).get(name)?.value
}

const clinical = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }],
})

function condition(code: Json, more: Json = {}): Json {
  return {
    resourceType: 'Condition',
    id: 'c1',
    subject: { reference: 'Patient/p1' },
    clinicalStatus: clinical('active'),
    code,
    ...more,
  }
}

function namesOf(system: string): string[] {
  return system === icd10
    ? [
        'ICD-10-CM',
        'I10',
        'icd10',
        'urn:oid:2.16.840.1.113883.6.90',
        '2.16.840.1.113883.6.90',
        `${icd10}/`,
        ' HTTP://HL7.org/fhir/sid/icd-10-cm',
        'ICD10CM-DX',
      ]
    : [
        'SNOMED CT',
        'SCT',
        'urn:oid:2.16.840.1.113883.6.96',
        `${snomed}/731000124108`,
        `${snomed}/731000124108/version/20250301`,
        'http: //snomed.info/sct',
        'SNOMEDCT-2025',
      ]
}

function codesOf({ system, code, display }: CodeRow): Json[] {
  const coding = (more: Json) => ({ coding: [{ system, code, ...more }] })
  const names = namesOf(system).map((name) => coding({ system: name }))
  const spelled =
    system === icd10
      ? [code.toLowerCase(), code.replace('.', ''), ` ${code} `, `ICD10:${code}`, `I10|${code}`]
      : [
          ...(Number.isSafeInteger(Number(code)) ? [Number(code)] : []),
          `${code} `,
          `SCT|${code}`,
          `${code} |${display}|`,
          `${code}:363698007=122496007`,
        ]
  return [
    ...names,
    ...spelled.map((written) => coding({ code: written })),
    {
      coding: [
        { system: 'urn:oid:1.2.840.114350.1', code: '4711' },
        { system, code },
      ],
    },
    { coding: [{ code, display }], text: display },
    { concept: { coding: [{ system, code }] } },
  ]
}

const statuses: Json[] = [
  { clinicalStatus: clinical('Active') },
  { clinicalStatus: { text: 'Active' } },
  { clinicalStatus: 'active' },
  { clinicalStatus: { coding: [{ system: 'urn:oid:1.2.3', code: '1' }, { code: 'active' }] } },
  { clinicalStatus: { coding: [{ system: snomed, code: '55561003' }] } },
  { verificationStatus: { coding: [{ code: 'CONFIRMED' }] } },
]
const withdrawn: Json[] = [
  { verificationStatus: { coding: [{ code: 'refuted' }] } },
  { verificationStatus: { text: 'Refuted' } },
  { verificationStatus: { coding: [{ system: 'urn:oid:1.2.3', code: '9' }, { code: 'Entered-in-Error' }] } },
  { verificationStatus: 'entered-in-error' },
]

const two = daysBefore(2)
const dates: Json[] = [
  { recordedDate: two },
  { assertedDate: two },
  { onsetPeriod: { start: two } },
  { onsetDateTime: '1900-01-01', recordedDate: two },
  { onsetDateTime: '2062-01-01', recordedDate: two },
  { onsetDateTime: '1950-05-05', recordedDate: two },
  { onsetDateTime: `${two}T23:30:00-08:00` },
]

describe.each(trials)('$name says the same of $row.code', ({ name, system, row }) => {
  const code = { coding: [{ system, code: row.code, display: row.display }], text: row.display }
  const plain = () =>
    answerOf(name, { conditions: [condition(code, { onsetDateTime: two, recordedDate: two })] })

  test('in every spelling of system and code', async () => {
    const expected = await plain()
    for (const spelled of codesOf(row)) {
      const answer = await answerOf(name, { conditions: [condition(spelled, { onsetDateTime: two })] })
      expect(answer, JSON.stringify(spelled)).toBe(expected)
    }
  })

  test('with every spelling of an active status, and nothing once it is withdrawn', async () => {
    const expected = await plain()
    for (const status of statuses) {
      const answer = await answerOf(name, {
        conditions: [condition(code, { onsetDateTime: two, ...status })],
      })
      expect(answer, JSON.stringify(status)).toBe(expected)
    }
    const nothing = await answerOf(name, {})
    for (const status of withdrawn) {
      const answer = await answerOf(name, {
        conditions: [condition(code, { onsetDateTime: two, ...status })],
      })
      expect(answer, JSON.stringify(status)).toBe(nothing)
    }
  })

  test('whatever dates it, as long as the date can be believed', async () => {
    const expected = await plain()
    for (const date of dates) {
      const answer = await answerOf(name, { conditions: [condition(code, date)] })
      expect(answer, JSON.stringify(date)).toBe(expected)
    }
    const earlier = visit({}, 'e0', two)
    const dated = await answerOf(name, {
      conditions: [condition(code, { encounter: { reference: 'Encounter/e0' } })],
      encounters: [visit(), earlier],
    })
    expect(dated, 'by its encounter').toBe(expected)
    const named = await answerOf(name, {
      conditions: [condition(code)],
      encounters: [visit(), { ...earlier, diagnosis: [{ condition: { reference: 'Condition/c1' } }] }],
    })
    expect(named, 'by the encounter that names it').toBe(expected)
  })

  test('wherever it is written down', async () => {
    const expected = await plain()
    const observed = { resourceType: 'Observation', id: 'o1', status: 'final', effectiveDateTime: two }
    const places: Record<string, Chart> = {
      'diagnosis of the visit': {
        conditions: [
          condition(code, {
            onsetDateTime: two,
            category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
            encounter: { reference: 'Encounter/e1' },
          }),
        ],
      },
      'reason of the visit': { encounters: [visit({ reasonCode: [code] })] },
      'reason of the visit, R5': { encounters: [visit({ reason: [{ value: [{ concept: code }] }] })] },
      'reason of the order': { order: { reasonCode: [code] } },
      'reason of the order, R5': { order: { reason: [{ concept: code }] } },
      'observation with the finding as its value': {
        observations: [{ ...observed, code: { text: 'Finding' }, valueCodeableConcept: code }],
      },
      'observation that is answered yes': { observations: [{ ...observed, code, valueBoolean: true }] },
    }
    for (const [place, chart] of Object.entries(places)) {
      expect(await answerOf(name, chart), place).toBe(expected)
    }
    const nothing = await answerOf(name, {})
    const denied = await answerOf(name, { observations: [{ ...observed, code, valueBoolean: false }] })
    expect(denied, 'observation that is answered no').toBe(nothing)
  })
})

test('enough facts and codes were tried', () => {
  expect(new Set(trials.map(({ name }) => name)).size).toBeGreaterThan(30)
})
