/** Counts a bulk export: its views, its measures, and each order judged, with whatever engine. */
import { join } from 'node:path'
import { readNamed } from '../src/cli/arguments.ts'
import type { Library } from '../src/library.ts'
import type { Measure } from '../src/pathway/measures.ts'
import type { ReportFile, Services } from '../src/quality/reports.ts'
import type { Count } from '../src/quality/results.ts'
import { openDuck } from './duck.ts'
import type { Engine } from './engine.ts'
import { takeIn, typesRead } from './intake.ts'
import { loadCodes, loadViews } from './load.ts'
import { buildBlocks, measuresFolder, type Period, runMeasures } from './measure.ts'
import { replay } from './replay/replay.ts'
import { casesToThinkAbout } from './report/cases.ts'
import { outreachGroups } from './report/outreach.ts'
import { type Price, servicesByNeed } from './report/services.ts'
import { type Unplaced, unplaced } from './unplaced.ts'

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
  /** Types that measures or rules read, and that never came. */
  missingTypes: readonly string[]
  /** Files of which nobody can tell the type. */
  unreadFiles: readonly string[]
  /** Entries that stood there again. */
  repeated: number
  unplaced: readonly Unplaced[]
  localCodes: { codes: number; entries: number }
  unranked: number
}

const onThisMachine = (work: string) =>
  openDuck({ path: join(work, 'report.duckdb'), memory: '1000MB', spill: work })

/** Everything that a report tells, in numbers; `work` is a folder for what does not fit into memory. */
export async function countFolder(
  folder: string,
  { lumbar, measures, period, prices, work, open = onThisMachine, said = () => {} }: CountOptions,
): Promise<Counted> {
  const engine = await open(work)
  try {
    const intake = await takeIn(engine, folder, lumbar)
    await loadViews(engine, intake)
    said('read')
    await loadCodes(engine, lumbar.codes)
    await buildBlocks(engine, period)
    const episodic = measures.filter(({ id }) => id !== ofServices)
    const idsOf = (judged: boolean) => episodic.filter((each) => each.judged === judged).map(({ id }) => id)
    const ofViews = await runMeasures(engine, idsOf(false))
    said('counted')
    await replay(engine, intake, lumbar)
    said('judged')
    const counts = [...ofViews, ...(await runMeasures(engine, idsOf(true)))]
    const services = await servicesByNeed(
      engine,
      readNamed(join(measuresFolder, `${ofServices}.sql`)),
      prices,
    )
    const [totals] = await engine.rows<
      Record<'episodes' | 'people' | 'codes' | 'entries' | 'unranked', number>
    >(`
      SELECT (SELECT count(*) FROM episodes) AS episodes, (SELECT count(DISTINCT patient) FROM episodes) AS people,
        (SELECT count(*) FROM not_held) AS codes,
        (SELECT CAST(coalesce(sum(c.entries), 0) AS BIGINT) FROM codings c JOIN not_held n ON n.system IS NOT DISTINCT FROM c.system AND n.code = c.code) AS entries,
        (SELECT count(*) FROM contacts WHERE is_unranked) AS unranked`)
    const { episodes = 0, people = 0, codes = 0, entries = 0, unranked = 0 } = totals ?? {}
    const groups = await outreachGroups(engine, period.end)
    const clinics = await engine.rows<{ clinician: string; clinic: string }>(
      'SELECT clinician, min(clinic) AS clinic FROM strata GROUP BY clinician HAVING count(DISTINCT clinic) = 1',
    )
    return {
      counts,
      cases: await casesToThinkAbout(engine),
      clinicOf: new Map(clinics.map(({ clinician, clinic }) => [clinician, clinic])),
      services,
      groups,
      episodes,
      people,
      missingTypes: typesRead(lumbar).filter((type) => intake.filesOf(type).length === 0),
      unreadFiles: intake.unread,
      repeated: intake.repeated,
      unplaced: await unplaced(engine),
      localCodes: { codes, entries },
      unranked,
    }
  } finally {
    await engine.close()
  }
}

export interface CountOptions {
  lumbar: Library
  measures: readonly Measure[]
  period: Period
  prices: readonly Price[]
  work: string
  /** By default DuckDB. It may put what it needs into the folder. */
  open?: ((work: string) => Promise<Engine>) | undefined
  said?: (stage: string) => void
}
