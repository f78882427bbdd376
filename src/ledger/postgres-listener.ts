/** Hears what other instances write: PostgreSQL tells it by NOTIFY, from triggers of the tables. */
import type { Client, Notification } from 'pg'
import type { News } from './sql.ts'

interface ListenerSettings {
  connectionString: string
  /** How long PostgreSQL may take to answer, in ms. */
  patience: number
  /** Whether a connection of this process id is one of ours. */
  isOwn: (id: number) => boolean
  hear: (news: News) => void
}

export interface Listener {
  close(): Promise<void>
}

/** A connection that is cut somewhere on its way says nothing: it is asked so often, in ms. */
const asking = 5000
const [firstPause, longestPause] = [250, 5000]

/** Begins at once, and again after each connection that ends. */
export function listenTo({ connectionString, patience, isOwn, hear }: ListenerSettings): Listener {
  let current: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let pause = firstPause
  let isClosed = false

  async function begin(): Promise<void> {
    const { default: pg } = await import('pg')
    const client = new pg.Client({
      connectionString,
      application_name: 'lumbar-ledger-listener',
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
    })
    current = client
    let isOver = false
    const over = () => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      hear('deaf')
      client.end().catch(() => undefined)
      if (isClosed) return
      timer = setTimeout(begin, pause).unref()
      pause = Math.min(pause * 2, longestPause)
    }
    const askAgain = () => {
      timer = setTimeout(() => client.query('select 1').then(askAgain, over), asking).unref()
    }
    client.on('error', over).on('end', over).on('notification', onNotified)
    try {
      await client.connect()
      const { rows } = await client.query<{ channel: string }>(
        "select 'lumbar_ledger_' || md5(current_schema()) as channel",
      )
      await client.query(`listen ${rows[0]?.channel}`)
      if (isClosed || isOver) return over()
      pause = firstPause
      hear('hearing')
      askAgain()
    } catch {
      over()
    }
  }

  function onNotified({ processId, payload = '' }: Notification): void {
    if (isOwn(processId)) return
    const [what, ...names] = payload.split(' ')
    if (what === 'patients') hear({ patients: names })
    if (what === 'feedback') hear({ feedback: names })
  }

  void begin()
  return {
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await current?.end().catch(() => undefined)
    },
  }
}
