/**
 * Orders of which a FHIR server is still to be asked what became of them. Whoever asks holds them for a while, so that of
 * two instances one asks; an answer is written once, and with it goes what named the patient.
 */
import { type LedgerKeys, sealedName } from './keys.ts'
import { type Columns, numberIn, type Row, type Sql } from './sql.ts'

/** How long after an order was drafted it is settled, in ms. */
export const settledAfter = 86_400_000
/** How long its ids are kept at most, in ms; what is over goes within the hour. */
export const keptFor = 47 * 3_600_000

/** What is sealed of an order: as its EHR names it. */
export interface AwaitedNames {
  /** Base address of the FHIR server. */
  server: string
  patient: string
  /** `ServiceRequest/12`, where the draft had an id. */
  reference: string | null
  /** What is ordered: its kind, then codes or a name. */
  what: readonly string[]
}

export interface AwaitedOrder extends AwaitedNames {
  made: string
  /** When it was first drafted, in ms since 1970. */
  at: number
  /** How often it was asked about, this time too. */
  tries: number
}

export type Became = 'signed' | 'replaced' | 'gone' | 'unknown'

export interface Answered {
  made: string
  at: number
  outcome: Became
  /** The status that it has there, or why nobody can tell; one of our own words. */
  why: string | null
}

/** Each rejects with LedgerFailure while the store is away. */
export interface Awaited {
  /** At most so many that are due, held for so many ms. */
  claim(most: number, hold: number): Promise<AwaitedOrder[]>
  /** Writes what became of them, and forgets their ids. */
  settle(answered: readonly Answered[]): Promise<void>
  /** Lets them be asked about again, at that moment. */
  release(orders: readonly Pick<AwaitedOrder, 'made'>[], from: number): Promise<void>
  /** How many wait for an answer. */
  count(): Promise<number>
}

const answerColumns = {
  made: 'text',
  at: 'integer',
  outcome: 'text',
  why: 'text',
} as const satisfies Columns
const named = { made: 'text' } as const satisfies Columns

const claiming = `
  update lumbar_ledger_awaited set held = $2, tries = tries + 1
  where held <= $1 and made in (
    select made from lumbar_ledger_awaited where due <= $1 and held <= $1 and until > $1 order by due, made limit $3)
  returning made, at, tries, sealed`

export function openAwaited(sql: Sql, keys: LedgerKeys, now: () => number): Awaited {
  const { dialect, batch } = sql
  const settle = async (answered: readonly Answered[]) => {
    if (answered.length === 0) return
    const values = [JSON.stringify(answered)]
    const listed = dialect.listed('$1', answerColumns)
    await batch([
      // A patient who was forgotten meanwhile is not written again.
      {
        sql: `insert into lumbar_ledger_became (made, at, evaluation, patient, kind, answered, outcome, why)
          select a.made, a.at, a.evaluation, a.patient, a.kind, $2, listed.outcome, listed.why
          from ${listed} join lumbar_ledger_awaited a on a.made = listed.made and a.at = listed.at
          where true on conflict do nothing`,
        values: [...values, now()],
      },
      {
        sql: `delete from lumbar_ledger_awaited where exists (
          select 1 from ${listed} where listed.made = lumbar_ledger_awaited.made and listed.at = lumbar_ledger_awaited.at)`,
        values,
      },
    ])
  }
  return {
    settle,
    claim: async (most, hold) => {
      const [rows = []] = await batch([{ sql: claiming, values: [now(), now() + hold, most] }])
      const orders = rows.map((row) => openOrder(keys, row))
      // Sealed by a key that is no longer ours: nobody can ask.
      await settle(
        rows.flatMap((row, at): Answered[] =>
          orders[at] === undefined
            ? [{ made: String(row.made), at: numberIn(row.at), outcome: 'unknown', why: 'other-key' }]
            : [],
        ),
      )
      return orders.filter((order) => order !== undefined).sort((a, b) => a.at - b.at)
    },
    release: async (orders, from) => {
      await batch([
        {
          sql: `update lumbar_ledger_awaited set held = $2
            where made in (select listed.made from ${dialect.listed('$1', named)})`,
          values: [JSON.stringify(orders.map(({ made }) => ({ made }))), from],
        },
      ])
    },
    count: async () => {
      const [rows = []] = await batch([{ sql: 'select count(*) as waiting from lumbar_ledger_awaited' }])
      return numberIn(rows[0]?.waiting ?? 0)
    },
  }
}

function openOrder(keys: LedgerKeys, row: Row): AwaitedOrder | undefined {
  const made = String(row.made)
  const text = keys.open(sealedName('awaited', made), String(row.sealed))
  if (text === undefined) return undefined
  const names: AwaitedNames = JSON.parse(text)
  return { ...names, made, at: numberIn(row.at), tries: numberIn(row.tries) }
}

/** What could not be answered in time is unknown, and its ids go. */
export async function giveUp({ batch }: Sql, now: number): Promise<void> {
  await batch([
    {
      sql: `insert into lumbar_ledger_became (made, at, evaluation, patient, kind, answered, outcome, why)
        select made, at, evaluation, patient, kind, $1, 'unknown', 'no-answer'
        from lumbar_ledger_awaited where until <= $1 on conflict do nothing`,
      values: [now],
    },
    { sql: 'delete from lumbar_ledger_awaited where until <= $1', values: [now] },
  ])
}
