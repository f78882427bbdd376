/** What stands at which address, and what a caller is told who asks elsewhere or in another way. */

import formbody from '@fastify/formbody'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { LumbarError } from '../errors.ts'
import { unknownRoute } from '../hooks/failure.ts'
import { findService, unknownService } from '../hooks/services.ts'
import { versionPrefix } from '../hooks/version-3.ts'

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

export interface Route {
  method: 'GET' | 'POST'
  url: string
  handler: Handler
  /** Bytes, where it takes less than other places. */
  bodyLimit?: number
  /** Is answered also when there is too much to do. */
  always?: boolean
}

export const servicesPath = '/cds-services'
export const callPath = `${servicesPath}/:id`
export const feedbackPath = `${callPath}/feedback`

export const isOfServices = (url: string) =>
  url.startsWith(servicesPath) || url.startsWith(versionPrefix + servicesPath)

/** DISC-14 */
export function unknownPlace(
  request: FastifyRequest,
  reply: FastifyReply,
  routes: readonly Route[],
): LumbarError {
  const path = request.url.replace(/\?.*$/s, '').replace(/(?<=.)\/$/, '')
  const prefix = path.startsWith(`${versionPrefix}/`) ? versionPrefix : ''
  const below = path.slice(prefix.length)
  const [, id, feedback] = /^\/cds-services\/([^/]+)(\/feedback)?$/.exec(below) ?? []
  const place = prefix + (id === undefined ? below : feedback === undefined ? callPath : feedbackPath)
  const here = routes.filter(({ url }) => url === place)
  if (id !== undefined && !findService(id) && (prefix === '' || here.length > 0)) return unknownService()
  if (here.length === 0) return unknownRoute()
  const allowed = here.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ')
  reply.header('allow', allowed)
  return new LumbarError('method-not-allowed', `This address answers ${allowed}.`)
}

// A part of the application whose pages have forms: they are read there and nowhere else, and are small.

/** Bytes: a few fields, no files. */
const mostBytes = 65_536

export function partWithForms(routes: readonly Route[]): FastifyPluginAsync {
  return async (app) => {
    app.register(formbody, { bodyLimit: mostBytes })
    for (const { method, url, handler } of routes) app.route({ method, url, handler, bodyLimit: mostBytes })
  }
}
