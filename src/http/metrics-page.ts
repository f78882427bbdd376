/** Where Prometheus fetches its figures: on a listener of its own, or here, and then for this machine only. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { unknownRoute } from '../hooks/failure.ts'
import type { Metrics } from '../metrics.ts'

/** On the port of the service: for this machine, and to others as if there were nothing. */
export function showMetrics(metrics: Metrics) {
  const show = showToEverybody(metrics)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isFromHere(request)) throw unknownRoute()
    return show(request, reply)
  }
}

function showToEverybody(metrics: Metrics) {
  return async (_request: FastifyRequest, reply: FastifyReply) => {
    const text = await metrics.text()
    return reply.type(metrics.contentType).header('cache-control', 'no-store').send(text)
  }
}

/** What a proxy on this machine forwards comes from this machine too, and is somebody else's. */
function isFromHere({ socket, headers }: FastifyRequest): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers)
  return !isForwarded && /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')
}

/** An application that has nothing but the metrics. */
export function buildMetricsApp(metrics: Metrics): FastifyInstance {
  const app = Fastify({ requestTimeout: 10_000, bodyLimit: 1024 })
  app.get('/metrics', showToEverybody(metrics))
  return app
}
