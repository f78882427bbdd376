/** The invented patients and orders: dates that move, references that resolve, codes that exist. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bundle, FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import {
  daysBetween,
  hookCall,
  listOrders,
  listPatients,
  loadOrder,
  loadPatient,
  placeholderPatient,
  shiftDate,
  shiftDates,
} from '../fhir-fixtures/load.ts'
import { parseCall } from '../src/hooks/call.ts'
import { services } from '../src/hooks/services.ts'
import { loadCodes } from '../src/pathway/load.ts'
import { prefetchKeys, queries } from './language/vignette.ts'

const root = join(import.meta.dirname, '..')
const written = '2026-01-15'
const patients = listPatients(root).map((name) => ({ name, ...loadPatient(root, name, written) }))
const orders = listOrders(root).map((name) => ({ name, resource: loadOrder(root, name) }))

describe('moving dates', () => {
  test.each([
    ['2026-01-15', 0, '2026-01-15'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2024-02-29', 365, '2025-02-28'],
    ['2024-02-29', 366, '2025-03-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-01-15T09:00:00Z', 30, '2026-02-14T09:00:00Z'],
    ['2026-01-15T23:30:00-08:00', 1, '2026-01-16T23:30:00-08:00'],
    ['2019', 40, '2019'],
    ['2019', 365, '2020'],
    ['2020-11', 30, '2020-12'],
    ['2020-12', 1, '2020-12'],
    ['2020-12', 31, '2021-01'],
  ])('%s and %i days is %s', (date, days, later) => {
    expect(shiftDate(date, days)).toBe(later)
  })

  test('counts days across a leap day and a change of clocks', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    expect(daysBetween('2026-03-07', '2026-03-09')).toBe(2)
  })

  test('touches dates only: not codes, counts, numbers in text, or a year that is no date', () => {
    const resource = {
      resourceType: 'Condition',
      onsetDateTime: '2019',
      recordedDate: '2026-01-06',
      code: { coding: [{ code: '72148' }], text: 'Surgery in 2019' },
      identifier: [{ value: '2019' }],
      note: [{ text: '2019' }],
      stage: { summary: { coding: [{ code: '2019' }] } },
    }
    expect(shiftDates(resource, 365)).toEqual({
      ...resource,
      onsetDateTime: '2020',
      recordedDate: '2027-01-06',
    })
  })

  test('makes a patient of today: the onset of nine days ago stays nine days ago', () => {
    const { resources } = loadPatient(root, 'acute-week-two', '2026-11-21')
    const onsets = resources.flatMap((each) =>
      each.resourceType === 'Condition' ? (each.onsetDateTime ?? []) : [],
    )
    expect(onsets).toContain('2026-11-12')
  })
})

describe.each(patients)('the patient $name', ({ name, patient, resources }) => {
  test('begins with its Patient, who has a birth date', () => {
    expect(resources[0]).toBe(patient)
    expect(patient).toMatchObject({ id: name, birthDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
  })

  test('has ids of its own, and references that resolve', () => {
    const ids = resources.map(({ resourceType, id }) => `${resourceType}/${id}`)
    expect(new Set(ids).size).toBe(ids.length)
    expect(referencesIn(resources).filter((reference) => !ids.includes(reference))).toEqual([])
  })

  test('has exactly one encounter under way', () => {
    const now = resources.filter((each) => each.resourceType === 'Encounter' && each.status === 'in-progress')
    expect(now).toHaveLength(1)
  })

  test('can be called about, with every prefetch key answered', () => {
    const call = hookCall({
      patient: { patient, resources },
      orders: orders.map(({ resource }) => resource),
      hook: 'order-sign',
      queries,
      today: written,
    })
    const service = services.find(({ hook }) => hook === call.hook)
    expect(service && parseCall(call, service).patientId).toBe(name)
    expect(Object.keys(call.prefetch).sort()).toEqual([...prefetchKeys].sort())
    expect(subjectsIn(call.context.draftOrders as Bundle)).toEqual(new Set([`Patient/${name}`]))
    const drafts = (call.context.draftOrders?.entry ?? []).map(({ resource }) => resource?.id)
    expect(new Set(drafts).size).toBe(orders.length)
  })
})

describe('all fixtures together', () => {
  test('a resource that two patients share is the same in both', () => {
    const seen = new Map<string, string>()
    for (const { resources } of patients) {
      for (const resource of resources) {
        const key = `${resource.resourceType}/${resource.id}`
        const text = JSON.stringify(resource)
        expect(seen.get(key) ?? text, key).toBe(text)
        seen.set(key, text)
      }
    }
  })

  test('no date lies after the day they are written for', () => {
    const dates = patients.flatMap(({ name, resources }) =>
      stringsIn(resources)
        .filter((text) => /^\d{4}-\d\d-\d\d(T|$)/.test(text) && text.slice(0, 10) > written)
        .map((date) => `${name} ${date}`),
    )
    expect(dates).toEqual([])
  })

  test('every clinical code stands in a value set', () => {
    const known = loadCodes(root)
    const coded = [
      ...patients.flatMap(({ resources }) => resources),
      ...orders.map(({ resource }) => resource),
    ]
      .flatMap(codingsIn)
      .filter(({ system }) => clinical.has(system))
    const unknown = coded.filter(({ system, code }) => known.lookup({ system, code }).length === 0)
    expect(coded.length).toBeGreaterThan(40)
    expect(unknown).toEqual([])
  })

  test('the README lists every patient', () => {
    const listed = [
      ...readFileSync(join(root, 'fhir-fixtures/README.md'), 'utf8').matchAll(/^\| `([a-z-]+)` \|/gm),
    ]
    expect(listed.map(([, name]) => name).sort()).toEqual(listPatients(root))
  })

  test('every order is a draft for whoever the call is about', () => {
    for (const { name, resource } of orders) {
      expect(resource, name).toMatchObject({
        id: `draft-${name}`,
        status: 'draft',
        intent: 'order',
        subject: { reference: placeholderPatient },
      })
    }
  })

  test('a name that is not there is answered with the names that are', () => {
    expect(() => loadPatient(root, '../orders/lumbar-mri', written)).toThrow(/acute-week-two/)
    expect(() => loadOrder(root, 'knee-mri')).toThrow(/lumbar-mri/)
  })

  test('two drafts of one order are two orders', () => {
    const order = loadOrder(root, 'lumbar-mri')
    const [first] = patients
    const call =
      first &&
      hookCall({ patient: first, orders: [order, order], hook: 'order-select', queries, today: written })
    expect(call?.context.selections).toEqual([
      'ServiceRequest/draft-lumbar-mri',
      'ServiceRequest/draft-lumbar-mri-2',
    ])
  })
})

const clinical = new Set([
  'http://snomed.info/sct',
  'http://hl7.org/fhir/sid/icd-10-cm',
  'http://www.ama-assn.org/go/cpt',
  'http://loinc.org',
  'http://www.nlm.nih.gov/research/umls/rxnorm',
])

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : []
}

function referencesIn(value: unknown): string[] {
  if (!value || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'reference' && typeof each === 'string' ? [each] : referencesIn(each),
  )
}

function codingsIn(value: unknown): { system: string; code: string }[] {
  if (!value || typeof value !== 'object') return []
  const own =
    'system' in value && 'code' in value ? [{ system: String(value.system), code: String(value.code) }] : []
  return [...own, ...Object.values(value).flatMap(codingsIn)]
}

const subjectsIn = (bundle: Bundle): Set<string | undefined> =>
  new Set(
    (bundle.entry ?? []).map(({ resource }) => {
      const { subject } = (resource ?? {}) as FhirResource & { subject?: { reference?: string } }
      return subject?.reference
    }),
  )
