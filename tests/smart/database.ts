/** A PostgreSQL for tests, and a schema in it for each test file, so that runs do not meet. */
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { Client } from 'pg'

const database = new URL(process.env.DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test')

export const reachable = await new Promise<boolean>((resolve) => {
  const socket = connect(Number(database.port || 5432), database.hostname)
  const answer = (isOpen: boolean) => () => {
    socket.destroy()
    resolve(isOpen)
  }
  socket.on('connect', answer(true)).on('error', answer(false))
})
if (!reachable)
  console.warn(`Not tested, because no PostgreSQL answers at ${database.host}: set DATABASE_URL.`)

export const schema = `smart_${randomUUID().replaceAll('-', '')}`

/** Of the schema. */
export function databaseUrl(): string {
  const url = new URL(database)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}

export async function admin(query: string) {
  const client = new Client({ connectionString: database.href })
  await client.connect()
  return client.query(query).finally(() => client.end())
}
