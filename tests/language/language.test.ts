/** The vignettes themselves: readable, unique, with codes that exist, and each a call that an EHR could make. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dosage, MedicationRequest } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { toCall } from '../support/call.ts'
import { isKnown } from './code.ts'
import { loadVignettes, readVignette } from './vignette.ts'
import { toDate } from './when.ts'

const vignettes = loadVignettes().flatMap(({ vignettes: each }) => each)

const strain = {
  vignette: 'L999',
  title: 'A strain of nine days',
  rule: 'IM01',
  side: 'fires',
  patient: { age: 34 },
  chart: [{ problem: { code: 'icd10 M54.50', onset: '9 days ago', at: 'this visit' } }],
  orders: [{ imaging: { code: 'cpt 72148' } }],
  expect: { cards: [{ rule: 'IM01', indicator: 'warning' }] },
}

describe('the vignettes', () => {
  test('each has a number of its own', () => {
    expect(repeatedIn(vignettes.map(({ vignette }) => vignette))).toEqual([])
    // "L982-2" is the second case that one written vignette stands for.
    const written = loadVignettes().map(({ vignettes: each }) =>
      each.map(({ vignette }) => vignette.replace(/-\d+$/, '')),
    )
    expect(repeatedIn(written.flatMap((each) => [...new Set(each)]))).toEqual([])
  })

  test('no two are the same case under two numbers', () => {
    const cases = vignettes.map(({ vignette, title, rule, side, note, expect: expected, ...input }) => ({
      vignette,
      input: JSON.stringify(input),
    }))
    const repeated = new Set(repeatedIn(cases.map(({ input }) => input)))
    expect(cases.filter(({ input }) => repeated.has(input)).map(({ vignette }) => vignette)).toEqual([])
  })

  test('call each rule by the name that its card has, and not by its code', () => {
    const folder = join(import.meta.dirname, '../vignettes')
    const written = readdirSync(folder).flatMap((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n')
      const named = lines.filter((line) => /^\s*(- \{? ?)?(rule|lines|lines-not|cards):/.test(line))
      return named.map((line) => `${file}: ${line.trim()}`)
    })
    expect(written.length).toBeGreaterThan(1000)
    expect(written.filter((line) => /[:[,] ?[A-Z]{1,3}\d{2}[a-z0-9]*\b/.test(line))).toEqual([])
  })

  test('every code stands in a value set or is named as one that must mean nothing', () => {
    const written = vignettes.flatMap((vignette) =>
      codesIn({ chart: vignette.chart, orders: vignette.orders, encounter: vignette.encounter }).map(
        (code) => ({ vignette: vignette.vignette, code }),
      ),
    )
    expect(written.filter(({ code }) => !isKnown(code))).toEqual([])
  })

  test.each(vignettes)('$vignette is a call that the service reads', (vignette) => {
    const service = services.find(({ hook }) => hook === vignette.hook)
    expect(service && parseCall(toCall(vignette), service).patientId).toBe('vignette-patient')
  })
})

describe('the vignette language', () => {
  test('refuses a word that it does not know', () => {
    expect(() => readVignette({ ...strain, patient: { age: 34, weight: 80 } })).toThrow(/weight/)
    expect(() => readVignette({ ...strain, chart: [{ diagnosis: { code: 'icd10 M54.50' } }] })).toThrow(
      /diagnosis/,
    )
  })

  test('knows a rule by its name and by its code, and no other', () => {
    expect(readVignette({ ...strain, rule: 'acute-no-red-flag' }).rule).toBe('IM01')
    expect(readVignette({ ...strain, rule: 'IM01' }).rule).toBe('IM01')
    expect(() => readVignette({ ...strain, rule: 'IM99' })).toThrow(/no rule has the name/)
  })

  test('refuses a date that is not relative to the call', () => {
    const chart = [{ problem: { code: 'icd10 M54.50', onset: '2026-11-12' } }]
    expect(() => readVignette({ ...strain, chart })).toThrow(/is not a date/)
  })

  test('refuses a prefetch key that the service never asks for', () => {
    expect(() => readVignette({ ...strain, missing: ['goals'] })).toThrow()
  })

  test.each([
    ['today', '2024-02-29'],
    ['9 days ago', '2024-02-20'],
    ['2 weeks ago', '2024-02-15'],
    ['1 year ago', '2023-02-28'],
    ['about 7 years ago', '2017'],
    ['about 1 month ago', '2024-01'],
    ['in 3 days', '2024-03-03'],
  ])('reads "%s" on a leap day as %s', (text, date) => {
    expect(toDate(text, '2024-02-29')).toBe(date)
  })

  test.each([
    ['the birthday is today', { age: 18, birthday: 'today' }, '2008-11-21'],
    ['the birthday is tomorrow', { age: 17, birthday: 'tomorrow' }, '2008-11-22'],
    ['only the year is known', { age: 40, birthday: 'only the year is known' }, '1986'],
    ['no birth date is known', { age: 'unknown' }, undefined],
  ])('dates the birth when %s', (_, patient, birthDate) => {
    const call = toCall(readVignette({ ...strain, patient }))
    const { birthDate: born } = { birthDate: undefined, ...call.prefetch.patient }
    expect(born).toBe(birthDate)
  })

  test('answers every template, and leaves out what is withheld', () => {
    const call = toCall(
      readVignette({
        ...strain,
        missing: ['procedures'],
        failed: ['observations'],
        empty: ['coverage'],
        truncated: ['conditions'],
      }),
    )
    expect(call.prefetch).not.toHaveProperty('procedures')
    expect(call.prefetch.observations?.resourceType).toBe('OperationOutcome')
    expect(call.prefetch.coverage).toBeNull()
    expect(call.prefetch.conditions).toMatchObject({ link: [{ relation: 'next' }], entry: [{}] })
    expect(call.prefetch.encounters).toMatchObject({ type: 'searchset', entry: [{}] })
    expect(call.prefetch.encounter?.resourceType).toBe('Encounter')
  })

  test.each([
    [
      { take: '5 mg BID' },
      { timing: { code: { text: 'BID' } }, doseAndRate: [{ doseQuantity: { value: 5, code: 'mg' } }] },
    ],
    [
      { take: '10 mL every 4 to 6 hours' },
      { timing: { repeat: { period: 4, periodMax: 6, periodUnit: 'h' } } },
    ],
    [{ take: '1 to 2 a day' }, { doseAndRate: [{ doseRange: { high: { value: 2, unit: 'tablet' } } }] }],
    [{ take: '1 a day', 'dose-sent': 'without unit' }, { doseAndRate: [{ doseQuantity: { value: 1 } }] }],
    [{ 'at-most': '4 a day' }, { maxDosePerPeriod: { numerator: { value: 4 }, denominator: { code: 'd' } } }],
    [{ 'in-words-only': 'Take one', take: '1 a day' }, { text: 'Take one' }],
  ])('writes a dose as %j says', (dose, expected) => {
    const [dosage] = dosagesOf(dose)
    expect(dosage).toMatchObject(expected)
  })

  test('says one dose three ways, the ordered one last', () => {
    const [dosage] = dosagesOf({ take: '5 mg a day', 'dose-sent': 'in three ways' })
    const ways = (dosage?.doseAndRate ?? []).map(({ type, doseQuantity }) => [type?.text, doseQuantity?.unit])
    expect(ways).toEqual([
      ['calculated', 'mg'],
      ['admin-amount', 'tablet'],
      ['ordered', 'mg'],
    ])
  })

  test('leaves the timing out of a dose in words only', () => {
    expect(dosagesOf({ 'in-words-only': 'Take one', take: '1 a day' })[0]).not.toHaveProperty('timing')
  })

  test('names the chosen orders only where the hook has selections', () => {
    const orders = [{ imaging: { code: 'cpt 72148', selected: false } }, { imaging: { code: 'cpt 72100' } }]
    expect(toCall(readVignette({ ...strain, orders, hook: 'order-select' })).context.selections).toEqual([
      'ServiceRequest/draft-2',
    ])
    expect(toCall(readVignette({ ...strain, orders })).context).not.toHaveProperty('selections')
  })
})

function dosagesOf(dose: object): Dosage[] {
  const order = { medicine: { code: 'rxnorm 1049621', ...dose } }
  const drafts = toCall(readVignette({ ...strain, orders: [order] })).context.draftOrders
  return (drafts?.entry ?? []).flatMap(
    ({ resource }) => (resource as MedicationRequest).dosageInstruction ?? [],
  )
}

function repeatedIn(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

function codesIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return /^(icd10|snomed|cpt|loinc|rxnorm|atc|hcpcs|radlex) \S+$/.test(value) ? [value] : []
  }
  return value && typeof value === 'object' ? Object.values(value).flatMap(codesIn) : []
}
