/** Kills services or their database in the middle of feedback, and counts what they had answered as kept and is not there. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import type { Sql } from '../../src/ledger/sql.ts'
import { openPostgres, openSqlite } from '../../src/ledger/threaded.ts'
import { queries } from '../language/vignette.ts'
import { type Running, startServer } from '../operations/support.ts'
import { root } from '../support/evaluator.ts'
import type { Cluster } from './cluster.ts'
import { today } from './support.ts'

interface Killed {
  /** Entries of feedback that were answered with 200. */
  acknowledged: number
  /** Of those, that the store does not have. */
  lost: number
  /** Evaluations that were answered, and those of them that were not yet written. */
  evaluations: number
  unwritten: number
}

interface ToKill {
  rounds: number
  /** Of PostgreSQL; without it each round goes on with one SQLite file. */
  databaseUrl?: string
  /** How long at most there is load before the kill, in ms. */
  load?: number
  /** Instances at once, of which one is killed in each round; only with a database. */
  instances?: number
}

/** For the first answers of a round, in ms. */
const patience = 60_000

export async function killUnderLoad({
  rounds,
  databaseUrl,
  load = 700,
  instances = 1,
}: ToKill): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-kill-'))
  const file = join(folder, 'ledger.sqlite')
  const env = databaseUrl === undefined ? { LEDGER_FILE: file } : { DATABASE_URL: databaseUrl }
  const told = new Set<string>()
  const evaluated = new Set<string>()
  let servers: Running[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      while (servers.length < instances) servers.push(await startServer(env))
      let isOver = false
      const work = servers.flatMap((server) =>
        [0, 1].map(() => callWhile(server.address, () => !isOver, told, evaluated)),
      )
      const before = told.size
      const late = performance.now() + patience
      // The first calls of a process are slow; then it is killed at any moment.
      while (told.size < before + 5 && performance.now() < late) await sleep(10)
      await sleep(load * Math.random())
      servers[0]?.child.kill('SIGKILL')
      isOver = true
      await Promise.all(work)
      servers = servers.slice(1)
    }
    await Promise.all(servers.map((server) => server.stop()))
    const log = { info: () => undefined, warn: () => undefined }
    const sql = databaseUrl === undefined ? openSqlite(file) : openPostgres(databaseUrl, log)
    const found = {
      acknowledged: told.size,
      lost: await missing(sql, told, 'card as name from lumbar_ledger_feedback'),
      evaluations: evaluated.size,
      unwritten: await missing(sql, evaluated, 'uuid as name from lumbar_ledger_card'),
    }
    await sql.close()
    return found
  } finally {
    for (const { child } of servers) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Restarted extends Omit<Killed, 'unwritten'> {
  /** Entries of feedback that were told to come again later, while the database was away. */
  refused: number
  /** What calls got instead of cards, and feedback instead of 200 or 503. */
  failed: string[]
}

interface ToRestart {
  cluster: Cluster
  how: 'immediate' | 'fast'
  /** How long the database is away, in ms. */
  away?: number
}

const key = Buffer.alloc(32, 3).toString('base64url')

/** Two instances on one database, which is stopped under load and comes back. */
export async function restartUnderLoad({ cluster, how, away = 1500 }: ToRestart): Promise<Restarted> {
  const env = { DATABASE_URL: cluster.url, LEDGER_KEY: key }
  const servers = [await startServer(env), await startServer(env)]
  try {
    const told = new Set<string>()
    const evaluated = new Set<string>()
    let refused = 0
    const failed: string[] = []
    let isOver = false
    const on = {
      onRefused: () => refused++,
      onFailed: (why: string) => failed.push(why),
    }
    const work = servers.flatMap((server) =>
      [0, 1].map(() => callWhile(server.address, () => !isOver, told, evaluated, on)),
    )
    await untilMore(told, 20)
    await sleep(500 * Math.random())
    await cluster.stop(how)
    await sleep(away)
    await cluster.start()
    await untilMore(told, 20)
    isOver = true
    await Promise.all(work)
    const sql = openPostgres(cluster.url, { info: () => undefined, warn: () => undefined })
    const lost = await missing(sql, told, 'card as name from lumbar_ledger_feedback')
    await sql.close()
    return { acknowledged: told.size, lost, evaluations: evaluated.size, refused, failed }
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function untilMore(told: ReadonlySet<string>, more: number): Promise<void> {
  const [before, late] = [told.size, performance.now() + patience]
  while (told.size < before + more && performance.now() < late) await sleep(20)
  if (told.size < before + more) throw new Error('no feedback was kept any more')
}

/** 503, by its code. */
class Refused extends Error {}

interface Hearing {
  onRefused?: () => void
  onFailed?: (why: string) => void
}

/** A call, and feedback on its card; until one is not answered, or as long as somebody hears what was not. */
async function callWhile(
  address: string,
  goesOn: () => boolean,
  told: Set<string>,
  evaluated: Set<string>,
  { onRefused, onFailed }: Hearing = {},
) {
  const order = [loadOrder(root, 'lumbar-mri')]
  const patient = loadPatient(root, 'acute-week-two', today)
  const body = hookCall({ patient, orders: order, hook: 'order-sign', queries, today })
  const { patientId } = body.context
  const call = JSON.stringify(body)
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${address}/cds-services/lumbar-order-sign${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.status === 503) throw new Refused(await answer.text())
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`)
    return answer.json() as Promise<{ cards?: { uuid: string }[] }>
  }
  /** A machine that is busy with other tests is no matter of this one: whoever hears of failures asks again. */
  const cardsOf = async (asked: object): Promise<{ uuid: string }[]> => {
    try {
      return (await post('', asked)).cards ?? []
    } catch (error) {
      const isBusy = error instanceof Refused && error.message.includes('under-pressure')
      if (!onFailed || !isBusy) throw error
      await sleep(100)
      return goesOn() ? cardsOf(asked) : []
    }
  }
  try {
    while (goesOn()) {
      // A patient of each call's own: what was overridden would be held back.
      const own = call.replaceAll(patientId, randomUUID())
      const cards = await cardsOf(JSON.parse(own))
      for (const { uuid } of cards) {
        evaluated.add(uuid)
        const feedback = [{ card: uuid, outcome: 'overridden', outcomeTimestamp: new Date().toISOString() }]
        try {
          await post('/feedback', { feedback })
          told.add(uuid)
        } catch (error) {
          if (!onRefused || !(error instanceof Refused)) throw error
          onRefused()
          await sleep(50)
        }
      }
    }
  } catch (error) {
    // Killed: what was not answered may be there or not.
    onFailed?.(String(error))
  }
}

async function missing(sql: Sql, names: ReadonlySet<string>, from: string): Promise<number> {
  const [rows = []] = await sql.batch([{ sql: `select ${from}` }])
  const there = new Set(rows.map(({ name }) => String(name)))
  return [...names].filter((name) => !there.has(name)).length
}
