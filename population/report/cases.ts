/** Images that a card would have advised against, for the letter of who ordered them: three each, and nobody's. */
import type { ReportFile } from '../../src/quality/reports.ts'
import type { Engine } from '../engine.ts'

/** What is said of a study, by the group of its code. */
const words: Readonly<Record<string, string>> = { mr: 'an MRI', ct: 'a CT', xr: 'an X-ray' }

/** By the hash of the order: the same for the same export, and neither the first nor the last. */
export async function casesToThinkAbout(engine: Engine): Promise<ReportFile['cases']> {
  const rows = await engine.rows<{
    clinician: string
    age: string
    grp: string | null
    ordered: string
    began: string
    rule: string
  }>(`
    SELECT clinician, age, grp, ordered, began, rule FROM (
      SELECT i.clinician, s.age, CAST(v.day AS STRING) AS ordered, CAST(i.day AS STRING) AS began, v.rule,
        (SELECT min(k.grp) FROM service_requests r JOIN coded k ON k.system IS NOT DISTINCT FROM r.system AND k.code = r.code
          WHERE r.id = v.id AND k.value_set = 'b1-lumbar-imaging-orders') AS grp,
        row_number() OVER (PARTITION BY i.clinician ORDER BY md5(v.id), i.id) AS place
      FROM verdicts v JOIN episodes i ON i.patient = v.patient AND v.day BETWEEN i.day AND i.day + 42
      JOIN strata s ON s.id = i.id
      WHERE v.not_needed AND v.rule IS NOT NULL AND i.clinician IS NOT NULL
        AND EXISTS (SELECT 1 FROM service_requests r WHERE r.id = v.id AND r.clinician = i.clinician)
    ) WHERE place <= 3 ORDER BY clinician, place`)
  const cases: ReportFile['cases'] = {}
  for (const { clinician, age, grp, ordered, began, rule } of rows) {
    const study = Object.entries(words).find(([name]) => grp?.startsWith(`${name}-`))?.[1] ?? 'an image'
    cases[clinician] = [
      ...(cases[clinician] ?? []),
      { age, ordered: `${study} of the lumbar spine`, days: daysBetween(began, ordered), rule },
    ]
  }
  return cases
}

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
