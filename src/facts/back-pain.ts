/** Entries of a record about back pain: problems, visits for it, and what dates them. */
import type { Evidence } from '../pathway/known.ts'
import type { PatientRecord } from '../record/record.ts'
import { problemsOf } from './reading/reader.ts'
import type { RecordIndex } from './record-index.ts'
import { type Span, spanOf } from './spans.ts'
import type { Statement } from './statements.ts'
import { type Concept, type Element, element, number, text, wordsOfConcept } from './wire.ts'

export function statementsIn(index: RecordIndex, keys: ReadonlySet<string>, type: string): Statement[] {
  const found = new Set<Statement>()
  for (const key of keys)
    for (const statement of index.statements(key))
      if (statement.type === type && statement.place === 'record' && statement.presence === 'present')
        found.add(statement)
  return [...found]
}

export function reasonsOfVisits(index: RecordIndex, keys: ReadonlySet<string>): Statement[] {
  return [...keys].flatMap((key) =>
    index.statements(key).filter(({ place, presence }) => place === 'visit' && presence === 'present'),
  )
}

export const evidenceOfReason = ({ reason, how }: { reason: Concept; how: Evidence['how'] }): Evidence => ({
  reference: 'order',
  what: wordsOfConcept(reason).split(' | ')[0] ?? '',
  how,
})

/** Visits for back pain: by their own reason, or by a back-pain condition that they name. */
export function visitsFor(
  index: RecordIndex,
  keys: ReadonlySet<string>,
  problems: readonly Statement[],
): Statement[] {
  const problemIds = new Set(problems.map((each) => each.reference.split('/')[1] ?? ''))
  const problemVisits = new Set(problems.flatMap((each) => each.encounter ?? []))
  const reasons = new Set(reasonsOfVisits(index, keys).map(({ reference }) => reference))
  return index.visits.filter((visit) => {
    if (visit.progress !== 'done') return false
    if (visit.rows.some((row) => keys.has(row.key)) || reasons.has(visit.reference)) return true
    if (problemVisits.has(visit.reference.split('/')[1] ?? '')) return true
    return problemsOf(visit.resource as unknown as Element).some((id) => problemIds.has(id))
  })
}

/** "Aged 34 at onset": some day of that year of life. */
export function onsetByAge(statement: Statement, record: PatientRecord): Span | undefined {
  const age = element((statement.resource as unknown as Element).onsetAge)
  const years = number(age?.value)
  const birth = spanOf(record.patient?.birthDate)
  const unit = text(age?.code) ?? text(age?.unit)
  if (years === undefined || !birth || (unit !== undefined && !unit.startsWith('a') && !unit.startsWith('y')))
    return undefined
  return {
    first: birth.first + Math.floor(years * 365.25),
    last: birth.last + Math.ceil((years + 1) * 365.25),
  }
}
