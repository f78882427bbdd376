/** Hears what other instances write: PostgreSQL tells it by NOTIFY, from triggers of the tables. */
import { randomUUID } from 'node:crypto'
import type { Client, Notification } from 'pg'
import type { Log } from '../store/database.ts'
import type { News } from './sql.ts'

interface ListenerSettings {
  connectionString: string
  /** How long PostgreSQL may take to answer, in ms. */
  patience: number
  /** Whether a connection of this process id is one of ours. */
  isOwn: (id: number) => boolean
  /** Tells something over another connection, as those do who are to be heard. */
  notify: (channel: string, payload: string) => Promise<unknown>
  hear: (news: News) => void
  log: Log
}

export interface Listener {
  close(): Promise<void>
}

/** A connection that is cut somewhere on its way says nothing: it is asked so often, in ms. */
const asking = 5000
const [firstPause, longestPause] = [250, 5000]
/** Where nothing can be heard somebody has to set something else first, in ms. */
const unheardPause = 600_000

/** Begins at once, and again after each connection that ends. */
export function listenTo(settings: ListenerSettings): Listener {
  const { connectionString, patience, isOwn, notify, hear, log } = settings
  let current: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let pause = firstPause
  let isUnheard = false
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
      timer = setTimeout(begin, isUnheard ? unheardPause : pause).unref()
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
      const channel = rows[0]?.channel ?? ''
      await client.query(`listen ${channel}`)
      tellIfUnheard(await hearsItself(client, channel))
      if (isClosed || isOver || isUnheard) return over()
      pause = firstPause
      hear('hearing')
      askAgain()
    } catch {
      over()
    }
  }

  /**
   * A pooler that gives each transaction another connection takes LISTEN, and passes nothing on. So it is tried, by a word
   * over another connection while this one asks nothing: what it asked could be answered over one that listens.
   */
  async function hearsItself(client: Client, channel: string): Promise<boolean> {
    const word = `echo ${randomUUID()}`
    const heard = Promise.withResolvers<boolean>()
    const onEcho = ({ payload }: Notification) => {
      if (payload === word) heard.resolve(true)
    }
    const late = setTimeout(heard.resolve, patience, false)
    client.on('notification', onEcho)
    try {
      await notify(channel, word)
      return await heard.promise
    } finally {
      clearTimeout(late)
      client.off('notification', onEcho)
    }
  }

  /** Once for each time that it begins. */
  function tellIfUnheard(hears: boolean): void {
    if (!hears && !isUnheard) log.warn({ outcome: 'ledger-unheard', reason: 'pooled-by-transaction' })
    if (hears && isUnheard) log.info({ outcome: 'ledger-heard' })
    isUnheard = !hears
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
