/**
 * `npm run report -- --from folder`: the measures over a bulk export of FHIR (NDJSON, one file a type), as report.html,
 * report.json for the dashboard, measures.csv, measure-reports.ndjson, and outreach/ with Groups of patients, into `--out` (report). `--year` is the year
 * of the index visits, by default the last whole one; `--all-cells` shows cells of 1 to 10 people, for the quality team.
 * `--prices` names another price table (measures/prices.csv).
 *
 * `--bulk address` brings the export first, from a FHIR server that has `$export` (Bulk Data), into the folder `export` of
 * `--out`; the same command goes on where an earlier one ended. `--client-id` is what the server calls Lumbar as a backend
 * service (SMART Backend Services, with the keys of SMART_KEYS_FILE); `--group` exports the patients of a Group.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import papaparse from 'papaparse'
import { countOf, Misunderstood, readArguments, readNamed } from '../src/cli/arguments.ts'
import { run } from '../src/cli/run.ts'
import { type Library, openLibrary } from '../src/library.ts'
import { type Measure, readMeasures } from '../src/pathway/measures.ts'
import { type ReportFile, reportName, type Services, withoutSmall } from '../src/quality/reports.ts'
import { type Count, resultsOf } from '../src/quality/results.ts'
import { openDuck } from './duck.ts'
import { loadCodes, loadFolder } from './load.ts'
import { buildBlocks, measuresFolder, type Period, runMeasures } from './measure.ts'
import { replay } from './replay/replay.ts'
import { casesToThinkAbout } from './report/cases.ts'
import { measureReport } from './report/fhir.ts'
import { outreachGroups } from './report/outreach.ts'
import { type ReportData, reportPage } from './report/page.ts'
import { type Price, servicesByNeed } from './report/services.ts'

const root = resolve(import.meta.dirname, '..')
/** Counted by its own query of services, and not of episodes. */
const ofServices = 'services-by-need'

export interface Counted {
  counts: readonly Count[]
  /** Of clinicians who saw patients in one clinic alone. */
  clinicOf: ReadonlyMap<string, string>
  cases: ReportFile['cases']
  services: Services
  groups: Awaited<ReturnType<typeof outreachGroups>>
  episodes: number
  people: number
  missingTypes: readonly string[]
  localCodes: { codes: number; entries: number }
  unranked: number
}

/** Everything that a report tells, in numbers; `work` is a folder for what does not fit into memory. */
export async function countFolder(
  folder: string,
  { lumbar, measures, period, prices, work, said = () => {} }: CountOptions,
): Promise<Counted> {
  const duck = await openDuck({ path: join(work, 'report.duckdb'), memory: '1000MB', spill: work })
  try {
    const { missingTypes } = await loadFolder(duck, folder)
    said('read')
    await loadCodes(duck, lumbar.codes)
    await buildBlocks(duck, period)
    const episodic = measures.filter(({ id }) => id !== ofServices)
    const idsOf = (judged: boolean) => episodic.filter((each) => each.judged === judged).map(({ id }) => id)
    const ofViews = await runMeasures(duck, idsOf(false))
    said('counted')
    await replay(duck, folder, { lumbar, work })
    said('judged')
    const counts = [...ofViews, ...(await runMeasures(duck, idsOf(true)))]
    const services = await servicesByNeed(duck, readNamed(join(measuresFolder, `${ofServices}.sql`)), prices)
    const [totals] = await duck.rows<
      Record<'episodes' | 'people' | 'codes' | 'entries' | 'unranked', number>
    >(`
      SELECT (SELECT count(*) FROM episodes) AS episodes, (SELECT count(DISTINCT patient) FROM episodes) AS people,
        (SELECT count(*) FROM not_held) AS codes,
        (SELECT coalesce(sum(c.entries), 0)::BIGINT FROM codings c JOIN not_held n ON n.system IS NOT DISTINCT FROM c.system AND n.code = c.code) AS entries,
        (SELECT count(*) FROM contacts WHERE is_unranked) AS unranked`)
    const { episodes = 0, people = 0, codes = 0, entries = 0, unranked = 0 } = totals ?? {}
    const groups = await outreachGroups(duck, period.end)
    const clinics = await duck.rows<{ clinician: string; clinic: string }>(
      'SELECT clinician, min(clinic) AS clinic FROM strata GROUP BY clinician HAVING count(DISTINCT clinic) = 1',
    )
    return {
      counts,
      cases: await casesToThinkAbout(duck),
      clinicOf: new Map(clinics.map(({ clinician, clinic }) => [clinician, clinic])),
      services,
      groups,
      episodes,
      people,
      missingTypes,
      localCodes: { codes, entries },
      unranked,
    }
  } finally {
    duck.close()
  }
}

interface CountOptions {
  lumbar: Library
  measures: readonly Measure[]
  period: Period
  prices: readonly Price[]
  work: string
  said?: (stage: string) => void
}

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
      },
      0,
    )
    if ((values.from === undefined) === (values.bulk === undefined))
      throw new Misunderstood(
        'Say what to report on: --from <folder of NDJSON>, or --bulk <base address of a FHIR server>.',
      )
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
      const counted = await countFolder(folder, { lumbar, measures, period, prices, work, said })
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
