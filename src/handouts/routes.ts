/** `GET /handouts`: the public pages for patients. No patient is in them, nothing on them runs, browsers keep them. */
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { htmlPage, type Page, type PageRoute, pageOf, remembered, sendPage, styleOf } from '../pages/page.ts'
import type { Content } from '../pathway/content.ts'
import { type Library, originalLanguage } from '../pathway/handouts/library.ts'
import { wholePage } from './compose.ts'
import { address, handoutDocument, listDocument, missingDocument } from './document.ts'
import { styleAddress } from './html.ts'
import { infobuttonRoute } from './infobutton.ts'
import { libraryOf, publicUrlOf } from './model.ts'
import { handoutPdf } from './pdf.ts'
import { shareRoutes } from './share/routes.ts'

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
    return handout && htmlPage(handoutDocument(handout, id, library, hasPdf(library, language)))
  })
  const pdf = rememberedPdfs(content, library)
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
      handler: async (request, reply) => {
        const { language, page } = request.params as { language: string; page: string }
        const [, id] = /^(.*)\.pdf$/s.exec(page) ?? []
        const found = id === undefined ? one(`${language}/${page}`) : await pdf(language, id)
        return answer(found, language, request, reply)
      },
    },
    infobuttonRoute(content, publicUrlOf(content)),
    ...shareRoutes(content),
  ]
}

/** Made when first asked for; those who ask meanwhile wait for the same. */
function rememberedPdfs(content: Content, library: Library) {
  const made = new Map<string, Promise<Page>>()
  return async (language: string, id: string): Promise<Page | undefined> => {
    const handout = hasPdf(library, language) ? wholePage(content, language, id) : undefined
    if (!handout) return undefined
    const path = `${language}/${id}`
    const known = made.get(path)
    if (known) return known
    const page = handoutPdf(handout).then((bytes) => pageOf('application/pdf', bytes))
    made.set(path, page)
    page.catch(() => made.delete(path))
    return page
  }
}

const hasPdf = ({ languages }: Library, language: string) =>
  Object.hasOwn(languages, language) && languages[language]?.pdf === true

const styleSheet = () => styleOf([join(import.meta.dirname, 'style.css')])
