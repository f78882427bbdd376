/** Replays every order of an export that may be lumbar imaging or an opioid: the patient's lines together, one patient at a time. */
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
  'id VARCHAR, patient VARCHAR, day DATE, kind VARCHAR, rule VARCHAR, indicator VARCHAR, not_needed BOOLEAN, need VARCHAR, closed_by VARCHAR, conditional BOOLEAN'

/** Fills the table `verdicts`; `hear` is told of each order with its patient's record, for who wants to show it. */
export async function replay(
  duck: Duck,
  folder: string,
  lumbar: Library,
  hear: (verdict: Verdict, order: Order, all: readonly FhirResource[]) => void = () => {},
): Promise<Replayed> {
  await duck.run(candidates)
  await duck.run(`CREATE OR REPLACE TABLE verdicts (${verdictColumns})`)
  const types = Object.keys(lumbar.queries)
  const files = new Map(types.map((type) => [type, filesOf(folder, type)]))
  const came = new Set(types.filter((type) => (files.get(type) ?? []).length > 0))
  await gatherLines(duck, files)
  const judging = openJudging(lumbar, came)
  const [{ undated = 0 } = {}] = await duck.rows<{ undated: number }>(
    `SELECT count(*) AS undated FROM candidates WHERE authored IS NULL OR NOT regexp_matches(authored, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')`,
  )
  const wanted = new Map<string, Set<string>>()
  for await (const part of duck.stream<{ patient: string; type: string; id: string }>(
    `SELECT patient, type, id FROM candidates WHERE regexp_matches(authored, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')`,
  ))
    for (const { patient, type, id } of part)
      wanted.set(patient, (wanted.get(patient) ?? new Set()).add(`${type}/${id}`))

  const result = { judged: 0, others: 0, undatedOrders: undated, withoutPatient: 0 }
  let waiting: Verdict[] = []
  for await (const { patient, resources } of patients(duck)) {
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
  await duck.run('DROP TABLE lines')
  return result
}

/** Lines of the patients who have an order; whose they are stands in another element for each type. */
async function gatherLines(duck: Duck, files: ReadonlyMap<string, readonly string[]>): Promise<void> {
  await duck.run('CREATE OR REPLACE TABLE lines (patient VARCHAR, line VARCHAR)')
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
      `INSERT INTO lines SELECT * FROM (SELECT ${key} AS patient, json::VARCHAR AS line FROM read_ndjson_objects([${names.map(quoted).join(', ')}], maximum_object_size=67108864)) SEMI JOIN candidates USING (patient)`,
    )
  }
}

async function* patients(duck: Duck): AsyncGenerator<{ patient: string; resources: FhirResource[] }> {
  let current: { patient: string; resources: FhirResource[] } | undefined
  for await (const part of duck.stream<{ patient: string; line: string }>(
    'SELECT patient, line FROM lines ORDER BY patient',
  )) {
    for (const { patient, line } of part) {
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
  const rows = verdicts.map(
    (each) =>
      `(${[text(each.id), text(each.patient), text(each.day), text(each.kind), text(each.rule), text(each.indicator), each.notNeeded, text(each.need), text(each.closedBy), each.conditional].join(', ')})`,
  )
  await duck.run(`INSERT INTO verdicts VALUES ${rows.join(', ')}`)
}
