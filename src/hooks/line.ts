/** The one line that each call leaves in the log: what was asked of whom, what it came to, and what it took (SEC-15). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Report, Stage } from '../report.ts'
import { findService } from './services.ts'

/** What is known of any request, answered or refused. */
export function measure(request: FastifyRequest, reply: FastifyReply) {
  const { id } = (request.params ?? {}) as { id?: string }
  const { caller } = request
  return {
    service: id === undefined ? undefined : findService(id)?.id,
    ...(caller ? { issuer: caller.issuer, tenant: caller.tenant } : {}),
    ms: rounded(reply.elapsedTime),
    bytes: Number(request.headers['content-length'] ?? 0),
  }
}

/** Stages in ms, how many prefetch keys came in which state, and which of them are no whole answer. */
export function reported({ times, prefetch, passedOver = 0, entriesCut = 0 }: Report) {
  const counts: Record<string, number> = {}
  const lacking: string[] = []
  for (const [key, state] of prefetch) {
    counts[state] = (counts[state] ?? 0) + 1
    if (state !== 'given' && state !== 'empty') lacking.push(key)
  }
  const stages: Record<string, number> = {}
  for (const stage in times) stages[stage] = rounded(times[stage as Stage] ?? 0)
  return {
    stages,
    prefetch: counts,
    ...(lacking.length > 0 ? { lacking } : {}),
    ...(passedOver > 0 ? { passedOver } : {}),
    ...(entriesCut > 0 ? { entriesCut } : {}),
  }
}

const rounded = (ms: number) => Math.round(ms * 100) / 100
