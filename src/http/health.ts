/** Whether the process runs, and whether it should be sent calls: for what starts, restarts and balances instances. */
import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Shown } from '../hooks/discovery.ts'
import { unknownRoute } from '../hooks/failure.ts'
import type { Metrics } from '../metrics.ts'

// Where Prometheus fetches its figures: on a listener of its own, or here with a token.

/** To whoever has not the token it is as if there were nothing. */
export function showMetrics(metrics: Metrics, token: string | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (token !== undefined && !hasToken(request, token)) throw unknownRoute()
    const text = await metrics.text()
    return reply.type(metrics.contentType).header('cache-control', 'no-store').send(text)
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

const hasToken = ({ headers }: FastifyRequest, token: string) =>
  timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))

/** An application that has nothing but the metrics. */
export function buildMetricsApp(metrics: Metrics, token?: string): FastifyInstance {
  const app = Fastify({ requestTimeout: 10_000, bodyLimit: 1024 })
  app.get('/metrics', showMetrics(metrics, token))
  return app
}

/** Codes of what is missing; empty when nothing is. */
export type FindUnready = () => Promise<readonly string[]>

/** How long the check may take, and for how long its answer holds, in ms: whoever asks more often costs nothing. */
const patience = 2000
const freshness = 1000

export function sayHealthy({ pathway: { id, version }, digest }: Shown) {
  return () => ({ status: 'ok', pathway: id, version, digest })
}

/** Without content there is no application, so content needs no check of its own. */
/** `troubles` are told and keep nobody away: with all instances gone for them there would be no answers at all. */
export function sayReady(
  app: FastifyInstance,
  findUnready: FindUnready | undefined,
  elapsed: () => number,
  troubles: () => readonly string[] = () => [],
) {
  let last: { answer: Promise<readonly string[]>; since: number } | undefined
  const lacking = () => {
    if (!last || elapsed() - last.since >= freshness) last = { answer: asked(findUnready), since: elapsed() }
    return last.answer
  }
  return async (_request: unknown, reply: FastifyReply) => {
    const reasons = [...stopping(app), ...pressure(app), ...(await lacking())]
    reply.header('cache-control', 'no-store')
    if (reasons.length > 0) return reply.code(503).send({ status: 'not-ready', reasons })
    const amiss = troubles()
    return amiss.length === 0 ? { status: 'ready' } : { status: 'ready', troubles: amiss }
  }
}

const stopping = (app: FastifyInstance) => (app.isDraining() ? ['stopping'] : [])

function pressure(app: FastifyInstance): string[] {
  return app.hasDecorator('isUnderPressure') && app.isUnderPressure() ? ['under-pressure'] : []
}

async function asked(findUnready: FindUnready | undefined): Promise<readonly string[]> {
  if (!findUnready) return []
  const { promise: late, resolve } = Promise.withResolvers<readonly string[]>()
  const timer = setTimeout(resolve, patience, ['check-took-too-long'])
  try {
    return await Promise.race([findUnready(), late])
  } catch {
    return ['check-failed']
  } finally {
    clearTimeout(timer)
  }
}
