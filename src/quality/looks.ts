/** Who looked at what: each look is written down before anything is shown. No patient is in it. */
import { numberIn, type Sql } from '../ledger/sql.ts'
import type { Viewer } from './viewer.ts'

export interface Look {
  at: number
  who: string
  role: string
  /** The page, as `measures/imaging-28`. */
  what: string
}

/** Rejects with a LedgerFailure while it cannot be kept: then nothing is shown. */
export async function writeLook(sql: Sql, viewer: Viewer, what: string, at: number): Promise<void> {
  await sql.batch([
    {
      sql: 'insert into lumbar_ledger_look (at, who, role, what) values ($1, $2, $3, $4)',
      values: [at, viewer.who, viewer.role, what],
    },
  ])
}

/** The latest first. */
export async function latestLooks(sql: Sql, most = 200): Promise<Look[]> {
  const [rows = []] = await sql.batch([
    { sql: `select at, who, role, what from lumbar_ledger_look order by at desc, id desc limit ${most}` },
  ])
  return rows.map(({ at, who, role, what }) => ({
    at: numberIn(at),
    who: String(who),
    role: String(role),
    what: String(what),
  }))
}
