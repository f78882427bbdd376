/** The little that the ledger asks of a database, so that each query is written once for SQLite and PostgreSQL. */

export interface Statement {
  /** Parameters are `$1`, `$2`, and so on. */
  sql: string
  values?: readonly (string | number | null)[]
}

export type Row = Readonly<Record<string, unknown>>

/** All of what is asked of it at once or none, durable when it resolves. Rejects with a LedgerFailure. */
export interface Sql {
  dialect: Dialect
  /** Rows of each statement. */
  batch(statements: readonly Statement[]): Promise<Row[][]>
  /** JSON texts of drafts; their rows are made where the store is, with keys of this secret. */
  write(drafts: readonly string[], secret: Buffer): Promise<void>
  /** Of a store that others write to as well; once. */
  listen?(hear: (news: News) => void): void
  close(): Promise<void>
}

/**
 * What others wrote, told within a moment of their commit: keys of patients who were shown cards, or cards of which somebody
 * told what became of them. Nothing is missed from `hearing` on until `deaf`.
 */
export type News = 'hearing' | 'deaf' | { patients: readonly string[] } | { feedback: readonly string[] }

/** The same in the thread that holds it. */
export interface HeldStore {
  batch(statements: readonly Statement[]): Promise<Row[][]> | Row[][]
  /** What is there already stays as it is, so that a retry writes nothing twice. */
  insert(rows: readonly Inserted[]): Promise<void> | void
  listen?(hear: (news: News) => void): void
  close(): Promise<void> | void
}

export interface Inserted {
  table: string
  columns: Columns
  rows: readonly Readonly<Record<string, string | number | null>>[]
}

/** A column of a list that comes as JSON. */
export type Columns = Readonly<Record<string, 'text' | 'integer' | 'real'>>

export interface Dialect {
  name: 'sqlite' | 'postgres'
  /** A table of what stands as a JSON list in a parameter. */
  listed(parameter: string, columns: Columns): string
  types: { integer: string; real: string; id: string }
}

const postgresTypes = { text: 'text', integer: 'bigint', real: 'double precision' } as const

export const postgres: Dialect = {
  name: 'postgres',
  listed: (parameter, columns) => {
    const named = Object.entries(columns).map(([name, type]) => `${name} ${postgresTypes[type]}`)
    return `json_to_recordset(${parameter}::json) as listed(${named.join(', ')})`
  },
  types: {
    integer: 'bigint',
    real: 'double precision',
    id: 'bigint generated always as identity primary key',
  },
}

export const sqlite: Dialect = {
  name: 'sqlite',
  listed: (parameter, columns) => {
    const named = Object.keys(columns).map((name) => `value ->> '$.${name}' as ${name}`)
    return `(select ${named.join(', ')} from json_each(${parameter})) as listed`
  },
  types: { integer: 'integer', real: 'real', id: 'integer primary key' },
}

/** Inserts what stands in the parameter, `$1` or another; what is there already stays as it is, so that a retry writes nothing twice. */
export function insertListed({ listed }: Dialect, table: string, columns: Columns, parameter = '$1'): string {
  const names = Object.keys(columns).join(', ')
  return `insert into ${table} (${names}) select ${names} from ${listed(parameter, columns)} where true on conflict do nothing`
}

/** PostgreSQL gives large integers as text. */
export const numberIn = (value: unknown): number => Number(value)
export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
