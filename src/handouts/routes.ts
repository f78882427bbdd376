/** `GET /handouts`: the public pages for patients. No patient is in them, nothing on them runs, browsers keep them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content } from '../content/content.ts'
import { originalLanguage } from '../content/handouts/library.ts'
import { htmlPage, type Page, type PageRoute, pageOf, remembered, sendPage } from '../pages/page.ts'
import { wholePage } from './compose.ts'
import { address, handoutDocument, listDocument, missingDocument } from './document.ts'
import { styleAddress } from './html.ts'
import { libraryOf } from './model.ts'

/** Pages are made when first asked for. Nothing for a pathway that has none. */
export function handoutRoutes(content: Content): readonly PageRoute[] {
  if (!content.handouts) return []
  const library = libraryOf(content)
  const isLanguage = (name: string) => Object.hasOwn(library.languages, name)
  const list = remembered((language) =>
    isLanguage(language) ? htmlPage(listDocument(library, language)) : undefined,
  )
  const style = remembered(() => pageOf('text/css; charset=utf-8', styleSheet()))
  const one = remembered((path) => {
    const [language = '', id = ''] = path.split('/')
    const handout = wholePage(content, language, id)
    return handout && htmlPage(handoutDocument(handout, id, library, false))
  })
  const answer = (page: Page | undefined, language: string, request: FastifyRequest, reply: FastifyReply) =>
    page
      ? sendPage(page, request, reply)
      : sendPage(htmlPage(missingDocument(library, language)), request, reply.code(404))
  return [
    {
      method: 'GET',
      url: address,
      handler: (request, reply) => answer(list(originalLanguage), originalLanguage, request, reply),
    },
    {
      method: 'GET',
      url: styleAddress,
      handler: (request, reply) => answer(style(''), originalLanguage, request, reply),
    },
    {
      method: 'GET',
      url: `${address}/:language`,
      handler: (request, reply) => {
        const { language } = request.params as { language: string }
        return answer(list(language), language, request, reply)
      },
    },
    {
      method: 'GET',
      url: `${address}/:language/:page`,
      handler: (request, reply) => {
        const { language, page } = request.params as { language: string; page: string }
        return answer(one(`${language}/${page}`), language, request, reply)
      },
    },
  ]
}

const styleSheet = () => readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')
