/** What stands before the routes: load that is too much, browsers of strangers, callers without end. */
import { getHeapStatistics } from 'node:v8'
import cors from '@fastify/cors'
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Limits } from '../content/limits.ts'
import { LumbarError } from '../errors.ts'
import type { Headers } from './headers.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    pressureHandler?: () => void
  }
}

/** How often the process is looked at, in ms. */
const sampleInterval = 500
/** Seconds after which a caller that was sent away may try again. */
export const retryAfter = 5
const window = 60_000

export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** On every answer, those of failures included. As one set: helmet's own plugin costs half as much as a whole small call. */
export function setHeaders(app: FastifyInstance, headers: Headers): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}

class UnderPressure extends LumbarError {
  constructor() {
    super('under-pressure', 'Lumbar has more work than it can do in time. Send the call again later.')
  }
}

/** Sends callers away before everybody waits. Nothing about the process is told. */
export function refuseUnderPressure(app: FastifyInstance, limits: Limits): void {
  const heap = getHeapStatistics().heap_size_limit * (limits['heap-percent'] / 100)
  app.register(underPressure, {
    maxEventLoopDelay: limits['event-loop-delay-ms'],
    maxHeapUsedBytes: heap,
    sampleInterval,
    retryAfter,
    customError: UnderPressure,
  })
}

/** For routes that answer also under pressure, because they are asked about it. */
export const always = { pressureHandler: () => undefined }

/** SEC-13: only for pages that are named, and answered before anybody asks for a token. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type'],
    maxAge: 600,
    strictPreflight: false,
  })
}

/** Counts calls by verified issuer, or by address. A guard comes first; whom it refuses is counted by address. */
export function admission(app: FastifyInstance, limits: Limits | undefined, guard: Guard | undefined): Hook {
  const max = limits?.['calls-per-minute'] ?? 0
  if (max === 0) return async (request) => guard?.(request)
  app.register(rateLimit, { global: false })
  let count: Hook = async () => undefined
  app.after(() => {
    const take = app.createRateLimit({ max, timeWindow: window, keyGenerator: whoCalls })
    count = async (request, reply) => {
      const taken = await take(request)
      if (taken.isAllowed || !taken.isExceeded) return
      reply.header('retry-after', taken.ttlInSeconds)
      throw new LumbarError(
        'too-many-calls',
        'These are more calls than one caller may make. Send them later.',
      )
    }
  })
  if (!guard) return (request, reply) => count(request, reply)
  return async (request, reply) => {
    try {
      await guard(request)
    } catch (refusal) {
      // Under its address: nobody can use up the calls of another by naming it.
      await count(request, reply)
      throw refusal
    }
    await count(request, reply)
  }
}

export type Guard = (request: FastifyRequest) => Promise<void>

function whoCalls({ caller, ip }: FastifyRequest): string {
  return caller ? `issuer ${caller.issuer}` : normalizeIP(ip)
}
