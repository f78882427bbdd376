/** Replays every order of an export that may be lumbar imaging or an opioid: the patient's lines together, one patient at a time. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import type { Library } from '../../src/library.ts'
import type { Duck } from '../duck.ts'
import { filesOf } from '../load.ts'
import { quoted } from '../view/expression.ts'
import { type Order, openJudging, type Verdict } from './judge.ts'

export interface Replayed {
  judged: number
  /** Orders that had to be looked at and are neither: other imaging, other medicines, or codes that nobody can read. */
  others: number
  /** Without a day, an order cannot be replayed. */
  undatedOrders: number
  /** Of patients whom the export does not hold: nobody knows their age. */
  withoutPatient: number
}

/** What may be one of ours: known by its code, or by nobody's code but the hospital's. The service itself decides. */
const candidates = `
CREATE OR REPLACE TABLE candidates AS
SELECT DISTINCT patient, id, 'ServiceRequest' AS type, authored FROM service_requests s
LEFT JOIN coded k ON k.system IS NOT DISTINCT FROM s.system AND k.code = s.code
LEFT JOIN not_held n ON n.system IS NOT DISTINCT FROM s.system AND n.code = s.code
WHERE k.value_set = 'b1-lumbar-imaging-orders' OR s.code IS NULL OR n.code IS NOT NULL
UNION
SELECT DISTINCT patient, id, 'MedicationRequest', authored FROM medication_requests m
LEFT JOIN coded k ON k.system IS NOT DISTINCT FROM m.system AND k.code = m.code
LEFT JOIN not_held n ON n.system IS NOT DISTINCT FROM m.system AND n.code = m.code
WHERE k.value_set IN ('c1-opioid-ingredients', 'c2-opioid-clinical-drugs') OR m.code IS NULL OR n.code IS NOT NULL`

const verdictColumns =
  'id VARCHAR, patient VARCHAR, day DATE, kind VARCHAR, rule VARCHAR, indicator VARCHAR, not_needed BOOLEAN, need VARCHAR, closed_by VARCHAR, conditional BOOLEAN, mme_low DOUBLE, mme_high DOUBLE'

/** Patients whose lines are in memory at once: whatever the population, the same. */
const mostPatients = 20_000

/**
 * Fills the table `verdicts`; `hear` is told of each order with its patient's record, for who wants to show it. `work` is a
 * folder for the lines of patients with an order, a part of them at a time.
 */
export async function replay(
  duck: Duck,
  folder: string,
  { lumbar, work }: { lumbar: Library; work: string },
  hear: (verdict: Verdict, order: Order, all: readonly FhirResource[]) => void = () => {},
): Promise<Replayed> {
  await duck.run(candidates)
  await duck.run(`CREATE OR REPLACE TABLE verdicts (${verdictColumns})`)
  const types = Object.keys(lumbar.queries)
  const files = new Map(types.map((type) => [type, filesOf(folder, type)]))
  const came = new Set(types.filter((type) => (files.get(type) ?? []).length > 0))
  const [{ patients: people = 0, undated = 0 } = {}] = await duck.rows<
    Record<'patients' | 'undated', number>
  >(
    `SELECT count(DISTINCT patient) AS patients, count(*) FILTER (authored IS NULL OR NOT ${dated}) AS undated FROM candidates`,
  )
  const lines = join(work, 'lines')
  const parts = Math.max(1, Math.ceil(people / mostPatients))
  await gatherLines(duck, files, lines, parts)
  const judging = openJudging(lumbar, came)
  const result = { judged: 0, others: 0, undatedOrders: undated, withoutPatient: 0 }
  for (let part = 0; part < parts; part += 1) await replayPart(part)
  rmSync(lines, { recursive: true, force: true })
  return result

  async function replayPart(part: number): Promise<void> {
    const wanted = await ordersOf(duck, `${partOf(parts)} = ${part}`)
    let waiting: Verdict[] = []
    for await (const { patient, resources } of patients(duck, join(lines, `part=${part}`))) {
      const orders = wanted.get(patient)
      for (const order of resources) {
        if (!orders?.has(`${order.resourceType}/${order.id}`)) continue
        const verdict = await judging.judge(resources, order as Order)
        if (verdict === 'other' || verdict === 'no patient') {
          if (verdict === 'other') result.others += 1
          else result.withoutPatient += 1
          continue
        }
        result.judged += 1
        hear(verdict, order as Order, resources)
        waiting.push(verdict)
      }
      if (waiting.length >= 1000) {
        await keep(duck, waiting)
        waiting = []
      }
    }
    await keep(duck, waiting)
  }
}

const dated = "regexp_matches(authored, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')"
const partOf = (parts: number) => `hash(patient) % ${parts}`

/** By patient: the orders to look at, as `ServiceRequest/1`. */
async function ordersOf(duck: Duck, which: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const wanted = new Map<string, Set<string>>()
  for await (const some of duck.stream<{ patient: string; type: string; id: string }>(
    `SELECT patient, type, id FROM candidates WHERE ${dated} AND ${which}`,
  ))
    for (const { patient, type, id } of some)
      wanted.set(patient, (wanted.get(patient) ?? new Set()).add(`${type}/${id}`))
  return wanted
}

/** Lines of the patients who have an order, by part of them; whose they are stands in another element for each type. */
async function gatherLines(
  duck: Duck,
  files: ReadonlyMap<string, readonly string[]>,
  lines: string,
  parts: number,
): Promise<void> {
  mkdirSync(lines, { recursive: true })
  // Written out early: lines that wait are in memory.
  await duck.run('SET partitioned_write_flush_threshold = 10000')
  const owner: Readonly<Record<string, string>> = {
    Coverage: '$.beneficiary.reference',
    AllergyIntolerance: '$.patient.reference',
  }
  for (const [type, names] of files) {
    if (names.length === 0) continue
    const key =
      type === 'Patient'
        ? `json->>'$.id'`
        : `regexp_extract(json->>'${owner[type] ?? '$.subject.reference'}', '(?:^|/)Patient/([A-Za-z0-9.-]+)', 1)`
    await duck.run(
      `COPY (SELECT patient, line, ${partOf(parts)} AS part FROM (SELECT ${key} AS patient, json::VARCHAR AS line
         FROM read_ndjson_objects([${names.map(quoted).join(', ')}], maximum_object_size=67108864)) SEMI JOIN candidates USING (patient))
       TO ${quoted(lines)} (FORMAT parquet, ROW_GROUP_SIZE 8192, PARTITION_BY (part), FILENAME_PATTERN '${type}_{i}', OVERWRITE_OR_IGNORE)`,
    )
  }
}

async function* patients(
  duck: Duck,
  part: string,
): AsyncGenerator<{ patient: string; resources: FhirResource[] }> {
  if (!existsSync(part)) return
  let current: { patient: string; resources: FhirResource[] } | undefined
  for await (const some of duck.stream<{ patient: string; line: string }>(
    `SELECT patient, line FROM read_parquet(${quoted(join(part, '*.parquet'))}, hive_partitioning=false) ORDER BY patient`,
  )) {
    for (const { patient, line } of some) {
      if (current?.patient !== patient) {
        if (current) yield current
        current = { patient, resources: [] }
      }
      current.resources.push(JSON.parse(line) as FhirResource)
    }
  }
  if (current) yield current
}

async function keep(duck: Duck, verdicts: readonly Verdict[]): Promise<void> {
  if (verdicts.length === 0) return
  const text = (value: string | undefined) => (value === undefined ? 'NULL' : quoted(value))
  const number = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? 'NULL' : String(value)
  const rows = verdicts.map(
    (each) =>
      `(${[text(each.id), text(each.patient), text(each.day), text(each.kind), text(each.rule), text(each.indicator), each.notNeeded, text(each.need), text(each.closedBy), each.conditional, number(each.dose?.low), number(each.dose?.high)].join(', ')})`,
  )
  await duck.run(`INSERT INTO verdicts VALUES ${rows.join(', ')}`)
}
