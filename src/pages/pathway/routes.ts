/** `GET /pathway` and everything below it: what clinicians read, and search. Nothing on these pages runs. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { address, type Page, type PageRoute, sendPage } from '../page.ts'
import type { PathwayPages } from './pages.ts'

/** `pages` are loaded and made when first asked for, so that they do not keep the service from starting. */
export function pathwayRoutes(pages: () => Promise<PathwayPages>): readonly PageRoute[] {
  const get = (
    url: string,
    find: (pages: PathwayPages, request: FastifyRequest) => Page | undefined,
    what: 'rule' | 'page' = 'page',
  ): PageRoute => ({
    method: 'GET',
    url,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const made = await pages()
      const page = find(made, request)
      return page ? sendPage(page, request, reply) : sendPage(made.missing(what), request, reply.code(404))
    },
  })
  const param = (request: FastifyRequest, name: string) =>
    (request.params as Record<string, string>)[name] ?? ''
  return [
    get(address, (made) => made.front()),
    get(`${address}.css`, (made) => made.style),
    get(`${address}/book`, (made) => made.book()),
    {
      method: 'GET',
      url: `${address}/search`,
      // Nobody keeps what somebody typed.
      handler: async (request, reply) =>
        sendPage((await pages()).search(queryOf(request)), request, reply, 'no-store'),
    },
    get(`${address}/:section`, (made, request) => made.section(param(request, 'section'))),
    get(`${address}/rules/:code`, (made, request) => made.rule(param(request, 'code'), 1), 'rule'),
    get(
      `${address}/rules/:code/:part`,
      (made, request) => {
        const part = param(request, 'part')
        return /^[2-9]$/.test(part) ? made.rule(param(request, 'code'), Number(part)) : undefined
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
