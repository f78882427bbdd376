/**
 * Looks what became of drafted orders, a day after: a little at a time, off the way of calls. A server that does not
 * answer is left alone for a while and loses nothing; of several instances one asks, because the store lets one hold an order.
 */
import {
  type Answered,
  type Awaited,
  type AwaitedOrder,
  type Became,
  settledAfter,
} from '../ledger/awaited.ts'
import { LedgerFailure } from '../ledger/failure.ts'
import { spellingOf } from '../ledger/names.ts'
import type { BackendServer } from '../smart/backend.ts'
import type { Log } from '../store/database.ts'
import { type AskOrders, NotTold } from './ask.ts'
import { becameOf, dayAfter } from './became.ts'

interface OutcomeMetrics {
  onBecame(outcome: Became, why: string | null): void
  /** One question about one patient: `answered`, or why not. */
  onAskedServer(result: string): void
}

export interface JobSettings {
  servers: readonly BackendServer[]
  awaited: Awaited
  ask: AskOrders
  now: () => number
  /** The site's day of a moment. */
  dayOf: (at: number) => string
  log: Log
  metrics?: OutcomeMetrics | undefined
  /** Orders that are taken up in one run, and at once. */
  mostOfRun?: number
  mostAtOnce?: number
}

export interface OutcomeJob {
  /** Never rejects. A run that is under way is waited for. */
  run(): Promise<void>
  /** Ends after the question that is being asked; what was not asked is asked by whoever comes next. */
  stop(): Promise<void>
}

/** Longer than all questions of one group can take: then whoever held them is gone, in ms. */
const hold = 600_000
/** Before a question that was not answered is asked again, in ms; each pause is twice the one before. */
const firstPause = 300_000
const longestPause = 3_600_000

export function outcomeJob(settings: JobSettings): OutcomeJob {
  const { awaited, ask, now, dayOf, log, metrics, mostOfRun = 500, mostAtOnce = 50 } = settings
  const servers = new Map(settings.servers.map((server) => [spellingOf(server.base), server]))
  let running: Promise<void> | undefined
  let isStopped = false

  async function workThrough(): Promise<void> {
    const silent = new Set<string>()
    for (let taken = 0; taken < mostOfRun && !isStopped; ) {
      const orders = await awaited.claim(Math.min(mostAtOnce, mostOfRun - taken), hold)
      if (orders.length === 0) return
      taken += orders.length
      for (const group of groupsOf(orders)) await settleGroup(group, silent)
    }
  }

  /** Orders of one patient at one server, which are one question. `silent` are servers that did not answer in this run. */
  async function settleGroup(group: readonly AwaitedOrder[], silent: Set<string>): Promise<void> {
    const [{ server: base, patient, tries } = { server: '', patient: '', tries: 0 }] = group
    const server = servers.get(spellingOf(base))
    // It was taken out of site.yaml, and shall not be asked.
    if (!server) return settle(group.map(unknown('not-asked')))
    if (isStopped || silent.has(base)) return awaited.release(group, now() + pauseAfter(tries))
    try {
      const kinds = new Set(group.flatMap(({ what }) => what.slice(0, 1)))
      const since = Math.min(...group.map(({ at }) => at))
      const held = await ask({ server, patient, kinds, since })
      metrics?.onAskedServer('answered')
      await settle(
        group.map((order) => ({
          made: order.made,
          at: order.at,
          ...becameOf(order, held, dayAfter(order.at, settledAfter, dayOf)),
        })),
      )
    } catch (error) {
      if (!(error instanceof NotTold)) throw error
      const { reason } = error
      metrics?.onAskedServer(reason)
      log.warn({ outcome: 'order-outcomes-not-told', server: server.base, reason })
      if (isOfServer(reason)) silent.add(base)
      await awaited.release(group, now() + pauseAfter(tries))
    }
  }

  async function settle(answered: readonly Answered[]): Promise<void> {
    await awaited.settle(answered)
    for (const { outcome, why } of answered) metrics?.onBecame(outcome, why)
  }

  return {
    run: () => {
      if (isStopped) return Promise.resolve()
      running ??= workThrough()
        .catch((error: unknown) => {
          // What was held comes free by itself.
          const reason = error instanceof LedgerFailure ? error.code : 'unexpected'
          log.warn({ outcome: 'order-outcomes-broken-off', reason })
        })
        .finally(() => {
          running = undefined
        })
      return running
    },
    stop: async () => {
      isStopped = true
      await running
    },
  }
}

function groupsOf(orders: readonly AwaitedOrder[]): AwaitedOrder[][] {
  const groups = new Map<string, AwaitedOrder[]>()
  for (const order of orders) {
    const name = JSON.stringify([order.server, order.patient])
    groups.set(name, [...(groups.get(name) ?? []), order])
  }
  return [...groups.values()]
}

const unknown =
  (why: string) =>
  ({ made, at }: AwaitedOrder): Answered => ({ made, at, outcome: 'unknown', why })

/** Whoever is asked next there would not answer either: it is down, has too much to do, or does not let us in. */
const isOfServer = (reason: string) => !/^http-4(04|10)$|^(unreadable|not-fhir|outcome|no-query)/.test(reason)

const pauseAfter = (tries: number) => Math.min(firstPause * 2 ** Math.max(0, tries - 1), longestPause)
