/** What may stand in the log: a closed list of fields. Whatever else is handed to the logger is dropped (SEC-15). */

import type { FastifyServerOptions } from 'fastify'
import pino from 'pino'
import { traceOf } from '../hooks/failure.ts'

// Where lines of the log go: to standard output, those of some milliseconds at once, because each writing costs as
// much as several rules. Nobody waits for who reads them, and none is left behind by a process that ends by itself.

interface Lines {
  write(line: string): void
  /** Before the process ends. */
  flushSync(): void
}

/** In ms. */
const gathering = 10

export function gathered(output: Lines): Lines {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const pass = () => {
    clearTimeout(timer)
    timer = undefined
    const lines = waiting
    waiting = ''
    if (lines !== '') output.write(lines)
  }
  return {
    write(line) {
      waiting += line
      timer ??= setTimeout(pass, gathering)
    },
    flushSync() {
      pass()
      output.flushSync()
    },
  }
}

/** Of this process. */
export function standardOutput(): Lines {
  const lines = gathered(pino.destination({ fd: 1, sync: false }))
  process.once('exit', () => lines.flushSync())
  return lines
}

export type LoggerOptions = Exclude<FastifyServerOptions['logger'], boolean | undefined>

/** Codes, counts, times and names of our own settings. Nothing that stood in a body. Each with what it says. */
export const loggedFields = {
  outcome: '`answered`, the code of a failure, or what happened in the service itself',
  reason: 'why a caller was not trusted or nobody signed in, or what failed',
  service: 'the service that was called',
  issuer: 'who called, as verified; of a refused token what it claims',
  tenant: 'the tenant that the token names',
  jti: 'the id of a refused token',
  version: 'of the pathway',
  digest: 'of all files that the content was read from, as in discovery and at /healthz',
  rules: 'codes of the rules that spoke; `silent:` before those that would have',
  cards: 'how many were shown',
  hookInstance: 'the call, where the client names it by a UUID',
  evaluation: 'under which the ledger has it: `npm run explain -- --evaluation`',
  cardIds: 'uuids of cards that were shown, or that feedback is about',
  feedback: 'how many entries of feedback were what',
  ms: 'from the head of the request to the answer',
  stages: 'ms of gathering, facts, decision and rendering',
  bytes: 'of the request',
  answerBytes: 'of the answer',
  prefetch: 'how many prefetch keys came in which state',
  passedOver: 'drafted orders beyond the most that are judged',
  entriesCut: 'entries and drafts that bring more than is read of one',
  lacking: 'the keys that did not come whole',
  keys: 'by key, what became of reading it from the FHIR server',
  requests: 'to the FHIR server in one call',
  isSuspicious: 'a trust rule kept something from being read',
  fact: 'a fact that failed by a mistake of ours',
  error: 'the kind of an error, without its words',
  at: 'where in the program it happened',
  url: "of our own metrics, or of an issuer's keys",
  chart: 'what became of writing into the chart',
  failures: 'how often in a row keys could not be fetched',
} as const

const allowed: ReadonlySet<string> = new Set(Object.keys(loggedFields))

/** A refused token claims what it likes. */
const mostText = 200
const mostEntries = 50

/** Fastify's own lines quote addresses, and errors quote what was sent: of those only the kind and place are kept. */
export function guardedLogger(options: LoggerOptions): LoggerOptions {
  return {
    ...options,
    formatters: { ...options.formatters, log: onlyAllowed },
    hooks: {
      logMethod(args, method) {
        const [first, message] = args as unknown[]
        if (isOurs(first)) return method.apply(this, typeof message === 'string' ? [first, message] : [first])
        if (isListening(first)) return method.apply(this, [first])
        return method.apply(this, [{ outcome: 'library', ...traceOf(errorIn(first)) }])
      },
    },
  }
}

function isOurs(first: unknown): first is { outcome: unknown } {
  return typeof first === 'object' && first !== null && 'outcome' in first
}

function isListening(first: unknown): first is string {
  return typeof first === 'string' && first.startsWith('Server listening at ')
}

function errorIn(first: unknown): unknown {
  const { err, error } = (typeof first === 'object' && first !== null ? first : {}) as Record<string, unknown>
  return err ?? error ?? first
}

function onlyAllowed(line: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const field in line) if (allowed.has(field)) kept[field] = bounded(line[field])
  return kept
}

function bounded(value: unknown): unknown {
  if (typeof value === 'string') return value.length > mostText ? value.slice(0, mostText) : value
  if (Array.isArray(value)) return value.slice(0, mostEntries).map(bounded)
  return value
}
