/** `GET /pathway`, its style sheet, and a page for each rule: what clinicians read. Nothing on them runs. */
import { type PageRoute, sendPage as send } from '../page.ts'
import type { PathwayPages } from './pages.ts'
import { address } from './view.ts'

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
