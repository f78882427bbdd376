/** Whom somebody may want to write to: FHIR Groups of people with a back pain in the period. They name patients. */
import type { Group } from 'fhir/r4.js'
import type { Engine } from '../engine.ts'

interface Outreach {
  id: string
  name: string
  why: string
  query: string
}

const lists: readonly Outreach[] = [
  {
    id: 'past-opioid',
    name: 'Back pain, and an opioid within the year',
    why: 'An opioid for pain was filled or prescribed in the 365 days up to the end of the period.',
    query: `SELECT DISTINCT i.patient FROM episodes i CROSS JOIN period p JOIN opioids o ON o.patient = i.patient
      AND o.day BETWEEN p.last_day - 365 AND p.last_day`,
  },
  {
    id: 'advanced-imaging',
    name: 'Back pain, and an MRI or CT of the lumbar spine',
    why: 'A lumbar MRI or CT was done in the period.',
    query: `SELECT DISTINCT i.patient FROM episodes i CROSS JOIN period p JOIN events e ON e.patient = i.patient AND e.kind = 'service'
      AND e.value_set = 'b1-lumbar-imaging-orders' AND left(e.grp, 3) IN ('mr-', 'ct-')
      AND e.day BETWEEN p.first_day AND p.last_day`,
  },
  {
    id: 'rising-risk',
    name: 'Back pain that comes back',
    why: 'Three visits for back pain within 90 days of the index visit, or two of them in an emergency department. Our own choice (DESIGN): no guideline says it.',
    query: `SELECT i.patient FROM episodes i JOIN contacts c ON c.patient = i.patient AND c.day BETWEEN i.day AND i.day + 90
      GROUP BY i.patient, i.id HAVING count(DISTINCT c.encounter) >= 3 OR count(DISTINCT c.encounter) FILTER (WHERE c.class = 'EMER') >= 2`,
  },
]

export async function outreachGroups(engine: Engine, until: string): Promise<readonly Group[]> {
  const groups: Group[] = []
  for (const { id, name, why, query } of lists) {
    const members = await engine.rows<{ patient: string }>(
      `SELECT DISTINCT patient FROM (${query}) ORDER BY patient`,
    )
    groups.push({
      resourceType: 'Group',
      id: `lumbar-${id}`,
      text: {
        status: 'generated',
        div: `<div xmlns="http://www.w3.org/1999/xhtml">${why} Until ${until}.</div>`,
      },
      type: 'person',
      actual: true,
      active: true,
      name,
      quantity: members.length,
      member: members.map(({ patient }) => ({ entity: { reference: `Patient/${patient}` } })),
    })
  }
  return groups
}
