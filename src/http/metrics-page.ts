/** Where Prometheus fetches its figures: on a listener of its own, or here with a token. */
import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { unknownRoute } from '../hooks/failure.ts'
import type { Metrics } from '../metrics.ts'

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
