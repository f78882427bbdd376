/**
 * `npm run report -- --from folder`: the measures over a bulk export of FHIR (NDJSON, one file a type), as report.html,
 * report.json for the dashboard, measures.csv, measure-reports.ndjson, and outreach/ with Groups of patients, into `--out` (report). `--year` is the year
 * of the index visits, by default the last whole one; `--all-cells` shows cells of 1 to 10 people, for the quality team.
 * `--prices` names another price table (measures/prices.csv).
 *
 * `--bulk address` brings the export first, from a FHIR server that has `$export` (Bulk Data), into the folder `export` of
 * `--out`; the same command goes on where an earlier one ended. `--client-id` is what the server calls Lumbar as a backend
 * service (SMART Backend Services, with the keys of SMART_KEYS_FILE); `--group` exports the patients of a Group.
 *
 * `--engine spark` counts by Pathling and Spark instead of DuckDB: on this machine, or where `--master` or a cluster's own
 * `--submit` says, with its `--properties`; tables go into `--warehouse` (docs/report-on-spark.md).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import papaparse from 'papaparse'
import { countOf, Misunderstood, readArguments, readNamed } from '../src/cli/arguments.ts'
import { run } from '../src/cli/run.ts'
import { openLibrary } from '../src/library.ts'
import { type Measure, readMeasures } from '../src/pathway/measures.ts'
import { type ReportFile, reportName, withoutSmall } from '../src/quality/reports.ts'
import { resultsOf } from '../src/quality/results.ts'
import { type Counted, type CountOptions, countFolder } from './count.ts'
import { measuresFolder, type Period } from './measure.ts'
import { measureReport } from './report/fhir.ts'
import { type ReportData, reportPage } from './report/page.ts'
import type { Price } from './report/services.ts'

const root = resolve(import.meta.dirname, '..')

export function readPrices(file: string): readonly Price[] {
  const { data, errors } = papaparse.parse<Record<string, string>>(readNamed(file), {
    header: true,
    skipEmptyLines: true,
  })
  if (errors[0]) throw new Misunderstood(`${file}, line ${(errors[0].row ?? 0) + 2}: ${errors[0].message}.`)
  return data.map(({ code = '', usd = '', source = '' }, n) => {
    if (code === '' || !(Number(usd) > 0) || source === '')
      throw new Misunderstood(`${file}, line ${n + 2}: a price has a code, an amount in usd and a source.`)
    return { code, usd: Number(usd), source }
  })
}

if (import.meta.main)
  await run(async (words, print) => {
    const { values } = readArguments(
      words,
      {
        from: { type: 'string' },
        bulk: { type: 'string' },
        'client-id': { type: 'string' },
        group: { type: 'string' },
        out: { type: 'string', default: 'report' },
        year: { type: 'string' },
        'all-cells': { type: 'boolean', default: false },
        prices: { type: 'string' },
        site: { type: 'string' },
        engine: { type: 'string', default: 'duckdb' },
        master: { type: 'string' },
        submit: { type: 'string' },
        properties: { type: 'string' },
        memory: { type: 'string' },
        warehouse: { type: 'string' },
      },
      0,
    )
    if ((values.from === undefined) === (values.bulk === undefined))
      throw new Misunderstood(
        'Say what to report on: --from <folder of NDJSON>, or --bulk <base address of a FHIR server>.',
      )
    const { engine, master, submit, properties, memory, warehouse } = values
    const open = await openerOf(engine, { master, submit, properties, memory, warehouse }, print)
    const year =
      values.year === undefined ? new Date().getFullYear() - 1 : countOf(values.year, '--year', 1990)
    // To 3 December, so that four weeks after it are in the year, as the measure of imaging has it.
    const period = { start: `${year}-01-01`, end: `${year}-12-03` }
    const prices = readPrices(values.prices ?? join(measuresFolder, 'prices.csv'))
    const lumbar = openLibrary({ siteFile: values.site })
    const measures = readMeasures(root, lumbar.sources)
    const folder = values.from ?? join(values.out, 'export')
    if (values.bulk !== undefined) {
      const { bringExport } = await import('./bulk/open.ts')
      const { bulk, group, 'client-id': clientId } = values
      await bringExport({ bulk, clientId, group, out: folder }, lumbar, print)
    }
    const work = mkdtempSync(join(tmpdir(), 'lumbar-report-'))
    try {
      const began = performance.now()
      const said = (stage: string) => {
        const { user, system } = process.cpuUsage()
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        print(`${stage} after ${seconds} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`)
      }
      const counted = await countFolder(folder, { lumbar, measures, period, prices, work, open, said })
      const allCells = values['all-cells']
      const results = resultsOf(measures, counted.counts, { allCells, clinicOf: counted.clinicOf })
      const data = {
        ...counted,
        services: allCells ? counted.services : withoutSmall(counted.services),
        from: period.start,
        until: period.end,
        results,
        prices,
        allCells,
      }
      writeReport(values.out, data, counted.groups, dashboardFile(counted, measures, period))
      print(
        `${counted.episodes} new back pains of ${counted.people} people. Read ${join(values.out, 'report.html')}`,
      )
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })

type Opener = CountOptions['open']

/** Undefined is the usual engine. What is asked wrongly, or is not on this machine, is told before anything is begun. */
async function openerOf(
  engine: string,
  ofSpark: Readonly<Record<'master' | 'submit' | 'properties' | 'memory' | 'warehouse', string | undefined>>,
  say: (text: string) => void,
): Promise<Opener> {
  if (engine !== 'duckdb' && engine !== 'spark')
    throw new Misunderstood(`There is no engine "${engine}": duckdb, or spark.`)
  if (engine === 'duckdb') {
    const [alone] = Object.entries(ofSpark).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    if (alone !== undefined) throw new Misunderstood(`--${alone} goes with --engine spark.`)
    return undefined
  }
  const { checkSparkOptions } = await import('./spark/start.ts')
  const { openSpark } = await import('./spark/spark.ts')
  checkSparkOptions(ofSpark)
  return (work) =>
    openSpark({ ...ofSpark, work, warehouse: ofSpark.warehouse ?? join(work, 'warehouse'), say })
}

/** What the dashboard reads. All cells are in it: it is kept where charts are kept. */
function dashboardFile(
  { counts, clinicOf, services, cases, episodes, people }: Counted,
  measures: readonly Measure[],
  period: Period,
): ReportFile {
  return {
    kind: 'lumbar report',
    version: 1,
    period,
    measures: [...measures],
    counts: [...counts],
    clinicOf: Object.fromEntries(clinicOf),
    services: services.classes.map(({ hidden: _, peopleHidden: __, ...each }) => each),
    cases,
    episodes,
    people,
  }
}

function writeReport(
  out: string,
  data: ReportData,
  groups: Counted['groups'],
  forDashboard: ReportFile,
): void {
  mkdirSync(join(out, 'outreach'), { recursive: true })
  const { results, from, until } = data
  writeFileSync(join(out, 'report.html'), reportPage(data))
  writeFileSync(join(out, reportName), JSON.stringify(forDashboard))
  writeFileSync(join(out, 'measures.csv'), `${papaparse.unparse(csvRows(data))}\n`)
  const reports = results.filter(({ variants }) => variants.length > 0)
  const lines = reports.map((result) => `${JSON.stringify(measureReport(result, from, until))}\n`)
  writeFileSync(join(out, 'measure-reports.ndjson'), lines.join(''))
  for (const group of groups)
    writeFileSync(join(out, 'outreach', `${group.id}.json`), `${JSON.stringify(group, null, 1)}\n`)
}

function csvRows({ results }: ReportData) {
  return results.flatMap(({ measure, variants }) =>
    variants.flatMap(({ variant, all, groups }) =>
      [
        ['all', all] as const,
        ...[...groups].flatMap(([by, list]) => list.map((group) => [by, group] as const)),
      ].map(([by, { value, part, of, share, interval, hidden }]) => ({
        measure: measure.id,
        variant,
        by,
        value,
        counted: hidden ? '' : part,
        of: hidden ? '' : of,
        'share in percent': hidden || share === undefined ? '' : (share * 100).toFixed(2),
        low: hidden || of === 0 ? '' : (interval.low * 100).toFixed(2),
        high: hidden || of === 0 ? '' : (interval.high * 100).toFixed(2),
        hidden: hidden ? '1 to 10 people' : '',
      })),
    ),
  )
}
