/** Report and rehearsal over exports that lack something, or hold what nobody should send: each ends, and tells what it left out. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Counted, countFolder } from '../../population/count.ts'
import { openDuck } from '../../population/duck.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { readViews } from '../../population/intake.ts'
import { oddLine } from '../../population/odd-line.ts'
import { rehearsalPage, samplesPage } from '../../population/rehearsal/page.ts'
import { type Rehearsal, rehearse } from '../../population/rehearse.ts'
import { reportPage } from '../../population/report/page.ts'
import { readPrices } from '../../population/report.ts'
import { usedBy, usedOf } from '../../population/view/view.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { resultsOf } from '../../src/quality/results.ts'
import { root } from '../support/evaluator.ts'
import { lines, writeExport } from '../support/odd-exports.ts'

type Files = Record<string, string>
type Loose = Record<string, unknown>

const place = mkdtempSync(join(tmpdir(), 'lumbar-odd-'))
const lumbar = openLibrary()
const measures = readMeasures(root, lumbar.sources)
const prices = readPrices(join(root, 'measures/prices.csv'))
const period = { start: '2024-01-01', end: '2024-12-03' }
let usual: Files
let asUsual: { report: Counted; rehearsal: Rehearsal }

beforeAll(async () => {
  const made = join(place, 'made')
  writePopulation({ out: made, patients: 60, seed: 8 })
  const names = readdirSync(made).filter((name) => name.endsWith('.ndjson'))
  usual = Object.fromEntries(names.map((name) => [name, readFileSync(join(made, name), 'utf8')]))
  asUsual = await both(usual)
}, 240_000)
afterAll(() => rmSync(place, { recursive: true }))

let folders = 0
/** Both, with their pages. */
async function both(files: Files) {
  folders += 1
  const folder = join(place, `export-${folders}`)
  writeExport(folder, files)
  const open = () => openDuck({ threads: 1 })
  const report = await countFolder(folder, { lumbar, measures, period, prices, work: folder, open })
  const results = resultsOf(measures, report.counts, { allCells: false, clinicOf: report.clinicOf })
  const data = { ...report, from: period.start, until: period.end, results, prices, allCells: false }
  expect(reportPage(data)).toContain('What the data cannot tell')
  const rehearsal = await rehearse(folder, lumbar, folder)
  expect(rehearsalPage(rehearsal, lumbar)).toContain('What could not be read')
  expect(samplesPage(rehearsal.samples.byRule, lumbar)).toContain('Cases to judge')
  return { report, rehearsal }
}

const changed = (name: string, change: (resource: Loose) => unknown) => ({
  ...usual,
  [name]: lines(
    ...(usual[name] ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => change(JSON.parse(line) as Loose) as object),
  ),
})
const countOf = (text = '') => text.split('\n').filter(Boolean).length
const unplacedIn = ({ report }: { report: Counted }, type: string) =>
  report.unplaced.find((each) => each.type === type)

test('of the usual export every entry has its place', () => {
  expect(asUsual.report.unplaced).toEqual([])
  expect(asUsual.report.missingTypes).toEqual([])
  expect(asUsual.report.episodes).toBeGreaterThan(30)
  expect(asUsual.rehearsal.replayed).toMatchObject({ undatedOrders: 0, withoutPatient: 0 })
  expect(asUsual.rehearsal.summary.orders.imaging).toBeGreaterThan(5)
})

test.each([
  [['Condition', 'Coverage', 'Encounter']],
  [['MedicationRequest', 'Observation', 'Procedure', 'ServiceRequest']],
])('without files of %s it is said that these types never came', async (types) => {
  const files = Object.entries(usual).filter(([name]) => !types.includes(name.replace('.ndjson', '')))
  const { report, rehearsal } = await both(Object.fromEntries(files))
  expect(report.missingTypes).toEqual(types)
  // Coverage is for measures alone.
  const ofRules = types.filter((type) => type in lumbar.queries)
  expect(rehearsal.unread.typesThatNeverCame.toSorted()).toEqual(ofRules)
  if (types.includes('Encounter')) expect(report.episodes).toBe(0)
})

test('a line with a text of many megabytes is not taken for an odd one', async () => {
  const visit = { resourceType: 'Encounter', id: 'v1', status: 'finished', class: { code: 'AMB' } }
  const scan = '\\n"'.repeat(6_000_000)
  const file = join(place, 'Encounter.ndjson')
  const [long, odd] = [JSON.stringify({ text: { div: scan }, ...visit }), JSON.stringify({ ...visit, id: 7 })]
  writeFileSync(file, `${long}\n${odd}\n`)
  expect(await oddLine([file], 'Encounter', usedOf('Encounter'))).toMatchObject({
    line: 2,
    why: 'it has no id',
  })
})

test('a number of very many digits that is none is told as fast as it is read', async () => {
  const file = join(place, 'Encounter.ndjson')
  const rank = `${'1'.repeat(2_000_000)}x`
  writeFileSync(file, JSON.stringify({ resourceType: 'Encounter', id: 'v1', diagnosis: [{ rank }] }))
  const why = 'diagnosis: rank is a number in FHIR, and none here'
  expect(await oddLine([file], 'Encounter', usedBy(readViews(), 'Encounter'))).toMatchObject({ line: 1, why })
})

test('an export that stands there twice is counted once', async () => {
  const again = Object.fromEntries(Object.entries(usual).map(([name, text]) => [`again/${name}`, text]))
  const { report, rehearsal } = await both({ ...usual, ...again })
  const { repeated, ...rest } = report
  const { repeated: none, ...wanted } = asUsual.report
  expect([none, repeated > 300]).toEqual([0, true])
  const sorted = ({ counts, ...others }: typeof rest) => ({
    ...others,
    counts: counts.map((each) => JSON.stringify(each)).sort(),
  })
  expect(sorted(rest)).toEqual(sorted(wanted))
  expect(rehearsal.summary).toEqual(asUsual.rehearsal.summary)
  expect(rehearsal.replayed).toEqual(asUsual.rehearsal.replayed)
})

/** Each order gets the next of some values; of how many orders of imaging each is. */
function ordersWith<V>(values: readonly V[], put: (order: Loose, value: V) => Loose) {
  let at = 0
  const ids = new Map<string, V>()
  const files = changed('ServiceRequest.ndjson', (order) => {
    const value = values[at++ % values.length] as V
    ids.set(String(order.id), value)
    return put(order, value)
  })
  const ofImaging = [...ids].filter(([id]) => id.startsWith('imaging-'))
  return { files, all: ids, ofImaging }
}

test('orders of nobody are not judged, and counted', async () => {
  const subjects = [
    undefined,
    { identifier: { value: '4711' } },
    { reference: 'Patient/nobody' },
    { reference: 5 },
  ]
  const { files, all } = ordersWith(subjects, (order, subject) => ({ ...order, subject }))
  const found = await both(files)
  expect(unplacedIn(found, 'ServiceRequest')).toEqual({
    type: 'ServiceRequest',
    ofNobody: all.size,
    undated: 0,
  })
  expect(found.rehearsal.summary.orders.imaging).toBe(0)
  const { orders } = asUsual.rehearsal.summary
  expect(found.rehearsal.replayed.withoutPatient).toBeGreaterThanOrEqual(orders.imaging)
})

test('orders of odd days are judged as far as they have a day, and else counted', async () => {
  const noDays = [undefined, '2024', '2024-02-30', 5]
  const days = [
    '1900-01-01',
    '0001-01-01T00:00:00Z',
    '2999-12-31',
    '9999-12-31T23:59:59Z',
    '2024-05-05T99:99:99',
  ]
  const { files, all, ofImaging } = ordersWith([...noDays, ...days], (order, authoredOn) => ({
    ...order,
    authoredOn,
  }))
  const found = await both(files)
  const undated = [...all.values()].filter((value) => noDays.includes(value)).length
  expect(unplacedIn(found, 'ServiceRequest')).toEqual({ type: 'ServiceRequest', ofNobody: 0, undated })
  const { summary, replayed } = found.rehearsal
  const undatedImaging = ofImaging.filter(([, value]) => noDays.includes(value)).length
  expect(replayed.undatedOrders).toBe(undatedImaging)
  expect(undatedImaging).toBeGreaterThan(1)
  expect(summary.orders.imaging + replayed.undatedOrders).toBe(asUsual.rehearsal.summary.orders.imaging)
})

test('people born, and visits, on odd days end nothing', async () => {
  const days = ['1900-01-01', '2999-12-31', '9999-12-31', '2024-02-30', undefined, 5]
  let at = 0
  const born = changed('Patient.ndjson', (person) => ({ ...person, birthDate: days[at++ % days.length] }))
  const visits = changed('Encounter.ndjson', (visit) => {
    const day = days[at++ % days.length]
    return { ...visit, period: { start: day, end: day } }
  })
  const found = await both({ ...born, 'Encounter.ndjson': visits['Encounter.ndjson'] ?? '' })
  expect(found.report.episodes).toBe(0)
  const half = countOf(usual['Encounter.ndjson']) / 2
  expect(Math.abs((unplacedIn(found, 'Encounter')?.undated ?? 0) - half)).toBeLessThan(3)
})

test('an export in codes of the hospital alone counts nothing, and each of its codes is named', async () => {
  const local = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(local)
    if (typeof value !== 'object' || value === null) return value
    const own = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, local(each)]))
    return 'code' in own && 'system' in own && 'display' in own
      ? { system: 'urn:oid:1.2.3', code: `L${own.code}`, display: 'X' }
      : { ...own, ...('text' in own && 'coding' in own ? { text: 'X' } : {}) }
  }
  const files = Object.fromEntries(
    Object.entries(usual).map(([name, text]) => [
      name,
      name === 'Patient.ndjson'
        ? text
        : lines(
            ...text
              .split('\n')
              .filter(Boolean)
              .map((line) => local(JSON.parse(line)) as object),
          ),
    ]),
  )
  const { report, rehearsal } = await both(files)
  expect(report.episodes).toBe(0)
  expect(report.localCodes.codes).toBeGreaterThan(20)
  expect(rehearsal.unread.localCodes.length).toBeGreaterThan(20)
  expect(rehearsal.unread.localCodes.every(({ readBy }) => readBy === 'nothing')).toBe(true)
  expect(rehearsal.summary.orders).toMatchObject({ imaging: 0, opioid: 0 })
  // A medicine that nobody can name may be an opioid, and is not counted as one.
  expect(rehearsal.summary.orders.notNamed).toBe(countOf(usual['MedicationRequest.ndjson']))
  expect(rehearsalPage(rehearsal, lumbar)).toContain('orders are of medicines that nobody can name')
  expect(rehearsal.replayed.others).toBeGreaterThan(10)
})

test('elements of another form in what rules alone read end nothing', async () => {
  const odd = ['text', 5, true, null, [], {}, [[]], [null], ['text'], { reference: 5 }, { start: 5, end: 5 }]
  const elements = [
    'code',
    'valueQuantity',
    'effectivePeriod',
    'effectiveDateTime',
    'status',
    'category',
    'encounter',
  ]
  const people = (usual['Patient.ndjson'] ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Loose)
  const observations = people.flatMap(({ id }, at) =>
    elements.map((element, n) => ({
      ...{ resourceType: 'Observation', id: `o-${at}-${n}`, status: 'final' },
      subject: { reference: `Patient/${String(id)}` },
      [element]: odd[(at + n) % odd.length],
    })),
  )
  const { rehearsal } = await both({
    ...changed('ServiceRequest.ndjson', (order) => ({ ...order, encounter: { reference: 5 }, note: 'text' })),
    'Observation.ndjson': lines(...observations),
  })
  expect(rehearsal.summary.orders).toEqual(asUsual.rehearsal.summary.orders)
})
