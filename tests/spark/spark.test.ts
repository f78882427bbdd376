/** The report on Spark says what it says on DuckDB: every row of every view, block and measure, over the same people. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Counted, countFolder } from '../../population/count.ts'
import { openDuck } from '../../population/duck.ts'
import type { Engine } from '../../population/engine.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { readViews } from '../../population/intake.ts'
import { readPrices } from '../../population/report.ts'
import { findTools } from '../../population/spark/java.ts'
import { openSpark } from '../../population/spark/spark.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { root } from '../support/evaluator.ts'
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
  }, 600_000)
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
})

/** As a set: no row has a place. Days are told as text by one engine, and as a Date by the other. */
async function rowsOf(engine: Engine, table: string): Promise<string[]> {
  const rows = await engine.rows<Readonly<Record<string, unknown>>>(`SELECT * FROM ${table}`)
  const told = (value: unknown) => (value instanceof Date ? value.toISOString().slice(0, 10) : value)
  return rows
    .map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, told(value)])))
    .sort()
}
