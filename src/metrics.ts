/**
 * Figures for Prometheus: how long answers take, what came and what did not, what was said, what was refused. Labels
 * are our own words (services, rules, prefetch keys, codes), so that no patient is in them and their number is bounded.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Report, Stage } from './report.ts'

export interface Metrics {
  /** An answered call. `ms` is the whole of it, from the first byte to the answer written. */
  onAnswer(service: string, ms: number, report?: Report): void
  onStage(service: string, stage: string, ms: number): void
  onPrefetch(key: string, state: string): void
  onCard(rule: string, indicator: string): void
  /** What became of reading a key from the FHIR server: `given`, or a state and its reason. */
  onRead(key: string, outcome: string): void
  /** A caller that was not trusted, by reason. */
  onRefusal(reason: string): void
  /** Any answer of 400 and above. */
  onFailure(code: string, status: number): void
  onFactError(fact: string): void
  /** A card that was held back or shown more quietly, by rule and reason. */
  onHeld(rule: string, why: string): void
  /** Entries of a chart that a rule needed and that could not be read, by FHIR type. */
  onUnread(type: string, count: number): void
  /** Feedback by outcome, and what it was: joined with its card, late, repeated, of an unknown card, unread. */
  onFeedback(outcome: string, state: string): void
  /** Evaluations that were committed to the ledger. */
  onWritten(count: number): void
  /** Evaluations that the ledger lacks. */
  onLost(reason: string, count: number): void
  /** Calls that were answered without knowing what was shown before. */
  onHistoryMissing(): void
  /** Asked at each reading: whether the ledger can be written, and how many evaluations wait. */
  watchLedger(state: () => { isUp: boolean; waiting: number }): void
  /** What became of an order, by the FHIR server: its outcome, and its status there or why nobody can tell. */
  onBecame(outcome: string, why: string | null): void
  /** A question to a FHIR server about one patient's orders: `answered`, or why not. */
  onAskedServer(result: string): void
  /** Asked at each reading: how many orders wait to be asked about. */
  watchAwaited(count: () => Promise<number>): void
  contentType: string
  /** In the text format of Prometheus. */
  text(): Promise<string>
}

/** In seconds; the specification asks for answers within half a second (BEST-1). */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

interface Named {
  name: string
  help: string
  labelNames: readonly string[]
}

/** Also for the sheet that an analyst reads. */
export const figures = {
  seconds: {
    name: 'lumbar_request_seconds',
    help: 'Time of answered calls by service and stage; the stage total is the whole call.',
    labelNames: ['service', 'stage'],
  },
  prefetch: {
    name: 'lumbar_prefetch_total',
    help: 'Prefetch keys by state, after reading what was missing.',
    labelNames: ['key', 'state'],
  },
  cards: {
    name: 'lumbar_cards_total',
    help: 'Cards shown, by rule and indicator.',
    labelNames: ['rule', 'indicator'],
  },
  reads: {
    name: 'lumbar_fhir_reads_total',
    help: 'Prefetch keys read from the FHIR server, by outcome.',
    labelNames: ['key', 'outcome'],
  },
  refusals: {
    name: 'lumbar_refusals_total',
    help: 'Callers that were not trusted, by reason.',
    labelNames: ['reason'],
  },
  failures: {
    name: 'lumbar_failures_total',
    help: 'Answers of 400 and above, by code.',
    labelNames: ['code', 'status'],
  },
  facts: {
    name: 'lumbar_fact_failures_total',
    help: 'Facts that failed by a mistake of ours.',
    labelNames: ['fact'],
  },
  held: {
    name: 'lumbar_cards_held_total',
    help: 'Cards held back or shown more quietly, by rule and reason.',
    labelNames: ['rule', 'reason'],
  },
  unread: {
    name: 'lumbar_unread_entries_total',
    help: 'Entries of charts that a rule needed and that could not be read, by FHIR type.',
    labelNames: ['type'],
  },
  feedback: {
    name: 'lumbar_feedback_total',
    help: 'Feedback on cards, by outcome and by what it was: joined, late, repeated, unknown-card, unread.',
    labelNames: ['outcome', 'state'],
  },
  written: {
    name: 'lumbar_ledger_written_total',
    help: 'Evaluations that were committed to the ledger.',
    labelNames: [],
  },
  lost: {
    name: 'lumbar_ledger_lost_total',
    help: 'Evaluations that the ledger lacks, by reason: full, row, ended.',
    labelNames: ['reason'],
  },
  historyMissing: {
    name: 'lumbar_ledger_history_missing_total',
    help: 'Calls that were answered without knowing what was shown before.',
    labelNames: [],
  },
  ledgerUp: {
    name: 'lumbar_ledger_up',
    help: '1 while the ledger can be written, 0 while it cannot.',
    labelNames: [],
  },
  ledgerWaiting: {
    name: 'lumbar_ledger_waiting',
    help: 'Evaluations that wait to be written to the ledger.',
    labelNames: [],
  },
  became: {
    name: 'lumbar_order_outcomes_total',
    help: 'Drafted orders by what became of them within a day, as the FHIR server says, and by their status there.',
    labelNames: ['outcome', 'status'],
  },
  askedServers: {
    name: 'lumbar_order_outcome_questions_total',
    help: 'Questions to FHIR servers about the orders of one patient, by result.',
    labelNames: ['result'],
  },
  awaited: {
    name: 'lumbar_order_outcomes_waiting',
    help: 'Drafted orders of which a FHIR server is still to be asked.',
    labelNames: [],
  },
} as const satisfies Record<string, Named>

/** `withProcess` adds memory, CPU and event loop, which belong to the process and not to one application. */
export function createMetrics({ withProcess = true } = {}): Metrics {
  const registry = new Registry()
  if (withProcess) collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({ ...figures.seconds, buckets, registers: [registry] })
  const prefetch = new Tally(registry, figures.prefetch)
  const cards = new Tally(registry, figures.cards)
  const reads = new Tally(registry, figures.reads)
  const refusals = new Tally(registry, figures.refusals)
  const failures = new Tally(registry, figures.failures)
  const facts = new Tally(registry, figures.facts)
  const held = new Tally(registry, figures.held)
  const unread = new Tally(registry, figures.unread)
  const feedback = new Tally(registry, figures.feedback)
  const lost = new Tally(registry, figures.lost)
  const became = new Tally(registry, figures.became)
  const askedServers = new Tally(registry, figures.askedServers)
  const written = new Counter({ ...figures.written, labelNames: [], registers: [registry] })
  const historyMissing = new Counter({ ...figures.historyMissing, labelNames: [], registers: [registry] })

  const metrics: Metrics = {
    onAnswer(service, ms, report) {
      metrics.onStage(service, 'total', ms)
      if (!report) return
      const { times, prefetch: states, spoken } = report
      for (const stage in times) metrics.onStage(service, stage, times[stage as Stage] ?? 0)
      for (const [key, state] of states) metrics.onPrefetch(key, state)
      for (const { rule, indicator } of spoken) metrics.onCard(rule, indicator)
    },
    onStage: (service, stage, ms) => seconds.observe({ service, stage }, ms / 1000),
    onPrefetch: (key, state) => prefetch.add(key, state),
    onCard: (rule, indicator) => cards.add(rule, indicator),
    onRead: (key, outcome) => reads.add(key, outcome),
    onRefusal: (reason) => refusals.add(reason),
    onFailure: (code, status) => failures.add(code, String(status)),
    onFactError: (fact) => facts.add(fact),
    onHeld: (rule, why) => held.add(rule, why),
    onUnread: (type, count) => unread.add(type, undefined, count),
    onFeedback: (outcome, state) => feedback.add(outcome, state),
    onWritten: (count) => written.inc(count),
    onLost: (reason, count) => lost.add(reason, undefined, count),
    onHistoryMissing: () => historyMissing.inc(),
    watchLedger: (state) => {
      const gauge = (figure: Named, read: () => number) =>
        new Gauge({
          name: figure.name,
          help: figure.help,
          registers: [registry],
          collect() {
            this.set(read())
          },
        })
      gauge(figures.ledgerUp, () => (state().isUp ? 1 : 0))
      gauge(figures.ledgerWaiting, () => state().waiting)
    },
    onBecame: (outcome, why) => became.add(outcome, why ?? 'none'),
    onAskedServer: (result) => askedServers.add(result),
    watchAwaited: (count) => {
      new Gauge({
        name: figures.awaited.name,
        help: figures.awaited.help,
        registers: [registry],
        async collect() {
          // While the store is away nobody knows, and the last number is none.
          this.set(await count().catch(() => Number.NaN))
        },
      })
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
  return metrics
}

/** Reasons carry codes of networks and servers; after so many kinds the rest are one. */
const mostKinds = 1000
const otherKind = 'other'

/** A counter that costs a call one look into a Map; prom-client's hashes its labels anew for each count. */
class Tally {
  readonly #counts = new Map<string, number>()

  constructor(registry: Registry, { name, help, labelNames }: Named) {
    const counts = this.#counts
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset()
        for (const [kind, count] of counts) {
          const values = kind.split('\n')
          this.inc(Object.fromEntries(labelNames.map((label, at) => [label, values[at] ?? otherKind])), count)
        }
      },
    })
  }

  add(first: string, second?: string, count = 1): void {
    const kind = second === undefined ? first : `${first}\n${second}`
    const isOneMore = !this.#counts.has(kind) && this.#counts.size >= mostKinds
    const counted = isOneMore ? otherKind : kind
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + count)
  }
}
