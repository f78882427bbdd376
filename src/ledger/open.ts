/** The ledger as the service has it: asked before cards are shown, told of each evaluation, and of what became of its cards. */
import { randomUUID } from 'node:crypto'
import type { PlannedCard } from '../decide/compose.ts'
import type { Judged, KnownCaller, LedgerCall, Ledger as LedgerOfCalls, Reviewed } from '../explanation.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Feedback } from '../hooks/feedback.ts'
import type { Content } from '../pathway/content.ts'
import type { Log } from '../store/database.ts'
import { type Awaited, openAwaited } from './awaited.ts'
import { type Bases, openBases } from './bases.ts'
import { review } from './burden.ts'
import { asUuid, compileFindingOf, draftOf, type Finding, unreadIn } from './draft.ts'
import { type Heard, writeFeedback } from './feedback.ts'
import type { Told } from './history.ts'
import type { LedgerKeys } from './keys.ts'
import { Names, type Naming, namingOf, spellingOf } from './names.ts'
import { JustTold, Recall } from './recall.ts'
import { clean } from './retention.ts'
import type { Sql } from './sql.ts'
import { reasonOf, Writer } from './writer.ts'

export interface LedgerSettings {
  sql: Sql
  keys: LedgerKeys
  content: Content
  now: () => number
  /** The site's day of a moment, as `2026-11-21`. */
  dayOf: (at: number) => string
  tellTime: (at: number) => string
  /** The FHIR server that the ids of a call are of, where that is known. */
  serverOf: (call: HookCall, caller: KnownCaller | undefined) => string | undefined
  log: Log
  metrics?: LedgerMetrics | undefined
  /** How long a call waits for what was said before, in ms. */
  patience?: number
}

interface LedgerMetrics {
  onHeld(rule: string, why: string): void
  onUnread(type: string, count: number): void
  onWritten(count: number): void
  onLost(reason: string, count: number): void
  onHistoryMissing(): void
}

export interface Ledger extends LedgerOfCalls {
  /** Committed when it resolves. Rejects with LedgerFailure while the store is away. */
  hear(
    service: string,
    caller: KnownCaller | undefined,
    items: readonly Feedback[],
  ): Promise<readonly Heard[]>
  /** What cards rest on, by evaluation. */
  bases: Bases
  /** Orders of which a FHIR server is to be asked. */
  awaited: Awaited
  /** Opens the store and cleans it; a store that is away is tried again by itself. */
  begin(): Promise<void>
  /** Codes of what is amiss: answers are given all the same. */
  troubles(): string[]
  /** Entries that wait to be written. */
  waiting(): number
  flush(): Promise<void>
  /** As if nothing had been shown before, for whoever tries it out. */
  forgetTold(): void
  close(): Promise<void>
}

const usualPatience = 200
const closing = 5000
const cleaningInterval = 3_600_000

export function openLedger(settings: LedgerSettings): Ledger {
  const { sql, keys, content, now, dayOf, tellTime, serverOf, log, metrics } = settings
  const findingOf = compileFindingOf(content)
  const labels = new Map(
    Object.entries(content.suggestions.suggestions).map(([key, { label }]) => [label, key]),
  )
  const followed = new Set(
    content.site.ledger['order-outcomes'].map((each) => spellingOf(each['fhir-server'])),
  )
  const burden = content.site['alert-burden']
  const writer = new Writer({
    write: (drafts) => sql.write(drafts, keys.secret),
    ask: () => sql.batch([{ sql: 'select count(*) as known from lumbar_ledger_comment' }]),
    log,
    onWritten: metrics?.onWritten,
    onLost: (reason, count) => {
      metrics?.onLost(reason, count)
      if (reason === 'ended') log.warn({ outcome: 'ledger-lost', reason })
    },
  })
  const recall = new Recall({
    sql,
    now,
    dayOf,
    patience: settings.patience ?? usualPatience,
    longest: Math.max(burden['overridden-days'], content.site['quiet-period-days'], 1) * 86_400_000,
    counts: burden['cards-per-clinician-day'] > 0,
    onMissing: (reason) => {
      metrics?.onHistoryMissing()
      if (!writer.isAway) log.warn({ outcome: 'ledger-history-missing', reason })
    },
  })
  const cleanUp = () => {
    recall.clean()
    return clean(sql, content.site.ledger, now()).catch((error: unknown) =>
      log.warn({ outcome: 'ledger-not-cleaned', reason: reasonOf(error) }),
    )
  }
  const cleaning = setInterval(cleanUp, cleaningInterval).unref()

  function open(call: HookCall, caller: KnownCaller | undefined): LedgerCall {
    const place = serverOf(call, caller) ?? caller?.issuer ?? ''
    const instance = asUuid(call.hookInstance) ?? call.hookInstance
    const findings = new Map<PlannedCard, Finding>()
    const finding = (card: PlannedCard, decisions: Judged['decisions']) => {
      const known = findings.get(card) ?? findingOf(card, decisions)
      findings.set(card, known)
      return known
    }
    let naming: Naming | undefined
    let names: Names | undefined
    const namesOf = (orders: Judged['orders']) => {
      naming ??= namingOf(place, call, orders)
      names ??= new Names(keys, naming)
      return names
    }
    return {
      review: async (planned, { orders, decisions }): Promise<readonly Reviewed[]> => {
        const own = namesOf(orders)
        return review(planned, await recall.history(caller, own), {
          hook: call.hook,
          instance,
          now: now(),
          dayOf,
          tellTime,
          findingOf: (card) => keys.findingOf(finding(card, decisions)),
          ordersOf: (card) => own.ordersAt(card.orders),
          quietDays: content.site['quiet-period-days'],
          overriddenDays: burden['overridden-days'],
          most: burden['cards-per-clinician-day'],
        })
      },
      record: (found, id) => {
        const at = now()
        const { decisions, orders, reviewed } = found
        const own = namesOf(orders)
        const told: Told[] = []
        for (const { card, shown } of reviewed) {
          const made = shown && found.cards[told.length]
          if (!made) continue
          const plain = { uuid: made.uuid, at, hook: call.hook, rule: card.headline.code, instance }
          told.push(new JustTold(plain, keys, finding(card, decisions), own, card.orders))
        }
        const onWritten = recall.remember(caller, own, told)
        setImmediate(() => {
          const unread = unreadIn(decisions)
          const draft = () =>
            draftOf(
              {
                ...{ id, at, call, caller, found, digest: content.digest, unread: unread.size },
                naming: naming ?? namingOf(place, call, orders),
                isFollowed: followed.size > 0 && followed.has(spellingOf(place)),
                finding: (card) => finding(card, decisions),
                newId: randomUUID,
                suggestionKey: (label) => labels.get(label) ?? 'other',
              },
              content,
            )
          try {
            writer.add({ json: JSON.stringify(draft()), onWritten })
          } catch (error) {
            // A chart of an odd shape: the answer is given, and the ledger says that it lacks one.
            metrics?.onLost('row', 1)
            log.warn({ outcome: 'ledger-row-refused', reason: reasonOf(error) })
          }
          if (!metrics) return
          for (const { card, why } of reviewed) if (why) metrics.onHeld(card.headline.code, why)
          const types = new Map<string, number>()
          for (const reference of unread) {
            const type = reference.split('/', 1)[0] ?? ''
            types.set(type, (types.get(type) ?? 0) + 1)
          }
          for (const [type, count] of types) metrics.onUnread(type, count)
        })
      },
    }
  }

  return {
    open,
    awaited: openAwaited(sql, keys, now),
    bases: openBases({ sql, keys, now, writer }),
    hear: async (service, caller, items) => {
      await writer.flush()
      try {
        return await writeFeedback({ sql, keys }, { service, caller, items, now: now() })
      } finally {
        // Also where it failed: it may be written all the same.
        recall.hear(items, caller)
      }
    },
    begin: async () => {
      await writer.probe()
      if (!writer.isAway) await cleanUp()
      await recall.begin()
    },
    troubles: () => (writer.isAway ? ['ledger-away'] : []),
    waiting: () => writer.waiting,
    flush: async () => {
      await recorded()
      await writer.flush()
    },
    forgetTold: () => recall.forget(),
    close: async () => {
      clearInterval(cleaning)
      await recorded()
      await writer.close(closing)
      await sql.close()
    },
  }
}

/** Evaluations are recorded after their answer. */
const recorded = () => new Promise((resolve) => setImmediate(resolve))
