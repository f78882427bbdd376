/** What stands before the routes: load that is too much, browsers of strangers, callers without end. */
import { isIPv6 } from 'node:net'
import { getHeapStatistics } from 'node:v8'
import cors from '@fastify/cors'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LumbarError, retryAfter } from '../errors.ts'
import type { Limits } from '../site/limits.ts'
import { Room } from '../store/room.ts'
import type { Admit } from '../trust/verify.ts'
import type { Headers } from './headers.ts'

// Counts turns by a key, so many in a minute: by a clock that nobody sets, and so that one that came to nothing can
// be given back. The counts themselves take room for so many keys and no more.

const window = 60_000
const mostKeys = 10_000

interface Count {
  taken: number
  /** When the minute began. */
  since: number
}

export class Turns {
  readonly #most: number
  readonly #elapsed: () => number
  readonly #counts = new Room<Count>(mostKeys)

  /** `elapsed` gives milliseconds from any beginning. */
  constructor(most: number, elapsed: () => number) {
    this.#most = most
    this.#elapsed = elapsed
  }

  /** Undefined when there was one to take; otherwise the seconds until there is. */
  take(key: string): number | undefined {
    const now = this.#elapsed()
    const known = this.#counts.get(key)
    if (known && now - known.since < window) {
      if (known.taken >= this.#most) return Math.ceil((known.since + window - now) / 1000)
      known.taken += 1
      return undefined
    }
    this.#counts.set(key, { taken: 1, since: now })
    return undefined
  }

  giveBack(key: string): void {
    const known = this.#counts.get(key)
    if (known && known.taken > 0) known.taken -= 1
  }
}

/** Whose an address is: an IPv4 address, or the network of 64 bits that one household or attacker has of IPv6. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:([\d.]+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  const [before = '', after = ''] = (ip.split('%', 1)[0] ?? '').toLowerCase().split('::')
  const [first, last] = [before, after].map((half) => (half === '' ? [] : half.split(':')))
  const zeros = new Array<string>(Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0))).fill('0')
  const groups = [...(first ?? []), ...zeros, ...(last ?? [])]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

declare module 'fastify' {
  interface FastifyContextConfig {
    pressureHandler?: () => void
  }
}

/** How often the process is looked at, in ms. */
const sampleInterval = 500

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

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

/** Who may come in: to calls, and to everything else. */
interface Admission {
  toCalls: Hook
  /** By address; for pages and whatever else needs no token. */
  toAll: Hook
}

/**
 * Counts calls by verified issuer, or by address. A caller's turn is taken before its token is used up, and is given back
 * when the token was used before; whoever is not let in is counted by address.
 */
export function admission({
  limits,
  elapsed,
  guard,
}: {
  limits?: Limits | undefined
  elapsed: () => number
  guard?: Guard | undefined
}): Admission {
  const max = limits?.['calls-per-minute'] ?? 0
  if (max === 0) return { toCalls: async (request) => guard?.(request), toAll: async () => undefined }
  const turns = new Turns(max, elapsed)
  const take = (key: string) => {
    const wait = turns.take(key)
    if (wait !== undefined) throw new TooMany(wait)
  }
  const takeByAddress = ({ ip }: FastifyRequest) => take(networkOf(ip))
  const told = (hook: (request: FastifyRequest) => Promise<void>): Hook => {
    return async (request, reply) => {
      try {
        await hook(request)
      } catch (refusal) {
        if (refusal instanceof TooMany) reply.header('retry-after', refusal.wait)
        throw refusal
      }
    }
  }
  return {
    toAll: told(async (request) => takeByAddress(request)),
    toCalls: told(async (request) => {
      if (!guard) return takeByAddress(request)
      try {
        await guard(request, ({ issuer }) => {
          const key = `issuer ${issuer}`
          take(key)
          return () => turns.giveBack(key)
        })
      } catch (refusal) {
        // Under its address: nobody can use up the calls of another by naming it.
        if (!(refusal instanceof TooMany)) takeByAddress(request)
        throw refusal
      }
      if (!request.caller) takeByAddress(request)
    }),
  }
}

class TooMany extends LumbarError {
  /** In seconds. */
  readonly wait: number

  constructor(wait: number) {
    super('too-many-calls', 'These are more calls than one caller may make. Send them later.')
    this.wait = wait
  }
}

/** Lets callers in, or throws. `admit` hears of a verified caller before its token is used up. */
export type Guard = (request: FastifyRequest, admit?: Admit) => Promise<void>
