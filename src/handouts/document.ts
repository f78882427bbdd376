/** The public pages around the handouts: a page with its languages, the list of pages, and what stands elsewhere. */

import { type Html, html, joined, raw } from '../pages/html.ts'
import { type Library, originalLanguage } from '../pathway/handouts/library.ts'
import type { HandoutWords } from '../pathway/schema.ts'
import { renderHandout, styleAddress } from './html.ts'
import { directionOf, type Handout, say } from './model.ts'

export const address = '/handouts'

/** What health plans and employers may send; the original's page is the front door. */
export const shareAddress = (language: string) =>
  language === originalLanguage ? `${address}/share` : `${address}/share/${language}`

/** `pdf` says whether there is one of this page. */
export function handoutDocument(handout: Handout, id: string, library: Library, pdf: boolean): string {
  const { language, title, words } = handout
  const others = Object.keys(library.languages).filter((each) => library.texts[each]?.[id])
  return documentOf(library, {
    language,
    title: `${title} · ${say(words, 'all-pages')}`,
    path: (each) => (others.includes(each) ? `${address}/${each}/${id}` : undefined),
    body: html`<main id="page" tabindex="-1">
${renderHandout(handout)}
<p class="beside">${pdf ? html`<a href="${address}/${language}/${id}.pdf">${say(words, 'pdf')}</a>` : say(words, 'no-pdf')}</p>
</main>`,
  })
}

/** The pages of one language; the front door is the English list. */
export function listDocument(library: Library, language: string): string {
  const words = wordsOf(library, language)
  const texts = library.texts[language] ?? {}
  const ids = Object.keys(library.handouts).filter((id) => texts[id])
  const entries = ids.map(
    (id) =>
      html`<li><a href="${address}/${language}/${id}">${texts[id]?.title}</a><br>${texts[id]?.about}</li>`,
  )
  return documentOf(library, {
    language,
    title: say(words, 'all-pages'),
    path: (each) => `${address}/${each}`,
    body: html`<main id="page" tabindex="-1" class="list"><h1>${say(words, 'all-pages')}</h1>
<p>${say(words, 'all-pages-about')}</p>
<ul>${joined(entries)}</ul>
${toShare(library, language)}
</main>`,
  })
}

function toShare({ share }: Library, language: string): Html | undefined {
  const words = share && Object.hasOwn(share.words, language) ? share.words[language] : undefined
  return words && html`<p class="beside"><a href="${shareAddress(language)}">${words.link}</a></p>`
}

export function missingDocument(library: Library, language: string): string {
  const known = Object.hasOwn(library.languages, language) ? language : originalLanguage
  const words = wordsOf(library, known)
  return documentOf(library, {
    language: known,
    title: say(words, 'missing'),
    path: (each) => `${address}/${each}`,
    body: html`<main id="page" tabindex="-1" class="list"><h1>${say(words, 'missing')}</h1>
<p><a href="${address}/${known}">${say(words, 'pages')}</a></p></main>`,
  })
}

interface Shown {
  language: string
  title: string
  /** Of the same page in a language; undefined where it has none. */
  path: (language: string) => string | undefined
  body: Html
}

/** A public page around its body. */
export function documentOf(library: Library, { language, title, path, body }: Shown): string {
  const words = wordsOf(library, language)
  const tongues = Object.keys(library.languages)
  const alternates = tongues.map(
    (each) => path(each) && html`<link rel="alternate" hreflang="${each}" href="${path(each)}">\n`,
  )
  return html`${raw('<!doctype html>')}
<html lang="${language}" dir="${directionOf(library, language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${styleAddress}">
${joined(alternates)}</head>
<body>
<a class="skip" href="#page">${say(words, 'skip')}</a>
<nav class="languages" aria-label="${say(words, 'languages')}"><ul>
<li class="home"><a href="${address}/${language}">${say(words, 'pages')}</a></li>
${joined(
  tongues.map((each) => tongueEntry(library, each, language, path(each) ?? `${address}/${each}`)),
  '\n',
)}
</ul></nav>
${body}
</body>
</html>
`.text
}

function tongueEntry(library: Library, each: string, here: string, path: string): Html {
  const { name } = library.languages[each] ?? {}
  const current = each === here && html` aria-current="true"`
  return html`<li><a href="${path}" lang="${each}" hreflang="${each}" dir="${directionOf(library, each)}"${current}>${name}</a></li>`
}

function wordsOf(library: Library, language: string): HandoutWords {
  const words = library.words[language]
  if (!words) throw new Error(`there are no words for pages in ${language}`)
  return words
}
