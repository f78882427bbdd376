/** Replays every order of an export that may be lumbar imaging or an opioid: the patient's lines together, one patient at a time. */
import type { FhirResource } from 'fhir/r4.js'
import type { Library } from '../../src/library.ts'
import type { Engine } from '../engine.ts'
import type { Intake } from '../intake.ts'
import { type Order, openJudging, type Verdict } from './judge.ts'

export interface Replayed {
  judged: number
  /** Orders that had to be looked at and are neither: other imaging, other medicines, or codes that nobody can read. */
  others: number
  /** Without a day, an order cannot be replayed. */
  undatedOrders: number
  /** Of nobody, or of patients whom the export does not hold: nobody knows their age. */
  withoutPatient: number
}

/** What may be one of ours: known by its code, or by nobody's code but the hospital's. The service itself decides. */
const candidates = `
DROP TABLE IF EXISTS candidates;
CREATE TABLE candidates AS
SELECT DISTINCT patient, id, 'ServiceRequest' AS type, authored FROM service_requests s
LEFT JOIN coded k ON k.system IS NOT DISTINCT FROM s.system AND k.code = s.code
LEFT JOIN not_held n ON n.system IS NOT DISTINCT FROM s.system AND n.code = s.code
WHERE k.value_set = 'b1-lumbar-imaging-orders' OR s.code IS NULL OR n.code IS NOT NULL
UNION
SELECT DISTINCT patient, id, 'MedicationRequest', authored FROM medication_requests m
LEFT JOIN coded k ON k.system IS NOT DISTINCT FROM m.system AND k.code = m.code
LEFT JOIN not_held n ON n.system IS NOT DISTINCT FROM m.system AND n.code = m.code
WHERE k.value_set IN ('c1-opioid-ingredients', 'c2-opioid-clinical-drugs') OR m.code IS NULL OR n.code IS NOT NULL;`

const emptyVerdicts = `
DROP TABLE IF EXISTS verdicts;
CREATE TABLE verdicts (
  id STRING, patient STRING, day DATE, kind STRING, rule STRING, indicator STRING, not_needed BOOLEAN, need STRING,
  closed_by STRING, conditional BOOLEAN, mme_low DOUBLE, mme_high DOUBLE
);`

/** Patients whose lines are in memory at once: whatever the population, the same. */
const mostPatients = 20_000

/**
 * Fills the table `verdicts`; `hear` is told of each order with its patient's record, for who wants to show it. Whatever the
 * engine, it is the service's own evaluator that judges, in this process.
 */
export async function replay(
  engine: Engine,
  { filesOf }: Pick<Intake, 'filesOf'>,
  lumbar: Library,
  hear: (verdict: Verdict, order: Order, all: readonly FhirResource[]) => void = () => {},
): Promise<Replayed> {
  await engine.run(candidates)
  await engine.run(emptyVerdicts)
  const types = Object.keys(lumbar.queries)
  const came = new Set(types.filter((type) => filesOf(type).length > 0))
  const [{ patients: people = 0, undated = 0, nobodys = 0 } = {}] = await engine.rows<
    Record<'patients' | 'undated' | 'nobodys', number>
  >(
    `SELECT count(DISTINCT patient) AS patients, count(*) FILTER (WHERE patient IS NULL) AS nobodys,
       count(*) FILTER (WHERE patient IS NOT NULL AND NOT coalesce(${dated}, false)) AS undated FROM candidates`,
  )
  const parts = Math.max(1, Math.ceil(people / mostPatients))
  await engine.keepLines(
    types.map((type) => ({ type, files: filesOf(type), whose: ownerIn(type) })),
    parts,
  )
  const judging = openJudging(lumbar, came)
  const result = { judged: 0, others: 0, undatedOrders: undated, withoutPatient: nobodys }
  for (let part = 0; part < parts; part += 1) await replayPart(part)
  await engine.forgetLines()
  return result

  async function replayPart(part: number): Promise<void> {
    const wanted = await ordersOf(engine, `${engine.partOf(parts)} = ${part}`)
    let waiting: Verdict[] = []
    for await (const { patient, resources } of patients(engine, part)) {
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
        await keep(engine, waiting)
        waiting = []
      }
    }
    await keep(engine, waiting)
  }
}

const dated = "(try_cast(rpad(authored, 10, '?') AS DATE) IS NOT NULL)"

/** Whose a line is stands in another element for each type. */
const ownerIn = (type: string) =>
  ({ Patient: '$.id', Coverage: '$.beneficiary.reference', AllergyIntolerance: '$.patient.reference' })[
    type
  ] ?? '$.subject.reference'

/** By patient: the orders to look at, as `ServiceRequest/1`. */
async function ordersOf(engine: Engine, which: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const wanted = new Map<string, Set<string>>()
  for await (const some of engine.stream<{ patient: string; type: string; id: string }>(
    `SELECT patient, type, id FROM candidates WHERE ${dated} AND ${which}`,
  ))
    for (const { patient, type, id } of some)
      wanted.set(patient, (wanted.get(patient) ?? new Set()).add(`${type}/${id}`))
  return wanted
}

async function* patients(
  engine: Engine,
  part: number,
): AsyncGenerator<{ patient: string; resources: FhirResource[] }> {
  let current: { patient: string; resources: FhirResource[] } | undefined
  for await (const some of engine.lines(part)) {
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

const keep = (engine: Engine, verdicts: readonly Verdict[]) =>
  engine.insert(
    'verdicts',
    verdicts.map((each) => ({
      id: each.id,
      patient: each.patient,
      day: each.day,
      kind: each.kind,
      rule: each.rule ?? null,
      indicator: each.indicator ?? null,
      not_needed: each.notNeeded,
      need: each.need ?? null,
      closed_by: each.closedBy ?? null,
      conditional: each.conditional,
      mme_low: finite(each.dose?.low),
      mme_high: finite(each.dose?.high),
    })),
  )

const finite = (value = Number.NaN) => (Number.isFinite(value) ? value : null)
