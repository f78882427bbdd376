/** `GET /pathway` and everything below it: what clinicians read, and search. Nothing on these pages runs. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Page, type PageRoute, sendPage } from '../page.ts'
import type { PathwayPages } from './pages.ts'
import { address } from './skin.ts'

/** `pages` are made when first asked for, so that they do not keep the service from starting. */
export function pathwayRoutes(pages: () => PathwayPages): readonly PageRoute[] {
  const get = (
    url: string,
    find: (request: FastifyRequest) => Page | undefined,
    what: 'rule' | 'page' = 'page',
  ): PageRoute => ({
    method: 'GET',
    url,
    handler: (request: FastifyRequest, reply: FastifyReply) => {
      const page = find(request)
      return page ? sendPage(page, request, reply) : sendPage(pages().missing(what), request, reply.code(404))
    },
  })
  const param = (request: FastifyRequest, name: string) =>
    (request.params as Record<string, string>)[name] ?? ''
  return [
    get(address, () => pages().front()),
    get(`${address}.css`, () => pages().style),
    get(`${address}/book`, () => pages().book()),
    {
      method: 'GET',
      url: `${address}/search`,
      // Nobody keeps what somebody typed.
      handler: (request, reply) => sendPage(pages().search(queryOf(request)), request, reply, 'no-store'),
    },
    get(`${address}/:section`, (request) => pages().section(param(request, 'section'))),
    get(`${address}/rules/:code`, (request) => pages().rule(param(request, 'code'), 1), 'rule'),
    get(
      `${address}/rules/:code/:part`,
      (request) => {
        const part = param(request, 'part')
        return /^[2-9]$/.test(part) ? pages().rule(param(request, 'code'), Number(part)) : undefined
      },
      'rule',
    ),
  ]
}

/** The first, where somebody wrote several. */
function queryOf({ query }: FastifyRequest): string {
  const { q } = query as { q?: string | string[] }
  return (Array.isArray(q) ? q[0] : q) ?? ''
}
