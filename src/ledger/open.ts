/** The ledger as the service has it: asked before cards are shown, told of each evaluation, and of what became of its cards. */
import { createHash, randomUUID } from 'node:crypto'
import type { Content } from '../content/content.ts'
import type { PlannedCard } from '../decide/compose.ts'
import type { Judged, KnownCaller, LedgerCall, Ledger as LedgerOfCalls, Reviewed } from '../explanation.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Feedback } from '../hooks/feedback.ts'
import type { Log } from '../store/database.ts'
import { Room } from '../store/room.ts'
import { review } from './burden.ts'
import { asUuid, findingOf, type Named, namesOf, rowOf, unreadIn } from './entry.ts'
import { type Heard, writeFeedback } from './feedback.ts'
import { type History, historyIn, type Told } from './history.ts'
import type { LedgerKeys } from './keys.ts'
import { clean } from './retention.ts'
import type { Sql } from './sql.ts'
import { writeEvaluations } from './write.ts'
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

export interface LedgerMetrics {
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
/** Patients whose latest cards this process remembers until they are surely written. */
const mostRemembered = 20_000
const mostOfOne = 40
const closing = 5000
/** Some 50 bytes each. */
const mostKnown = 200_000
const cleaningInterval = 3_600_000

export function openLedger(settings: LedgerSettings): Ledger {
  const { sql, keys, content, now, dayOf, tellTime, serverOf, log, metrics } = settings
  const digest = digestOf(content)
  const latest = new Room<readonly Told[]>(mostRemembered)
  const labels = new Map(
    Object.entries(content.suggestions.suggestions).map(([key, { label }]) => [label, key]),
  )
  const burden = content.site['alert-burden']
  const longest = Math.max(burden['overridden-days'], content.site['quiet-period-days'], 1) * 86_400_000
  let ignoredBefore = Number.NEGATIVE_INFINITY
  /** Patients who were shown something lately; where others write too, or there are too many, nobody knows. */
  let known: Set<string> | undefined
  const writer = new Writer({
    write: (entries) => writeEvaluations(sql, entries),
    ask: () => sql.batch([{ sql: 'select count(*) as known from lumbar_ledger_comment' }]),
    log,
    onWritten: metrics?.onWritten,
    onLost: (reason, count) => {
      metrics?.onLost(reason, count)
      if (reason === 'ended') log.warn({ outcome: 'ledger-lost', reason })
    },
  })
  const cleanUp = () =>
    clean(sql, content.site.ledger, now()).catch((error: unknown) =>
      log.warn({ outcome: 'ledger-not-cleaned', reason: reasonOf(error) }),
    )
  const cleaning = setInterval(cleanUp, cleaningInterval).unref()

  async function historyFor(caller: KnownCaller | undefined, named: Named): Promise<History> {
    const { issuer = null, tenant = null } = caller ?? {}
    const asked = {
      patient: named.patient,
      clinician: named.clinician,
      issuer,
      tenant,
      since: now() - longest,
      counts: burden['cards-per-clinician-day'] > 0,
      isToday: (at: number) => dayOf(at) === dayOf(now()),
    }
    // Most are new here, and of them nothing is to be asked.
    if (known && !known.has(named.patient) && !asked.counts)
      return { told: [], shownToClinician: 0, sendsFeedback: false }
    const own = latest.get(keyOf(caller, named)) ?? []
    const stored = await inTime(historyIn(sql, asked, now()), settings.patience ?? usualPatience).catch(
      (error: unknown) => {
        // Nobody can tell, so nothing is kept back for what this process did not say itself.
        metrics?.onHistoryMissing()
        if (!writer.isAway) log.warn({ outcome: 'ledger-history-missing', reason: reasonOf(error) })
        return { told: [], shownToClinician: 0, sendsFeedback: false }
      },
    )
    const written = new Set(stored.told.map(({ uuid }) => uuid))
    const told = [...stored.told, ...own.filter(({ uuid }) => !written.has(uuid))]
      .filter(({ at }) => at >= ignoredBefore)
      .sort((a, b) => b.at - a.at)
    return { ...stored, told }
  }

  function remember(key: string, named: Named, told: readonly Told[]): void {
    if (told.length === 0) return
    known?.add(named.patient)
    latest.set(key, [...told, ...(latest.get(key) ?? [])].slice(0, mostOfOne))
  }

  function open(call: HookCall, caller: KnownCaller | undefined): LedgerCall {
    const place = serverOf(call, caller) ?? caller?.issuer ?? ''
    // One spelling of one address.
    const server = URL.parse(place)?.href.replace(/\/$/, '') ?? place
    let named: Named | undefined
    const instance = asUuid(call.hookInstance)
    const findings = new Map<PlannedCard, string>()
    const finding = (card: PlannedCard, decisions: Judged['decisions']) => {
      const known = findings.get(card) ?? findingOf(keys, content, card, decisions)
      findings.set(card, known)
      return known
    }
    return {
      review: async (planned, { orders, decisions }): Promise<readonly Reviewed[]> => {
        named ??= namesOf(keys, server, call, orders)
        const own = named
        const history = await historyFor(caller, own)
        return review(planned, history, {
          hook: call.hook,
          instance: instance ?? call.hookInstance,
          now: now(),
          dayOf,
          tellTime,
          findingOf: (card) => finding(card, decisions),
          ordersOf: (card) => card.orders.flatMap((at) => own.orders[at] || []),
          quietDays: content.site['quiet-period-days'],
          overriddenDays: burden['overridden-days'],
          most: burden['cards-per-clinician-day'],
        })
      },
      record: (found, id) => {
        const at = now()
        named ??= namesOf(keys, server, call, found.orders)
        const own = named
        const shown = found.reviewed.filter(({ shown }) => shown)
        remember(
          keyOf(caller, own),
          own,
          shown.flatMap(({ card }, place): Told[] => {
            const made = found.cards[place]
            if (!made) return []
            return [
              {
                uuid: made.uuid,
                at,
                hook: call.hook,
                rule: card.headline.code,
                finding: finding(card, found.decisions),
                orders: card.orders.flatMap((order) => own.orders[order] || []),
                instance: instance ?? call.hookInstance,
              },
            ]
          }),
        )
        setImmediate(() => {
          try {
            writer.add(
              rowOf(
                {
                  id,
                  at,
                  call,
                  caller,
                  found,
                  named: own,
                  digest,
                  finding: (card) => finding(card, found.decisions),
                  newId: randomUUID,
                  suggestionKey: (label) => labels.get(label) ?? 'other',
                },
                content,
              ),
            )
          } catch (error) {
            // A chart of an odd shape: the answer is given, and the ledger says that it lacks one.
            metrics?.onLost('row', 1)
            log.warn({ outcome: 'ledger-row-refused', reason: reasonOf(error) })
          }
          if (!metrics) return
          for (const { card, why } of found.reviewed) if (why) metrics.onHeld(card.headline.code, why)
          const types = new Map<string, number>()
          for (const reference of unreadIn(found.decisions)) {
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
    hear: async (service, caller, items) => {
      await writer.flush()
      return writeFeedback({ sql, keys }, { service, caller, items, now: now() })
    },
    begin: async () => {
      await writer.probe()
      if (writer.isAway) return
      await cleanUp()
      // One instance alone writes to a file.
      if (sql.dialect.name === 'sqlite')
        known = await patientsShown(sql, now() - longest).catch(() => undefined)
    },
    troubles: () => (writer.isAway ? ['ledger-away'] : []),
    waiting: () => writer.waiting,
    flush: async () => {
      await recorded()
      await writer.flush()
    },
    forgetTold: () => {
      ignoredBefore = now()
      latest.clear()
    },
    close: async () => {
      clearInterval(cleaning)
      await recorded()
      await writer.close(closing)
      await sql.close()
    },
  }
}

/** Undefined where there are more than is worth remembering, or nobody can tell. */
async function patientsShown({ batch }: Sql, since: number): Promise<Set<string> | undefined> {
  const [rows = []] = await batch([
    {
      sql: `select distinct patient from lumbar_ledger_card where at >= $1 and shown = 1 limit ${mostKnown + 1}`,
      values: [since],
    },
  ])
  return rows.length > mostKnown ? undefined : new Set(rows.map(({ patient }) => String(patient)))
}

/** Evaluations are recorded after their answer. */
const recorded = () => new Promise((resolve) => setImmediate(resolve))

/** By which content cards were made: two processes that judge differently differ here. */
function digestOf({ rules, parameters, facts, cards, suggestions, site }: Content): string {
  const told = JSON.stringify([rules, parameters, facts, cards, suggestions, site.rules])
  return createHash('sha256').update(told).digest('base64url').slice(0, 16)
}

async function inTime<T>(answer: Promise<T>, patience: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('late')), patience)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Of two tenants of one issuer, neither quiets the cards of the other. */
const keyOf = (caller: KnownCaller | undefined, { patient }: Named) => `${caller?.tenant ?? ''} ${patient}`
