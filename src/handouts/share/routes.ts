/** `GET /handouts/share`: what health plans and employers may send. As public as the pages for patients, made when asked for. */

import { type Html, html, joined, raw } from '../../pages/html.ts'
import { htmlPage, type Page, type PageRoute, pageOf, remembered, sendPage } from '../../pages/page.ts'
import type { Content } from '../../pathway/content.ts'
import { type Library, originalLanguage } from '../../pathway/handouts/library.ts'
import { type Block, wordsOf } from '../../pathway/handouts/text.ts'
import type { ShareWords } from '../../pathway/schema.ts'
import { address, documentOf, missingDocument, shareAddress } from '../document.ts'
import { renderText } from '../html.ts'
import { libraryOf } from '../model.ts'
import { infographic } from '../pdf.ts'
import type { InfographicKind } from './press.ts'
import {
  type SharedSection,
  type SharedText,
  sharedLanguages,
  sharedText,
  sheetOf,
  wordsToShare,
} from './sheet.ts'

// `/handouts/share`: where health plans and employers find what they may send, and what is in it.

const files = {
  text: 'newsletter.txt',
  svg: 'infographic.svg',
  letter: 'infographic.pdf',
  a4: 'infographic-a4.pdf',
} as const

function shareDocument(library: Library, newsletter: SharedText, words: ShareWords): string {
  const { language, title, sections, standing, version, sources } = newsletter
  const own = sharedLanguages(library)
  const file = (name: keyof typeof files) => `${address}/share/${language}/${files[name]}`
  const download = (name: keyof typeof files) =>
    html`<li><a href="${file(name)}" download="${language}-${files[name]}">${words[name]}</a></li>`
  return documentOf(library, {
    language,
    title: words.title,
    path: (each) => (own.includes(each) ? shareAddress(each) : undefined),
    body: html`<main id="page" tabindex="-1" class="share">
<h1>${words.title}</h1>
<p class="beside">${words.about}</p>
<p class="standing">${standing}</p>
<section class="beside" aria-labelledby="infographic">
<h2 id="infographic">${words.infographic}</h2>
<ul>${download('svg')}
${download('letter')}
${download('a4')}</ul>
<p class="sheet"><a href="${file('svg')}"><img src="${file('svg')}" alt="${words.picture}" width="538" height="731"></a></p>
</section>
<section aria-labelledby="newsletter">
<h2 id="newsletter">${words.newsletter}</h2>
<ul class="beside">${download('text')}</ul>
<article class="newsletter" aria-labelledby="newsletter-title">
<h3 id="newsletter-title">${title}</h3>
${joined(
  sections.map((section) => renderSection(section, library, language)),
  '\n',
)}
<p class="small">${standing} ${version} ${sources}</p>
</article>
</section>
</main>`,
  })
}

function renderSection(
  { id, title, level, blocks }: SharedSection,
  library: Library,
  language: string,
): Html {
  const label = level && html`<span class="level">${library.words[language]?.phrases[level]}:</span> `
  const kind = level ? `card ${level}` : 'plain'
  const texts = blocks.flatMap((block) => (block.kind === 'drawing' ? [] : renderText(block)))
  return html`<section class="${kind}" aria-labelledby="${id}">
${raw(`<h4 id="${id}">`)}${label}${title}${raw('</h4>')}
${joined(texts, '\n')}
</section>`
}

/** The newsletter as plain text: to be copied into whatever a plan or an employer sends. */
function plainText({ title, sections, standing, version, sources, address }: SharedText): string {
  const told = sections.map(({ title: heading, blocks }) => [heading, ...blocks.map(plain)].join('\n\n'))
  const foot = [standing, version, sources, address].filter((each) => each !== undefined)
  return `${[title, ...told, '---', ...foot].join('\n\n')}\n`
}

function plain(block: Block): string {
  if (block.kind === 'drawing') return ''
  if (block.kind === 'paragraph') return wordsOf(block)
  return block.items.map((item) => `- ${wordsOf(item)}`).join('\n')
}

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
