/** `GET /pathway`, its style sheet, and a page for each rule: what clinicians read. Nothing on them runs. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { securityHeaders } from '../../http/headers.ts'
import type { Page, PathwayPages } from './pages.ts'
import { address } from './view.ts'

export interface PageRoute {
  method: 'GET'
  url: string
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown
}

/** No script, no frame, nothing from elsewhere. */
const pageHeaders = securityHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
})

/** `pages` are made when first asked for, so that they do not keep the service from starting. */
export function pathwayRoutes(pages: () => PathwayPages): readonly PageRoute[] {
  return [
    { method: 'GET', url: address, handler: (request, reply) => send(pages().whole, request, reply) },
    {
      method: 'GET',
      url: `${address}.css`,
      handler: (request, reply) => send(pages().style, request, reply),
    },
    {
      method: 'GET',
      url: `${address}/rules/:code`,
      handler: (request, reply) => {
        const page = pages().rule((request.params as { code: string }).code)
        return page ? send(page, request, reply) : send(pages().missing, request, reply.code(404))
      },
    },
  ]
}

function send(page: Page, { headers }: FastifyRequest, reply: FastifyReply) {
  reply
    .headers(pageHeaders)
    .header('cache-control', 'public, max-age=300')
    .header('vary', 'accept-encoding')
    .header('etag', page.etag)
    .type(page.type)
  if (reply.statusCode === 200 && headers['if-none-match']?.includes(page.etag)) return reply.code(304).send()
  if (!/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return reply.send(page.text)
  return reply.header('content-encoding', 'gzip').send(page.zipped)
}
