/** Departments and groups: only what site.yaml names is kept or held back; what is absent or odd is nobody's. */

import type { Encounter, Patient } from 'fhir/r4.js'
import { afterAll, describe, expect, test } from 'vitest'
import { strataOf } from '../../src/ledger/strata.ts'
import type { PatientRecord } from '../../src/record/record.ts'
import { compileSilence, departmentIn } from '../../src/silence.ts'
import { siteFile } from '../../src/site/schema.ts'
import { callOf, type Desk, openDesk, shown } from './support.ts'

const desks: Desk[] = []
afterAll(() => Promise.all(desks.map(({ close }) => close())))

const departments = { Emergency: ['Location/ed', 'ED-1'], Spine: ['Organization/spine', 'Spine Center'] }
const visit = (more: Partial<Encounter> = {}): { encounter: Encounter } => ({
  encounter: { resourceType: 'Encounter', status: 'in-progress', class: { code: 'AMB' }, ...more },
})
const at = (location: object) => visit({ location: [{ location }] })

describe('The department of a visit', () => {
  test.each([
    ['a location by reference', at({ reference: 'Location/ed' }), 'Emergency'],
    ['with the address of its server', at({ reference: 'https://ehr.example/r4/Location/ed' }), 'Emergency'],
    ['with a version', at({ reference: 'Location/ed/_history/3' }), 'Emergency'],
    ['by identifier', at({ identifier: { value: 'ED-1' } }), 'Emergency'],
    [
      'the organization that serves',
      visit({ serviceProvider: { reference: 'Organization/spine' } }),
      'Spine',
    ],
    ['by what it is called', visit({ serviceProvider: { display: 'Spine Center' } }), 'Spine'],
    ['another location', at({ reference: 'Location/other' }), undefined],
    ['another type of that id', at({ reference: 'Organization/ed' }), undefined],
    ['a longer id', at({ reference: 'Location/ed2' }), undefined],
    ['no reference at all', at({}), undefined],
    ['a number in place of it', at({ reference: 7 as unknown as string }), undefined],
    ['nothing', visit(), undefined],
    ['a location that is a word', visit({ location: 'ed' as never }), undefined],
    ['no visit', { encounter: undefined }, undefined],
  ])('is found by %s', (_, record, department) => {
    expect(departmentIn(record, departments)).toBe(department)
  })

  test('is nobody’s where the site names none', () => {
    expect(departmentIn(at({ reference: 'Location/ed' }), {})).toBeUndefined()
  })
})

describe('A department in a trial run', () => {
  const silence = compileSilence(
    siteFile.parse({
      silent: { departments: [{ name: 'Emergency', 'speaks-from': '2026-12-01' }, { name: 'Spine' }] },
    }),
  )
  test.each([
    ['Emergency', '2026-11-30', 'silent-department'],
    ['Emergency', '2026-12-01', undefined],
    ['Spine', '2027-01-01', 'silent-department'],
    ['Other', '2026-11-30', undefined],
    [undefined, '2026-11-30', undefined],
  ])('%s on %s: %s', (department, day, why) => {
    expect(silence.of({ issuer: undefined, department }, day)).toBe(why)
  })

  test('shows nothing, not even an emergency, and the ledger has what it would have shown; others are shown', async () => {
    const silent = { callers: [], departments: [{ name: 'Emergency' }] }
    const desk = openDesk({ site: { departments, silent } })
    desks.push(desk)
    const encounter = (place: string): Encounter => ({
      ...at({ reference: place }).encounter,
      id: 'visit-1',
      subject: { reference: 'Patient/cauda-equina' },
    })
    const call = (place: string) => {
      const asked = callOf('order-sign', 'cauda-equina', ['lumbar-xray'], { encounterId: 'visit-1' })
      const subject = { reference: `Patient/${asked.patientId}` }
      return { ...asked, prefetch: { ...asked.prefetch, encounter: { ...encounter(place), subject } } }
    }
    expect(await shown(desk, call('Location/ed'))).toEqual([])
    const elsewhere = await shown(desk, call('Location/ward'))
    expect(elsewhere[0]).toMatch(/critical$/)
    expect(
      await desk.rows('select mode, department from lumbar_ledger_evaluation order by at, mode desc'),
    ).toEqual([
      { mode: 'silent', department: 'Emergency' },
      { mode: 'live', department: null },
    ])
    const [held] = await desk.rows(
      "select indicator, shown from lumbar_ledger_card where why = 'silent-department'",
    )
    expect(held).toEqual({ indicator: 'critical', shown: 0 })
  })
})

describe('The groups of a patient', () => {
  const now = Date.parse('2026-11-21T18:32:00Z')
  const wanted = siteFile.parse({
    ledger: {
      strata: {
        'age-bands': [18, 40, 65],
        sex: true,
        language: true,
        race: true,
        ethnicity: true,
        payers: { medicaid: ['Apple Health'], commercial: ['Premera', 'Regence'] },
      },
    },
  }).ledger.strata
  const us = (name: string, ...codes: string[]) => ({
    url: `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`,
    extension: codes.map((code) => ({ url: 'ombCategory', valueCoding: { code } })),
  })
  const of = (patient: object | undefined, coverage: readonly object[] = []) =>
    strataOf(
      {
        patient: patient && ({ resourceType: 'Patient', ...patient } as Patient),
        resources: new Map([['Coverage', coverage]]),
        resolve: () => undefined,
      } as unknown as PatientRecord,
      wanted,
      now,
    )
  const unknown = {
    age: 'unknown',
    sex: 'unknown',
    language: 'unknown',
    race: 'unknown',
    ethnicity: 'unknown',
    payer: 'unknown',
  }

  test('are those that site.yaml names, and none without', () => {
    const nothing = siteFile.parse({}).ledger.strata
    expect(strataOf({ patient: undefined } as never, nothing, now)).toEqual({})
    const patient = {
      birthDate: '1980-01-02',
      gender: 'female',
      communication: [
        { language: { coding: [{ code: 'en-US' }] } },
        { preferred: true, language: { coding: [{ code: 'es-MX' }] } },
      ],
      extension: [us('race', '2106-3'), us('ethnicity', '2135-2')],
    }
    expect(of(patient, [{ payor: [{ display: 'Washington Apple Health (Molina)' }] }])).toEqual({
      age: '40-64',
      sex: 'female',
      language: 'es',
      race: '2106-3',
      ethnicity: '2135-2',
      payer: 'medicaid',
    })
  })

  test('are unknown where nothing came', () => {
    expect(of(undefined)).toEqual(unknown)
    expect(of({})).toEqual(unknown)
  })

  test.each([
    ['birthDate', { birthDate: 'long ago' }],
    ['a birth to come', { birthDate: '2027-01-01' }],
    ['gender', { gender: 'F' }],
    ['a gender that is no text', { gender: ['female'] }],
    ['language', { communication: [{ language: { coding: [{ code: 'Spanish, of Mexico' }] } }] }],
    ['a language in words', { communication: [{ language: { text: 'Zebulon Quux' } }] }],
    ['race', { extension: [us('race', 'Zebulon Quux')] }],
    ['race that is no code', { extension: us('race', '2106') }],
  ])('are unknown where %s is odd, and no word of the chart is kept', (_, patient) => {
    expect(of(patient)).toEqual(unknown)
  })

  test.each([
    ['2008-11-22', '0-17'],
    ['2008-11-20', '18-39'],
    ['1961-11-20', '65+'],
    ['1940', '65+'],
  ])('born %s: %s', (birthDate, age) => {
    expect(of({ birthDate }).age).toBe(age)
  })

  test('several races are told as several, and a payer that is in no group as another', () => {
    expect(of({ extension: [us('race', '2106-3', '2054-5')] }).race).toBe('several')
    expect(of({}, [{ payor: [{ display: 'Zebulon Mutual' }] }]).payer).toBe('other')
    expect(of({}, [{ payor: [{ display: 'PREMERA BLUE CROSS' }] }]).payer).toBe('commercial')
  })
})
