/** Instances that share a database: what one of them tells is known to the other, which asks no more than it must. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { HookCall } from '../../src/hooks/call.ts'
import type { News, Sql } from '../../src/ledger/sql.ts'
import { openPostgres } from '../../src/ledger/threaded.ts'
import type { Log } from '../../src/store/database.ts'
import { openPostgresStores } from '../../src/store/postgres.ts'
import { openPostgresReplay } from '../../src/trust/replay-postgres.ts'
import { admin, databaseUrl, reachable, schema } from '../smart/database.ts'
import { hasPooler, openPooler, type Pooler } from './pooler.ts'
import { callOf, type Desk, key, openDesk, shown, told } from './support.ts'

const silentLog = { info: () => undefined, warn: () => undefined }
const ofListener = "from pg_stat_activity where application_name = 'lumbar-ledger-listener'"

beforeAll(async () => {
  if (reachable) await admin(`create schema ${schema}`)
})
afterAll(async () => {
  if (reachable) await admin(`drop schema ${schema} cascade`)
})

interface Instance {
  desk: Desk
  /** How often a history was read. */
  reads: number
  news: News[]
}

const open: Desk[] = []
let pooler: Pooler | undefined
afterEach(async () => {
  await Promise.all(open.splice(0).map((desk) => desk.close()))
  await pooler?.close()
  pooler = undefined
})

async function instance(url = databaseUrl(), log: Log = silentLog): Promise<Instance> {
  const sql = openPostgres(url, log)
  const seen: Omit<Instance, 'desk'> = { reads: 0, news: [] }
  const watched: Sql = {
    ...sql,
    batch: (statements) => {
      if (statements.some(({ sql: text }) => text.includes('t.* from'))) seen.reads += 1
      return sql.batch(statements)
    },
    listen: (hear) =>
      sql.listen?.((news) => {
        seen.news.push(news)
        hear(news)
      }),
  }
  const desk = openDesk({ sql: watched })
  open.push(desk)
  await desk.ledger.begin()
  const here = Object.assign(seen, { desk })
  await until(() => here.news.length > 0)
  // Whom others told of before was read then.
  await sql.batch([{ sql: 'select 1 as one' }])
  await sleep(50)
  return here
}

async function until(holds: () => boolean): Promise<void> {
  const late = performance.now() + 20_000
  while (!holds() && performance.now() < late) await sleep(10)
  expect(holds()).toBe(true)
}

/** A patient who is new is answered without a question to the store. */
async function untilKnown(here: Instance): Promise<void> {
  const late = performance.now() + 20_000
  while (performance.now() < late) {
    const before = here.reads
    await shown(here.desk, callAbout('order-sign', randomUUID()))
    if (here.reads === before) return
    await sleep(50)
  }
  throw new Error('it asks at each call')
}

function callAbout(hook: 'order-select' | 'order-sign', patientId: string): HookCall {
  const call = callOf(hook, 'acute-week-two', ['lumbar-mri'], { hookInstance: randomUUID() })
  return JSON.parse(JSON.stringify(call).replaceAll(call.patientId, patientId)) as HookCall
}
const heardOf = ({ news }: Instance, what: 'patients' | 'feedback') =>
  news.filter((each) => typeof each === 'object' && what in each).length

describe.skipIf(!reachable)('Of two instances', () => {
  test('each knows at once of whom nobody told anything, and of whom the other did', async () => {
    const [one, other] = [await instance(), await instance()]
    const patient = randomUUID()
    expect(await shown(one.desk, callAbout('order-select', patient))).toEqual(['IM01 warning'])
    await one.desk.ledger.flush()
    await until(() => heardOf(other, 'patients') === 1)
    expect(await shown(other.desk, callAbout('order-sign', patient))).toEqual(['IM01 info'])
    expect(await shown(other.desk, callAbout('order-sign', randomUUID()))).toEqual(['IM01 warning'])
    expect([one.reads, other.reads]).toEqual([0, 1])
    // What it wrote itself is no news to it.
    expect(heardOf(one, 'patients')).toBe(0)
  })

  test('G-08: what is overridden at one is not told again at the other, which had read before', async () => {
    const [one, other] = [await instance(), await instance()]
    const patient = randomUUID()
    const { cards } = await one.desk.evaluator.evaluate(callAbout('order-select', patient))
    await one.desk.ledger.flush()
    await until(() => heardOf(other, 'patients') === 1)
    expect(await shown(other.desk, callAbout('order-select', patient))).toEqual(['IM01 info'])
    expect(await shown(other.desk, callAbout('order-select', patient))).toEqual(['IM01 info'])
    expect(other.reads).toBe(1)
    const about = told(cards[0]?.uuid ?? '', { at: one.desk.clock.time })
    await one.desk.ledger.hear('lumbar-order-select', undefined, [about])
    await until(() => heardOf(other, 'feedback') === 1)
    expect(await shown(other.desk, callAbout('order-sign', patient))).toEqual([])
  })

  test('one that cannot hear asks at each call, and knows again when it hears again', async () => {
    const here = await instance()
    await admin(`select pg_terminate_backend(pid) ${ofListener}`)
    await until(() => here.news.includes('deaf'))
    await shown(here.desk, callAbout('order-sign', randomUUID()))
    expect(here.reads).toBe(1)
    await until(() => here.news.lastIndexOf('hearing') > here.news.lastIndexOf('deaf'))
    // What was written meanwhile is read first, however long that takes.
    await untilKnown(here)
  })

  test('many patients and many cards in one commit are told in parts', async () => {
    const here = await instance()
    const rows = (columns: string, values: string) =>
      `insert into ${columns} select ${values} from generate_series(1, 1000) n`
    const key = "lpad(n::text, 22, 'k')"
    await here.desk.sql.batch([
      {
        sql: rows(
          'lumbar_ledger_feedback (told, received, service, card, outcome, outcome_at, suggestions)',
          `${key}, 1, 's', 'urn:uuid:' || gen_random_uuid(), 'accepted', 1, ''`,
        ),
      },
    ])
    const other = openPostgres(databaseUrl(), silentLog)
    await other.batch([
      {
        sql: rows(
          'lumbar_ledger_card (uuid, evaluation, at, hook, patient, rule, indicator, shown, finding, orders, lines, suggestions)',
          `gen_random_uuid(), 'e', 1, 'order-sign', ${key}, 'IM01', 'info', n % 2, '', '', '', '{}'`,
        ),
      },
    ])
    await other.close()
    const patients = () =>
      here.news.flatMap((each) => (typeof each === 'object' && 'patients' in each ? each.patients : []))
    await until(() => patients().length === 500)
  })
})

describe.skipIf(!reachable || !hasPooler)('Behind PgBouncer', () => {
  test('that gives each transaction another connection, one says that it hears nothing, and asks at each call', async () => {
    pooler = await openPooler(databaseUrl(), 'transaction')
    const warned: object[] = []
    const behind = await instance(pooler.url, { info: () => undefined, warn: (line) => warned.push(line) })
    const other = await instance()
    expect([behind.news, other.news]).toEqual([['deaf'], ['hearing']])
    expect(warned).toEqual([{ outcome: 'ledger-unheard', reason: 'pooled-by-transaction' }])
    const patient = randomUUID()
    expect(await shown(other.desk, callAbout('order-select', patient))).toEqual(['IM01 warning'])
    await other.desk.ledger.flush()
    expect(await shown(behind.desk, callAbout('order-select', patient))).toEqual(['IM01 info'])
    expect(await shown(behind.desk, callAbout('order-sign', randomUUID()))).toEqual(['IM01 warning'])
    expect(behind.reads).toBe(2)
  })

  test('that keeps sessions, one hears the others, and what it wrote itself is no news to it', async () => {
    pooler = await openPooler(databaseUrl(), 'session')
    const behind = await instance(pooler.url)
    const other = await instance()
    expect([behind.news, other.news]).toEqual([['hearing'], ['hearing']])
    const [patient, own] = [randomUUID(), randomUUID()]
    await shown(other.desk, callAbout('order-select', patient))
    await other.desk.ledger.flush()
    await until(() => heardOf(behind, 'patients') === 1)
    expect(await shown(behind.desk, callAbout('order-select', patient))).toEqual(['IM01 info'])
    await shown(behind.desk, callAbout('order-select', own))
    await behind.desk.ledger.flush()
    await until(() => heardOf(other, 'patients') >= 1)
    await sleep(200)
    expect(heardOf(behind, 'patients')).toBe(1)
  })

  test.each(['session', 'transaction'] as const)(
    'by %s, a token is used once, and one of two instances claims a sign-in',
    async (mode) => {
      pooler = await openPooler(databaseUrl(), mode)
      const settings = { connectionString: pooler.url, log: silentLog }
      const openTokens = () => openPostgresReplay({ ...settings, now: () => new Date() })
      const tokens = await Promise.all([openTokens(), openTokens()])
      const use = {
        issuer: 'https://ehr.example.org',
        jti: randomUUID(),
        until: new Date(Date.now() + 60_000),
      }
      expect((await Promise.all(tokens.map((each) => each.seen(use)))).sort()).toEqual([false, true])
      const openSignIns = () => openPostgresStores({ ...settings, key, now: Date.now })
      const signIns = await Promise.all([openSignIns(), openSignIns()])
      const until = Date.now() + 60_000
      const claims = await Promise.all(signIns.map(({ launches }) => launches.claim(use.jti, until)))
      expect(claims.sort()).toEqual([false, true])
      await signIns[0]?.kept.put(use.jti, 'answers', until)
      expect(await signIns[1]?.kept.get(use.jti)).toBe('answers')
      await Promise.all([...tokens, ...signIns].map((each) => each.close()))
    },
  )
})
