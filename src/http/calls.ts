/** The two things that an EHR asks of us: what there is (discovery), and what we say of this call. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type HookCall, parseCall } from '../hooks/call.ts'
import { discovery, publish, type ReadsByHook, type Shown } from '../hooks/discovery.ts'
import { nestedTooDeeply } from '../hooks/failure.ts'
import { findService, type Service } from '../hooks/services.ts'
import type { Metrics } from '../metrics.ts'
import type { Report } from '../report.ts'
import type { Caller } from '../trust/verify.ts'
import { measure, reported } from './line.ts'
import { unknownService } from './places.ts'

/** What one evaluation came to. Rule codes and the report are for the log and for metrics only. */
export interface Answer {
  cards: readonly unknown[]
  rules: readonly string[]
  report?: Report
}

export type Evaluate = (call: HookCall, caller?: Caller) => Promise<Answer>

const json = 'application/json; charset=utf-8'

/** `codes` are `system|code` tokens of the observations that the facts read. */
export function discover(content: Shown, reads: ReadsByHook, codes: readonly string[]) {
  const { body, etag } = publish(discovery(content, reads, codes))
  return (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'public, max-age=300').header('etag', etag)
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    return reply.type(json).send(body)
  }
}

/** `version` is that of the pathway: it goes into the log beside the rules that it explains. */
export function answerCall(evaluate: Evaluate, version: string, metrics: Metrics | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const service = serviceOf(request)
    const { rules, report, ...answer } = await evaluate(parseCall(request.body, service), request.caller)
    const body = written(answer)
    const measured = measure(request, reply)
    metrics?.onAnswer(service.id, measured.ms, report)
    request.log.info({
      ...measured,
      outcome: 'answered',
      answerBytes: Buffer.byteLength(body),
      version,
      rules,
      cards: answer.cards.length,
      ...(report ? reported(report) : {}),
    })
    return reply.header('cache-control', 'no-store').type(json).send(body)
  }
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
