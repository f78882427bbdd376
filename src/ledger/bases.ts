/** What cards rest on, beside their evaluation: sealed, and only for the hours of the site. */
import { type Store, StoreUnavailable } from '../store/store.ts'
import type { Sealing } from './draft.ts'
import { LedgerFailure } from './failure.ts'
import { type LedgerKeys, sealedName } from './keys.ts'
import type { Sql } from './sql.ts'
import type { Writer } from './writer.ts'

interface BasesSettings {
  sql: Sql
  keys: LedgerKeys
  now: () => number
  writer: Pick<Writer, 'add' | 'flush'>
}

/** Ids are those of evaluations. What is put goes off the way of calls, with the evaluation itself. */
export type Bases = Pick<Store, 'put' | 'get'>

export function openBases({ sql, keys, now, writer }: BasesSettings): Bases {
  return {
    put: async (evaluation, text, until) => {
      const sealing: Sealing = { evaluation, kind: 'basis', text, until }
      writer.add({ json: JSON.stringify(sealing), isAside: true })
    },
    get: async (evaluation) => {
      try {
        // The card may have been shown a moment ago.
        await writer.flush()
        return await readBasis({ sql, keys }, evaluation, now())
      } catch (error) {
        if (error instanceof LedgerFailure) throw new StoreUnavailable(error.code)
        throw error
      }
    },
  }
}

/** What was sealed of an evaluation, as far as it is kept at this moment (in ms since 1970). Rejects with LedgerFailure. */
export async function readBasis(
  { sql, keys }: Pick<BasesSettings, 'sql' | 'keys'>,
  evaluation: string,
  now: number,
): Promise<string | undefined> {
  const [[row] = []] = await sql.batch([
    {
      sql: "select sealed from lumbar_ledger_sealed where evaluation = $1 and kind = 'basis' and until > $2",
      values: [evaluation, now],
    },
  ])
  return row && keys.open(sealedName('basis', evaluation), String(row.sealed))
}
