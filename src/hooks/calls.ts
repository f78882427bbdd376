/** What an EHR asks of us and tells us: what there is (discovery), what we say of this call, and what became of it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LumbarError, retryAfter } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { Report } from '../report.ts'
import type { HooksVersion } from '../site/callers.ts'
import type { Caller } from '../trust/verify.ts'
import { type HookCall, parseCall } from './call.ts'
import { discovery, publish, type ReadsByHook, type Shown, type Windows } from './discovery.ts'
import { nestedTooDeeply } from './failure.ts'
import { type Feedback, parseFeedback } from './feedback.ts'
import { measure, reported } from './line.ts'
import { findService, type Service, unknownService } from './services.ts'
import { requireVersion3, versionFor } from './version-3.ts'

/** What one evaluation came to. Rule codes and the report are for the log and for metrics only. */
export interface Advice {
  cards: readonly unknown[]
  /** What is done without asking anybody, which only payer mode does. */
  systemActions?: readonly unknown[]
  rules: readonly string[]
  report?: Report
  /** By which the ledger finds it again. */
  evaluation?: string
}

/** What an entry of feedback was: of a card that this caller was shown, or of none that is known. */
interface Heard {
  card: string
  state: string
  rule?: string | undefined
  outcome: string
}

/** Committed when it resolves. */
export type Hear = (
  service: string,
  caller: Caller | undefined,
  items: readonly Feedback[],
) => Promise<readonly Heard[]>

export type Evaluate = (call: HookCall, caller?: Caller) => Promise<Advice>

const json = 'application/json; charset=utf-8'

/** `codes` are `system|code` tokens of the observations that the facts read. With `windows` it is that of CDS Hooks 3.0. */
export function discover(content: Shown, reads: ReadsByHook, codes: readonly string[], windows?: Windows) {
  const { body, etag } = publish(discovery(content, reads, codes, windows))
  return (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'public, max-age=300').header('etag', etag)
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    return reply.type(json).send(body)
  }
}

/**
 * Version and digest of the content go into the log beside the rules that they explain. With `clients`, the version that the
 * site has of those whose issuer has none of its own, it answers by CDS Hooks 3.0.
 */
export function answerCall(
  evaluate: Evaluate,
  { pathway: { version }, digest }: Shown,
  metrics: Metrics | undefined,
  clients?: HooksVersion,
) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const service = serviceOf(request)
    const read = parseCall(request.body, service)
    const declared = { call: read.version, issuer: request.caller?.cdsHooks }
    const spoken = clients ? requireVersion3({ ...declared, clients }) : versionFor(declared)
    const call: HookCall = { ...read, version: spoken }
    const { rules, report, evaluation, ...answer } = await evaluate(call, request.caller)
    const body = written(answer)
    const measured = measure(request, reply)
    metrics?.onAnswer(service.id, measured.ms, report)
    request.log.info({
      ...measured,
      outcome: 'answered',
      ...(spoken ? { cdsHooks: spoken } : {}),
      answerBytes: Buffer.byteLength(body),
      version,
      digest,
      rules,
      cards: answer.cards.length,
      ...(answer.systemActions ? { systemActions: answer.systemActions.length } : {}),
      hookInstance: asUuid(call.hookInstance),
      evaluation,
      cardIds: answer.cards.flatMap(uuidOf),
      ...(report ? reported(report) : {}),
    })
    return reply.header('cache-control', 'no-store').type(json).send(body)
  }
}

/** More is no feedback. Bytes. */
export const longestFeedback = 1_048_576

/**
 * FB-1: kept when it is answered. An unknown card is answered like a known one (FB-8): who was shown a card is nobody
 * else's business, and a client can do nothing about it.
 */
export function hearFeedback(hear: Hear, metrics: Metrics | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const service = serviceOf(request)
    const { items, unread } = parseFeedback(request.body)
    const heard = items.length === 0 ? [] : await hearOrSay(request, reply, service.id, items)
    const states: Record<string, number> = unread > 0 ? { unread } : {}
    for (const { state, outcome } of heard) {
      states[state] = (states[state] ?? 0) + 1
      metrics?.onFeedback(outcome, state)
    }
    for (let at = 0; at < unread; at++) metrics?.onFeedback('unread', 'unread')
    request.log.info({
      ...measure(request, reply),
      outcome: 'feedback',
      feedback: states,
      cardIds: heard.flatMap(({ card, state }) => (state === 'unknown-card' ? [] : [card])),
      rules: [...new Set(heard.flatMap(({ rule }) => rule ?? []))],
    })
    return reply.header('cache-control', 'no-store').type(json).send('{}')
  }

  async function hearOrSay(
    request: FastifyRequest,
    reply: FastifyReply,
    service: string,
    items: readonly Feedback[],
  ): Promise<readonly Heard[]> {
    try {
      return await hear(service, request.caller, items)
    } catch (error) {
      if (error instanceof LumbarError && error.status === 503) reply.header('retry-after', retryAfter)
      throw error
    }
  }
}

/** Clients make up other names too, and those may be anything: they are not logged (SEC-15). */
const asUuid = (name: string) =>
  /^(urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? name : undefined

function uuidOf(card: unknown): string[] {
  const { uuid } = card as { uuid?: unknown }
  return typeof uuid === 'string' ? [uuid] : []
}

/** Of an answer only the caller's own draft, given back in a suggestion, can be nested without measure. */
function written(answer: object): string {
  try {
    return JSON.stringify(answer)
  } catch (error) {
    throw error instanceof RangeError ? nestedTooDeeply() : error
  }
}

function serviceOf({ params }: FastifyRequest): Service {
  const service = findService((params as { id: string }).id)
  if (!service) throw unknownService()
  return service
}
