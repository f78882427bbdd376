/** A rehearsal on an invented population says of each order what is true of it, and names the codes that were planted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Truth } from '../../population/generate/truth.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { marked, marksPage, readMarks } from '../../population/rehearsal/marks.ts'
import { rehearsalPage, samplesPage } from '../../population/rehearsal/page.ts'
import { type Rehearsal, rehearse } from '../../population/rehearse.ts'
import { asOf } from '../../population/replay/as-of.ts'
import { openLibrary } from '../../src/library.ts'

const place = mkdtempSync(join(tmpdir(), 'lumbar-rehearsal-test-'))
const lumbar = openLibrary()
let truth: Truth
let found: Rehearsal

beforeAll(async () => {
  truth = writePopulation({ out: place, patients: 800, seed: 5 })
  rmSync(join(place, 'ImagingStudy.ndjson'))
  found = await rehearse(place, lumbar, place)
}, 120_000)
afterAll(() => rmSync(place, { recursive: true }))

const ofKind = (kind: string) => found.summary.byRule.filter((each) => each.kind === kind)
const ordersOf = (kind: string, rule: string | null) =>
  ofKind(kind).find((each) => each.rule === rule)?.orders ?? 0

describe('a rehearsal', () => {
  test('judges every order that it can read', () => {
    expect(found.summary.orders).toEqual({ ...truth.rehearsal.orders, notNamed: 0 })
    expect(found.replayed.withoutPatient).toBe(0)
    expect(found.replayed.undatedOrders).toBe(0)
  })

  test.each(['IM01', 'IM06', 'IM03'])('says %s to as many imaging orders as it is true of', (rule) => {
    expect(truth.rehearsal.imaging[rule]).toBeGreaterThan(0)
    expect(ordersOf('lumbar-imaging', rule)).toBe(truth.rehearsal.imaging[rule])
  })

  test('says that imaging is not needed to nobody with a flag, nor after six weeks of care and an MRI', () => {
    const { flag = 0, silent = 0, minor = 0, IM05 = 0 } = truth.rehearsal.imaging
    const others = ofKind('lumbar-imaging').filter(({ rule }) => !/^IM0[136]$/.test(rule ?? ''))
    expect(flag).toBeGreaterThan(0)
    expect(others.reduce((sum, { orders }) => sum + orders, 0)).toBe(flag + silent + minor + IM05)
  })

  test('says OP01 to opioids for people new to them, and nothing for another pain or to minors', () => {
    const { OP01 = 0, OP01r = 0, minor = 0 } = truth.rehearsal.opioid
    expect(OP01).toBeGreaterThan(0)
    expect(ordersOf('opioid', 'OP01')).toBe(OP01)
    expect(ordersOf('opioid', 'OP01r')).toBe(OP01r)
    const silent = found.summary.silentBecause.filter(({ kind }) => kind === 'opioid')
    expect(Object.fromEntries(silent.map(({ gate, orders }) => [gate, orders]))).toEqual({
      G03: minor,
      G04o: truth.rehearsal.opioid['other pain'],
    })
  })

  test('says OP04, OP06 and OP08 where they are true, and else what a flag asks for', () => {
    const { flag = 0, ...others } = truth.rehearsal.opioid
    const named = ['OP04', 'OP06', 'OP08']
    for (const rule of named) {
      expect(others[rule]).toBeGreaterThan(0)
      expect(ordersOf('opioid', rule)).toBeGreaterThanOrEqual(others[rule] ?? 0)
    }
    const spoken = ofKind('opioid').filter(({ rule }) => rule !== null && !/^OP01r?$/.test(rule))
    expect(spoken.reduce((sum, { orders }) => sum + orders, 0)).toBe(
      named.reduce((sum, rule) => sum + (others[rule] ?? 0), flag),
    )
  })

  test('finds every false alarm and every miss', () => {
    const { notNeeded, falseAlarms, falseAlarmsDone, missed } = truth.rehearsal
    expect(falseAlarms).toBeGreaterThan(0)
    expect(found.summary.falseAlarms).toMatchObject({
      notNeeded,
      alarms: falseAlarms,
      done: falseAlarmsDone,
      missed,
    })
  })

  test('names the local codes that were planted, with how many orders have them, and the type that never came', () => {
    const orders = found.unread.localCodes.filter(({ type }) => type === 'ServiceRequest')
    expect(Object.fromEntries(orders.map(({ code, entries }) => [code, entries]))).toEqual(
      truth.rehearsal.localCodes,
    )
    expect(orders.every(({ readBy }) => readBy === 'nothing')).toBe(true)
    expect(found.unread.typesThatNeverCame).toEqual(['ImagingStudy'])
  })

  test('counts the same orders by clinic, by clinician and by rule', () => {
    const { byClinic, byClinician, byRule, orders } = found.summary
    const all = orders.imaging + orders.opioid + orders.notNamed
    for (const list of [byClinic, byClinician, byRule])
      expect(list.reduce((sum, each) => sum + each.orders, 0)).toBe(all)
  })

  test('keeps twenty cases of a rule at most, and shows what came after them', () => {
    const lengths = [...found.samples.byRule.values()].map(({ length }) => length)
    expect(Math.max(...lengths)).toBe(20)
    const page = samplesPage(found.samples.byRule, lumbar)
    expect(page).toContain('IM01, case 20')
    expect(page.match(/<fieldset>/g)).toHaveLength(lengths.reduce((sum, each) => sum + each, 0))
    expect(rehearsalPage(found, lumbar)).toContain('IMG4711')
  })
})

describe('marks of a reviewer', () => {
  const file = (...lines: string[]) => ['rule,order,mark,why', ...lines].join('\n')

  test('come back as shares by rule, and over all orders by how often a rule speaks', () => {
    const cases = readMarks(
      file(
        '"IM01","a","right",""',
        '"IM01","b","wrong","She had a cancer, said the note"',
        '"IM01","c","cannot tell",""',
        '"IM01","d","",""',
        '"OP01","e","right",""',
      ),
    )
    const found = marked(
      cases,
      new Map([
        ['IM01', 30],
        ['OP01', 70],
      ]),
    )
    expect(found.rules[0]).toMatchObject({
      rule: 'IM01',
      orders: 30,
      right: 1,
      wrong: 1,
      cannotTell: 1,
      unmarked: 1,
    })
    expect(found.overall).toEqual({ orders: 100, wrong: 15 })
    const page = marksPage(found)
    expect(page).toContain('15.0 %')
    expect(page).toContain('She had a cancer, said the note')
  })

  test('of a rule that did not speak, and of nobody, come to nothing', () => {
    expect(marked(readMarks(file('XX99,a,wrong,')), new Map()).overall).toBeUndefined()
    expect(marksPage(marked(readMarks(file()), new Map()))).toContain('0 cases')
  })

  test.each([
    ['another mark', 'IM01,a,maybe,', /line 2: a mark is right/],
    ['a case without a rule', ',a,right,', /line 2: a case has a rule/],
    ['one case twice', 'IM01,a,right,\nIM01,a,wrong,', /line 3: this case stands there twice/],
    ['another table', 'IM01,a,right,,,,', /line 2/],
  ])('with %s are refused by their line', (_, lines, message) => {
    expect(() => readMarks(file(lines))).toThrow(message)
  })
})

describe('a record as of a moment', () => {
  const order = {
    resourceType: 'ServiceRequest',
    id: 'o',
    authoredOn: '2024-03-05T10:00:00Z',
  } as FhirResource
  const at = (entries: readonly object[]) => asOf(entries as FhirResource[], order, '2024-03-05T10:00:00Z')

  test('leaves out what was written later, by the minute where both say it, and what the order led to', () => {
    const { resources } = at([
      { resourceType: 'Condition', id: 'before', recordedDate: '2024-03-05T09:59:00Z' },
      { resourceType: 'Condition', id: 'after', recordedDate: '2024-03-05T10:01:00Z' },
      { resourceType: 'Condition', id: 'same-day', recordedDate: '2024-03-05' },
      { resourceType: 'Condition', id: 'other-zone', recordedDate: '2024-03-05T03:30:00-08:00' },
      { resourceType: 'Procedure', id: 'led-to', basedOn: [{ reference: 'ServiceRequest/o' }] },
    ])
    expect(resources.map(({ id }) => id)).toEqual(['before', 'same-day'])
  })

  test('keeps and counts what has no date, and puts back what ended later', () => {
    const { resources, undated, visit } = at([
      { resourceType: 'Condition', id: 'undated' },
      {
        resourceType: 'Condition',
        id: 'ended',
        recordedDate: '2024-01-01',
        abatementDateTime: '2024-04-01',
        clinicalStatus: { coding: [{ code: 'resolved' }] },
      },
      {
        resourceType: 'Encounter',
        id: 'visit',
        status: 'finished',
        period: { start: '2024-03-05T09:00:00Z', end: '2024-03-05T11:00:00Z' },
      },
      { resourceType: 'Patient', id: 'p' },
    ])
    expect(undated).toBe(1)
    expect(resources[1]).toMatchObject({ clinicalStatus: { coding: [{ code: 'active' }] } })
    expect(resources[1]).not.toHaveProperty('abatementDateTime')
    expect(visit).toMatchObject({ id: 'visit', status: 'in-progress' })
  })
})
