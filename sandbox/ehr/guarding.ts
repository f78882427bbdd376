/** Keeps pages of the web away from the sandbox: it is for the browser of whoever runs it. */
import type { FastifyRequest } from 'fastify'

/** Against names of the web that were made to lead to this machine (DNS rebinding). `host` may carry a port. */
export function isOurAddress(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)
}

/** Was the form sent by a page of ours? What is no browser says nothing, and has nothing to steal. */
export function isOwnForm({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin, host } = headers
  return origin === undefined || origin === `http://${host}`
}
