/** The report on Spark says what it says on DuckDB: every row of every view, block and measure, over the same people. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Counted, countFolder } from '../../population/count.ts'
import { openDuck } from '../../population/duck.ts'
import type { Engine, NamedView } from '../../population/engine.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { readViews, takeIn, unreadable } from '../../population/intake.ts'
import { readPrices } from '../../population/report.ts'
import { findTools } from '../../population/spark/java.ts'
import { openSpark } from '../../population/spark/spark.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { root } from '../support/evaluator.ts'
import { lines, oddVisits, patient, visit, visitsWith, writeExport } from '../support/odd-exports.ts'
import { sampleOf } from '../support/sweep.ts'
import { oddResources } from './odd-elements.ts'
import { oddLines } from './odd-lines.ts'

const { missing } = findTools()
if (missing.length > 0) console.warn(`The report is not tried on Spark. ${missing.join(' ')}`)

const views = readViews().map(({ name }) => name)
const blocks = [
  ...['codings', 'coded', 'long_acting', 'not_held', 'events', 'opioids', 'imaging_done', 'imaging_orders'],
  ...['contacts', 'episodes', 'exclusions', 'left_out', 'enrollment', 'serious', 'strata'],
  ...['candidates', 'verdicts', 'measured', 'services'],
]

describe.skipIf(missing.length > 0)('over 250 invented people and some odd lines', () => {
  const place = mkdtempSync(join(tmpdir(), 'lumbar-spark-test-'))
  const lumbar = openLibrary()
  const measures = readMeasures(root, lumbar.sources)
  const prices = readPrices(join(root, 'measures/prices.csv'))
  const period = { start: '2024-01-01', end: '2024-12-03' }
  const engines: Engine[] = []
  const counted: Counted[] = []

  /** Counts, and keeps the engine open, so that its tables can be looked at. */
  async function count(open: (work: string) => Promise<Engine>) {
    const keepOpen = async (work: string) => {
      const engine = await open(work)
      engines.push(engine)
      return { ...engine, close: async () => {} }
    }
    counted.push(await countFolder(place, { lumbar, measures, period, prices, work: place, open: keepOpen }))
  }

  beforeAll(async () => {
    writePopulation({ out: place, patients: 250, seed: 11 })
    for (const [type, lines] of Object.entries(oddLines))
      for (const line of lines) appendFileSync(join(place, `${type}.ndjson`), `${JSON.stringify(line)}\n`)
    await count(() => openDuck({ threads: 1 }))
    // Some hundred rows: to compile for them costs more than to read them.
    const properties = join(place, 'spark.conf')
    writeFileSync(properties, 'spark.sql.codegen.wholeStage false\nspark.sql.adaptive.enabled false\n')
    const java = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
    await count((work) =>
      openSpark({ work, warehouse: join(work, 'warehouse'), memory: '2g', properties, java }),
    )
  }, 1_200_000)
  afterAll(async () => {
    for (const engine of engines) await engine.close()
    rmSync(place, { recursive: true })
  })

  test.each([...views, ...blocks])('%s has the same rows', async (table) => {
    const [onDuck, onSpark] = await Promise.all(engines.map((engine) => rowsOf(engine, table)))
    expect(onDuck?.length).toBeGreaterThan(0)
    expect(onSpark).toEqual(onDuck)
  })

  test('each cell of each measure has the same count', () => {
    const [onDuck = [], onSpark] = counted.map(({ counts }) =>
      counts
        .map(({ measure, variant, by, value, status, count }) =>
          [measure, variant, by, value, status, count].join(' | '),
        )
        .sort(),
    )
    expect(new Set(onDuck.map((cell) => cell.split(' | ')[0])).size).toBe(measures.length - 1)
    expect(onDuck.length).toBeGreaterThan(3000)
    expect(onSpark).toEqual(onDuck)
  })

  test('services, cases, groups for outreach and what could not be read are the same', () => {
    const [onDuck, onSpark] = counted.map(({ counts: _, ...rest }) => rest)
    expect(onDuck?.groups.some(({ member = [] }) => member.length > 0)).toBe(true)
    expect(onSpark).toEqual(onDuck)
  })

  test('a statement that fails says why, and the next one is done', async () => {
    const spark = engines[1] as Engine
    await expect(spark.run('SELECT * FROM nowhere')).rejects.toThrow('nowhere')
    expect(await spark.rows('SELECT 1 AS n')).toEqual([{ n: 1 }])
  })

  /** Into a table of its own, on both: what came of it, or the sentence that refuses it. */
  let tables = 0
  async function taken(files: Parameters<typeof writeExport>[1], type: string): Promise<unknown[]> {
    tables += 1
    const folder = join(place, `odd ${tables}`)
    writeExport(folder, files)
    const view = readViews().find(({ name }) => name === `${type.toLowerCase()}s`)
    const load = async (engine: Engine) => {
      const { filesOf, unread, repeated } = await takeIn(engine, folder)
      const name = `odd_${tables}`
      await engine.view({ ...(view as NamedView), name }, filesOf(type)).catch(async (error: Error) => {
        throw await unreadable(engine, type, filesOf(type), error)
      })
      return { unread, repeated, rows: await rowsOf(engine, name) }
    }
    return Promise.all(engines.map((engine) => load(engine).catch((error: Error) => error.message)))
  }

  test('files in parts, packed, in folders, with marks, empty lines and entries that came twice are the same', async () => {
    const updated = (lastUpdated: string, gender: string) => patient('a', { meta: { lastUpdated }, gender })
    const [onDuck, onSpark] = await taken(
      {
        'Patient.000.ndjson': `\ufeff${lines(patient('a'))}\r\n   \n${lines(patient('b'))}`,
        'more/Patient.001.ndjson.gz': gzipSync(
          lines(updated('2024-03-01T00:00:00Z', 'female'), patient('c')),
        ),
        'more/Patient.002.ndjson': lines(updated('2024-02-01T00:00:00Z', 'male'), patient('c')).trim(),
        'more/empty/Patient.ndjson': '',
        'Encounter.jsonl': lines(visit('v1')),
        '_temporary/Patient.ndjson': '{',
        '.Patient.ndjson': '{',
      },
      'Patient',
    )
    expect(onDuck).toMatchObject({ unread: ['Encounter.jsonl'], repeated: 3, rows: { length: 3 } })
    expect(String((onDuck as { rows: string[] }).rows)).toContain('female')
    expect(onSpark).toEqual(onDuck)
  })

  test.each(Object.entries(oddVisits))(
    'a line that is %s is refused by file and line',
    async (_, [line, why]) => {
      const files = { 'Patient.ndjson': lines(patient('a')), 'Encounter.ndjson': visitsWith(line) }
      const [onDuck, onSpark] = await taken(files, 'Encounter')
      expect(onDuck).toMatch(/Encounter\.ndjson, line 2: /)
      expect(onDuck).toMatch(why)
      expect(onSpark).toBe(onDuck)
    },
  )

  const types = [...new Set(readViews().map(({ resource }) => resource))]
  test.each(types)(
    'whatever stands in an element of %s that views read, both refuse it or both take it',
    async (type) => {
      const [duck, spark] = engines as [Engine, Engine]
      const folder = join(place, `odd elements of ${type}`)
      const of = readViews().filter(({ resource }) => resource === type)
      const taken: object[] = []
      let refused = 0
      for (const resource of sampleOf(oddResources(type, readViews()), 4)) {
        const file = join(folder, 'one.ndjson')
        writeExport(folder, { 'one.ndjson': lines(resource) })
        const [here, there] = await Promise.all(
          [duck, spark].map(async (engine) => (await engine.oddLine(type, [file], readViews()))?.why),
        )
        expect([resource, there]).toEqual([resource, here])
        if (here === undefined) {
          taken.push(resource)
          continue
        }
        refused += 1
        const tried = of.map((view) => duck.view({ ...view, name: `odd_${refused}_${view.name}` }, [file]))
        const ended = await Promise.allSettled(tried)
        expect([resource, ended.some(({ status }) => status === 'rejected')]).toEqual([resource, true])
      }
      expect(refused).toBeGreaterThan(10)
      expect(taken.length).toBeGreaterThan(10)
      writeExport(folder, { 'all.ndjson': lines(...taken) })
      for (const view of of) {
        const name = `odd_${view.name}`
        const rows: string[][] = []
        for (const engine of engines) {
          await engine.view({ ...view, name }, [join(folder, 'all.ndjson')])
          rows.push(await rowsOf(engine, name, asCounted))
        }
        expect(rows[1]).toEqual(rows[0])
      }
    },
  )

  test('a line of some megabytes is read as any other', async () => {
    const note = {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${'x'.repeat(6_000_000)}</div>`,
    }
    const files = { 'Patient.ndjson': lines(patient('a', { text: note, gender: 'male' }), patient('b')) }
    const [onDuck, onSpark] = await taken(files, 'Patient')
    expect(onDuck).toMatchObject({ rows: { length: 2 } })
    expect(onSpark).toEqual(onDuck)
  })
})

/** As the measures read it: what is no whole day is none, and a gender that FHIR does not have is not recorded. */
function asCounted(name: string, value: unknown): unknown {
  const days = ['birth_date', 'begins', 'ends', 'onset', 'recorded', 'authored', 'performed', 'begun']
  if (name === 'gender') return /^(female|male|other|unknown)$/.test(String(value)) ? value : null
  if (![...days, 'handed_over', 'sent'].includes(name)) return value
  const day = String(value).slice(0, 10)
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null
}

/** As a set: no row has a place. Days are told as text by one engine, and as a Date by the other. */
async function rowsOf(
  engine: Engine,
  table: string,
  read: (name: string, value: unknown) => unknown = (_, value) => value,
): Promise<string[]> {
  const rows = await engine.rows<Readonly<Record<string, unknown>>>(`SELECT * FROM ${table}`)
  const told = (value: unknown) => (value instanceof Date ? value.toISOString().slice(0, 10) : value)
  return rows
    .map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, read(name, told(value))])))
    .sort()
}
