/** What the replayed orders come to: by rule, clinic and clinician, and what was found within 90 days afterwards. */
import type { Engine } from '../engine.ts'

interface ByRule {
  kind: string
  rule: string | null
  indicator: string | null
  orders: number
}

export interface ByPlace {
  place: string
  orders: number
  cards: number
  notNeeded: number
}

interface FalseAlarms {
  /** Imaging orders to which "not needed now" would have been said. */
  notNeeded: number
  /** Of those, a serious finding was first coded 1 to 90 days after the order. */
  alarms: number
  /** Of those, the study was done all the same. */
  done: number
  /** Orders on which nothing would have been said. */
  silent: number
  /** Of those, with such a finding. */
  missed: number
}

export interface Summary {
  /** Medicines that nobody can name are apart: the service judges each as if it were an opioid. */
  orders: { imaging: number; opioid: number; notNamed: number }
  cards: { imaging: number; opioid: number }
  byRule: readonly ByRule[]
  silentBecause: readonly { kind: string; gate: string | null; orders: number }[]
  conditional: number
  byClinic: readonly ByPlace[]
  byClinician: readonly ByPlace[]
  falseAlarms: FalseAlarms
}

/** Beside `verdicts` it needs the blocks of the measures: `serious` and `imaging_done`. */
export async function summarize(duck: Engine): Promise<Summary> {
  await duck.run(`CREATE OR REPLACE VIEW placed AS
    SELECT v.*, coalesce(o.clinician, 'not recorded') AS clinician, coalesce(c.clinic, 'not recorded') AS clinic
    FROM verdicts v
    LEFT JOIN (
      SELECT id, min(clinician) AS clinician FROM service_requests GROUP BY id
      UNION ALL SELECT id, min(clinician) FROM medication_requests GROUP BY id
    ) o ON o.id = v.id
    LEFT JOIN (SELECT clinician, mode(clinic) AS clinic FROM encounters GROUP BY clinician) c ON c.clinician = o.clinician`)
  const [totals] = await duck.rows<
    Record<'imaging' | 'opioid' | 'notNamed' | 'imagingCards' | 'opioidCards' | 'conditional', number>
  >(
    `SELECT count(*) FILTER (kind = 'lumbar-imaging') AS imaging, count(*) FILTER (kind = 'opioid') AS opioid,
       count(*) FILTER (kind = 'not named') AS "notNamed",
       count(rule) FILTER (kind = 'lumbar-imaging') AS "imagingCards", count(rule) FILTER (kind = 'opioid') AS "opioidCards",
       count(*) FILTER (conditional) AS conditional FROM verdicts`,
  )
  const [falseAlarms] = await duck.rows<FalseAlarms>(`
    SELECT count(*) FILTER (not_needed) AS "notNeeded", count(*) FILTER (not_needed AND later) AS alarms,
      count(*) FILTER (not_needed AND later AND done) AS done,
      count(*) FILTER (rule IS NULL) AS silent, count(*) FILTER (rule IS NULL AND later) AS missed
    FROM (
      SELECT v.not_needed, v.rule,
        EXISTS (SELECT 1 FROM serious s WHERE s.patient = v.patient AND s.day BETWEEN v.day + 1 AND v.day + 90) AS later,
        EXISTS (SELECT 1 FROM imaging_done d WHERE d.request = v.id) AS done
      FROM verdicts v WHERE v.kind <> 'not named'
    )`)
  const place = (by: string) =>
    duck.rows<ByPlace>(`SELECT ${by} AS place, count(*) AS orders, count(rule) AS cards,
      count(*) FILTER (not_needed) AS "notNeeded" FROM placed GROUP BY ${by} ORDER BY cards / orders DESC, place`)
  const {
    imaging = 0,
    opioid = 0,
    notNamed = 0,
    imagingCards = 0,
    opioidCards = 0,
    conditional = 0,
  } = totals ?? {}
  return {
    orders: { imaging, opioid, notNamed },
    cards: { imaging: imagingCards, opioid: opioidCards },
    byRule: await duck.rows<ByRule>(
      `SELECT kind, rule, mode(indicator) AS indicator, count(*) AS orders FROM verdicts GROUP BY kind, rule ORDER BY kind, orders DESC, rule`,
    ),
    silentBecause: await duck.rows(
      `SELECT kind, closed_by AS gate, count(*) AS orders FROM verdicts WHERE rule IS NULL GROUP BY kind, closed_by ORDER BY kind, orders DESC`,
    ),
    conditional,
    byClinic: await place('clinic'),
    byClinician: await place('clinician'),
    falseAlarms: falseAlarms ?? { notNeeded: 0, alarms: 0, done: 0, silent: 0, missed: 0 },
  }
}
