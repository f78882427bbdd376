/** `GET /handouts/share`: what health plans and employers may send. As public as the pages for patients, made when asked for. */

import { htmlPage, type Page, type PageRoute, pageOf, remembered, sendPage } from '../../pages/page.ts'
import type { Content } from '../../pathway/content.ts'
import { originalLanguage } from '../../pathway/handouts/library.ts'
import { address, missingDocument } from '../document.ts'
import { libraryOf } from '../model.ts'
import { infographic } from '../pdf.ts'
import { files, plainText, shareDocument } from './page.ts'
import type { InfographicKind } from './press.ts'
import { sharedText, sheetOf, wordsToShare } from './sheet.ts'

const kinds: Readonly<Record<string, { kind: InfographicKind; type: string }>> = {
  [files.svg]: { kind: 'svg', type: 'image/svg+xml; charset=utf-8' },
  [files.letter]: { kind: 'LETTER', type: 'application/pdf' },
  [files.a4]: { kind: 'A4', type: 'application/pdf' },
}

/** None for a pathway that has nothing to send. */
export function shareRoutes(content: Content): readonly PageRoute[] {
  const library = libraryOf(content)
  if (!library.share) return []
  const page = remembered((language) => {
    const newsletter = sharedText(content, language, 'newsletter')
    const words = wordsToShare(content, language)
    return newsletter && words && htmlPage(shareDocument(library, newsletter, words))
  })
  const text = remembered((language) => {
    const newsletter = sharedText(content, language, 'newsletter')
    return newsletter && pageOf('text/plain; charset=utf-8', plainText(newsletter))
  })
  const sheet = rememberedSheets(content)
  const fileOf = (language: string, name: string) =>
    name === files.text ? text(language) : sheet(language, name)
  const missing = (language: string) => htmlPage(missingDocument(library, language))
  return [
    {
      method: 'GET',
      url: `${address}/share`,
      handler: (request, reply) => {
        const found = page(originalLanguage)
        return found
          ? sendPage(found, request, reply)
          : sendPage(missing(originalLanguage), request, reply.code(404))
      },
    },
    {
      method: 'GET',
      url: `${address}/share/:language`,
      handler: (request, reply) => {
        const { language } = request.params as { language: string }
        const found = page(language)
        return found ? sendPage(found, request, reply) : sendPage(missing(language), request, reply.code(404))
      },
    },
    {
      method: 'GET',
      url: `${address}/share/:language/:file`,
      handler: async (request, reply) => {
        const { language, file } = request.params as { language: string; file: string }
        const found = await fileOf(language, file)
        return found ? sendPage(found, request, reply) : sendPage(missing(language), request, reply.code(404))
      },
    },
  ]
}

/** Those who ask meanwhile wait for the same. */
function rememberedSheets(content: Content) {
  const made = new Map<string, Promise<Page>>()
  return async (language: string, name: string): Promise<Page | undefined> => {
    const wanted = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    const sheet = wanted && sheetOf(content, language)
    if (!wanted || !sheet) return undefined
    const path = `${language}/${name}`
    const { kind, type } = wanted
    const page =
      made.get(path) ??
      infographic(sheet, kind).then((bytes) => pageOf(type, kind === 'svg' ? bytes.toString() : bytes))
    made.set(path, page)
    page.catch(() => made.delete(path))
    return page
  }
}
