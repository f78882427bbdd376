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

  /** Pathling's parser takes these: what is of another form is empty, or the first of a list. DuckDB refuses them. */
  const lenient = ['a text where parts belong', 'a list where there is one', 'one where a list belongs']

  test.each(Object.entries(oddVisits))(
    'a line that is %s is refused by file and line',
    async (name, [line, why]) => {
      const files = { 'Patient.ndjson': lines(patient('a')), 'Encounter.ndjson': visitsWith(line) }
      const [onDuck, onSpark] = await taken(files, 'Encounter')
      if (lenient.includes(name)) expect(onSpark).toMatchObject({ rows: { length: 3 } })
      for (const sentence of lenient.includes(name) ? [onDuck] : [onDuck, onSpark]) {
        expect(sentence).toMatch(/Encounter\.ndjson, line 2: /)
        expect(sentence).toMatch(why)
        // Somebody's chart is in the line.
        expect(sentence).not.toContain('2024')
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

/** As a set: no row has a place. Days are told as text by one engine, and as a Date by the other. */
async function rowsOf(engine: Engine, table: string): Promise<string[]> {
  const rows = await engine.rows<Readonly<Record<string, unknown>>>(`SELECT * FROM ${table}`)
  const told = (value: unknown) => (value instanceof Date ? value.toISOString().slice(0, 10) : value)
  return rows
    .map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, told(value)])))
    .sort()
}
