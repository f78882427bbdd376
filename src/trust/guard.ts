/** Stands before every route under /cds-services, and answers those whom it does not let in. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Callers } from '../site/callers.ts'
import type { NotTrusted } from './failures.ts'
import type { Admit, Caller, Verify } from './verify.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; undefined where callers are not verified. */
    caller?: Caller
  }
}

export type Guard = (request: FastifyRequest, admit?: Admit) => Promise<void>

export interface GuardSettings {
  discovery: Callers['discovery']
  /**
   * Which calls without a token are let in, as nobody's: no FHIR server is read for them. Safe only for those of this
   * machine: without `callers` in site.yaml the service listens nowhere else. A token that does come is verified all
   * the same.
   */
  letsInUnsigned?: (request: FastifyRequest) => boolean
}

/** An `onRequest` hook: a stranger's body is not read. Throws NotTrusted, or ReplayStoreUnavailable. */
export function guard(verify: Verify, { discovery, letsInUnsigned = () => false }: GuardSettings): Guard {
  return async (request, admit) => {
    if (!isGuarded(request, discovery)) return
    if (request.headers.authorization === undefined && letsInUnsigned(request)) return
    request.caller = await verify({ authorization: request.headers.authorization, url: request.url }, admit)
  }
}

/** By the route found and never by the address sent, which can spell one route in many ways. */
function isGuarded({ method, routeOptions }: FastifyRequest, discovery: Callers['discovery']): boolean {
  // SEC-13: browsers ask without a token whether they may send one.
  if (method === 'OPTIONS') return false
  const [, ...route] = (routeOptions.url ?? '').split('/')
  const at = route.indexOf('cds-services')
  if (at < 0) return false
  return discovery === 'closed' || route.slice(at + 1).some((part) => part !== '')
}

/** Says that a token is needed, and nothing of what was wrong with this one; that is in the log (SEC-11). */
export function refuse(
  error: NotTrusted,
  request: FastifyRequest,
  reply: FastifyReply,
  measured: object = {},
): FastifyReply {
  const { code, reason, claimed, message } = error
  request.log.warn({ ...measured, outcome: code, reason, ...claimed }, message)
  return reply.code(401).header('www-authenticate', 'Bearer').header('cache-control', 'no-store').send()
}
