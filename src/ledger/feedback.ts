/** What became of cards, into the store: all that a request brought in one commit, each of it once (FB-3). */
import type { KnownCaller } from '../explanation.ts'
import type { Feedback } from '../hooks/feedback.ts'
import { asUuid } from './draft.ts'
import type { LedgerKeys } from './keys.ts'
import { type Columns, insertListed, numberIn, type Sql } from './sql.ts'

/** What an entry was: of a card that this caller was shown, or of none that is known. */
export interface Heard {
  card: string
  state: 'joined' | 'late' | 'unknown-card' | 'repeated'
  rule?: string | undefined
  outcome: Feedback['outcome']
}

interface ToHear {
  service: string
  caller: KnownCaller | undefined
  items: readonly Feedback[]
  /** In ms since 1970. */
  now: number
}

/** After so long it is told of as late, in ms: nobody decides on a card that was shown yesterday. */
const late = 86_400_000

const feedbackColumns = {
  told: 'text',
  received: 'integer',
  service: 'text',
  issuer: 'text',
  tenant: 'text',
  card: 'text',
  outcome: 'text',
  outcome_at: 'integer',
  suggestions: 'text',
  reason_system: 'text',
  reason_code: 'text',
} as const satisfies Columns

const commentColumns = { told: 'text', received: 'integer', sealed: 'text' } as const satisfies Columns

export async function writeFeedback(
  { sql: { dialect, batch }, keys }: { sql: Sql; keys: LedgerKeys },
  { service, caller, items, now }: ToHear,
): Promise<Heard[]> {
  const { issuer = null, tenant = null } = caller ?? {}
  const rows = items.map((item) => {
    const { card, outcome, suggestions, reason, comment, at } = item
    const told = keys.keyOf(
      'told',
      JSON.stringify([issuer, tenant, card, outcome, suggestions, reason, comment, at]),
    )
    return {
      told,
      received: now,
      service,
      issuer,
      tenant,
      // A card of ours has a uuid; whatever else is named may be anything.
      card: asUuid(card) ?? keys.keyOf('told', card),
      outcome,
      // A clock that runs ahead would make the first word the last one for ever.
      outcome_at: Math.min(at, now),
      suggestions: suggestions.flatMap((id) => asUuid(id) ?? []).join(' '),
      reason_system: reason?.system ?? null,
      reason_code: reason?.code ?? null,
      comment,
    }
  })
  const comments = rows.flatMap(({ told, received, comment }) =>
    comment === undefined ? [] : [{ told, received, sealed: keys.seal(told, comment) }],
  )
  const listed = JSON.stringify(rows.map(({ comment: _, ...row }) => row))
  const known = `
    select listed.told, c.rule, c.at, f.told as before from ${dialect.listed('$1', feedbackColumns)}
    left join lumbar_ledger_card c on c.uuid = listed.card and c.shown = 1
      and c.issuer is not distinct from listed.issuer and c.tenant is not distinct from listed.tenant
    left join lumbar_ledger_feedback f on f.told = listed.told`
  const [found = []] = await batch([
    { sql: known, values: [listed] },
    { sql: insertListed(dialect, 'lumbar_ledger_feedback', feedbackColumns), values: [listed] },
    ...(comments.length > 0
      ? [
          {
            sql: insertListed(dialect, 'lumbar_ledger_comment', commentColumns),
            values: [JSON.stringify(comments)],
          },
        ]
      : []),
  ])
  const byTold = new Map(found.map((row) => [String(row.told), row]))
  const seen = new Set<string>()
  return rows.map(({ told, card, outcome }): Heard => {
    const row = byTold.get(told)
    const isRepeated = (row?.before ?? null) !== null || seen.has(told)
    seen.add(told)
    const rule = typeof row?.rule === 'string' ? row.rule : undefined
    if (isRepeated) return { card, outcome, rule, state: 'repeated' }
    if (rule === undefined) return { card, outcome, state: 'unknown-card' }
    return { card, outcome, rule, state: now - numberIn(row?.at) > late ? 'late' : 'joined' }
  })
}
