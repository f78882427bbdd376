/** A standalone cluster of Spark, by the commands of docs/report-on-spark.md as they stand, counts what DuckDB counts. In whole runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { countFolder } from '../../population/count.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { readPrices } from '../../population/report.ts'
import { findTools } from '../../population/spark/java.ts'
import { openSpark } from '../../population/spark/spark.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { root } from '../support/evaluator.ts'

const { javaHome, missing } = findTools()

describe.skipIf(missing.length > 0)('On a master and two workers', () => {
  const place = mkdtempSync(join(tmpdir(), 'lumbar-cluster-'))
  let cluster: ChildProcess | undefined
  afterAll(() => {
    // The shell and all that it started.
    if (cluster?.pid) process.kill(-cluster.pid)
    rmSync(place, { recursive: true, force: true })
  })

  test('60 patients are counted as on DuckDB', { timeout: 1_200_000 }, async () => {
    const lumbar = openLibrary()
    const measures = readMeasures(root, lumbar.sources)
    const prices = readPrices(join(root, 'measures/prices.csv'))
    const period = { start: '2024-01-01', end: '2024-12-03' }
    writePopulation({ out: place, patients: 60, seed: 3 })
    const settings = { lumbar, measures, period, prices, work: place }
    const onDuck = await countFolder(place, settings)
    // Puts together what the commands need, as the first of them does.
    const spark = await openSpark({ work: place, warehouse: join(place, 'none') })
    await spark.close()

    cluster = spawn('bash', ['-c', typed()], {
      cwd: root,
      detached: true,
      env: { ...process.env, JAVA_HOME: javaHome, PWD: place },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    cluster.stderr?.on('data', (chunk) => {
      said += String(chunk)
    })
    for (let waited = 0; (said.match(/Successfully registered with master/g) ?? []).length < 2; waited++) {
      if (waited > 120) throw new Error(`no cluster: ${said.slice(-2000)}`)
      await setTimeout(1000)
    }
    const master = 'spark://127.0.0.1:7077'
    const open = (work: string) => openSpark({ work, warehouse: join(place, 'tables'), master, memory: '2g' })
    const onSpark = await countFolder(place, { ...settings, open })
    expect(said).toContain('Asked to launch executor')
    const plain = ({ counts, ...rest }: typeof onDuck) => ({
      ...rest,
      counts: counts.map((each) => JSON.stringify(Object.entries(each).toSorted())).sort(),
    })
    expect(plain(onSpark)).toEqual(plain(onDuck))
    expect(onSpark.counts.length).toBeGreaterThan(1000)
  })

  /** Those that make the cluster; the reports before and after them are this test's own. */
  function typed(): string {
    const page = readFileSync(join(root, 'docs/report-on-spark.md'), 'utf8')
    const [block = ''] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
      .map(([, each = '']) => each)
      .filter((each) => each.includes('deploy()'))
    const commands = block.split('\n').filter((line) => !/^(npm run|kill) /.test(line))
    expect(commands.filter((line) => line.startsWith('deploy '))).toHaveLength(3)
    // Workers look for their master for a while.
    return `PWD=${place}\n${commands.join('\n')}\nwait`
  }
})
