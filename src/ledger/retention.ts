/** What is no longer kept, by kind, and a patient who is to be forgotten. */
import type { Site } from '../site/schema.ts'
import { giveUp } from './awaited.ts'
import { type Table, tables } from './schema.ts'
import type { Sql } from './sql.ts'

const day = 86_400_000

/** Deletes what is older than the site keeps it. Free text goes first. */
export async function clean(
  sql: Sql,
  { 'evaluation-days': evaluation, 'feedback-days': feedback, 'comment-days': comment }: Site['ledger'],
  now: number,
): Promise<void> {
  const days: Readonly<Record<Table, number>> = {
    evaluation,
    card: evaluation,
    ordered: evaluation,
    coverage: evaluation,
    feedback,
    comment,
    became: evaluation,
  }
  const { batch } = sql
  await batch([{ sql: 'delete from lumbar_ledger_sealed where until < $1', values: [now] }])
  await giveUp(sql, now)
  for (const [table, column] of Object.entries(tables) as [Table, string][]) {
    await batch([
      { sql: `delete from lumbar_ledger_${table} where ${column} < $1`, values: [now - days[table] * day] },
    ])
  }
}

/** Everything of one patient, under the key that stands for the patient; rows that went, by table. */
export async function forgetPatient({ batch }: Sql, patient: string): Promise<Record<Table, number>> {
  const ofCards = 'card in (select uuid from lumbar_ledger_card where patient = $1)'
  const told = `told in (select told from lumbar_ledger_feedback where ${ofCards})`
  const values = [patient]
  const ofEvaluations = 'evaluation in (select id from lumbar_ledger_evaluation where patient = $1)'
  const deleted = await batch([
    { sql: `delete from lumbar_ledger_sealed where ${ofEvaluations}`, values },
    { sql: 'delete from lumbar_ledger_awaited where patient = $1', values },
    { sql: `delete from lumbar_ledger_comment where ${told} returning 1 as gone`, values },
    { sql: `delete from lumbar_ledger_feedback where ${ofCards} returning 1 as gone`, values },
    { sql: 'delete from lumbar_ledger_ordered where patient = $1 returning 1 as gone', values },
    { sql: 'delete from lumbar_ledger_coverage where patient = $1 returning 1 as gone', values },
    { sql: 'delete from lumbar_ledger_became where patient = $1 returning 1 as gone', values },
    { sql: 'delete from lumbar_ledger_card where patient = $1 returning 1 as gone', values },
    { sql: 'delete from lumbar_ledger_evaluation where patient = $1 returning 1 as gone', values },
  ])
  const [, , comment, feedback, ordered, coverage, became, card, evaluation] = deleted.map(
    ({ length }) => length,
  )
  return {
    evaluation: evaluation ?? 0,
    card: card ?? 0,
    ordered: ordered ?? 0,
    coverage: coverage ?? 0,
    feedback: feedback ?? 0,
    comment: comment ?? 0,
    became: became ?? 0,
  }
}
