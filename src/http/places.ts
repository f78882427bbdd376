/** What stands at which address, and what a caller is told who asks elsewhere or in another way. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LumbarError } from '../errors.ts'
import { unknownRoute } from '../hooks/failure.ts'
import { findService, unknownService } from '../hooks/services.ts'

export interface Route {
  method: 'GET' | 'POST'
  url: string
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown
  /** Bytes, where it takes less than other places. */
  bodyLimit?: number
  /** Is answered also when there is too much to do. */
  always?: boolean
}

export const feedbackPath = '/cds-services/:id/feedback'

/** DISC-14 */
export function unknownPlace(
  request: FastifyRequest,
  reply: FastifyReply,
  routes: readonly Route[],
): LumbarError {
  const path = request.url.replace(/\?.*$/s, '').replace(/(?<=.)\/$/, '')
  const [, id, feedback] = /^\/cds-services\/([^/]+)(\/feedback)?$/.exec(path) ?? []
  if (id !== undefined && !findService(id)) return unknownService()
  const place = id === undefined ? path : feedback === undefined ? '/cds-services/:id' : feedbackPath
  const here = routes.filter(({ url }) => url === place)
  if (here.length === 0) return unknownRoute()
  const allowed = here.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ')
  reply.header('allow', allowed)
  return new LumbarError('method-not-allowed', `This address answers ${allowed}.`)
}
