/** `/handouts/share`: where health plans and employers find what they may send, and what is in it. */

import { type Html, html, joined, raw } from '../../pages/html.ts'
import type { Library } from '../../pathway/handouts/library.ts'
import { type Block, wordsOf } from '../../pathway/handouts/text.ts'
import type { ShareWords } from '../../pathway/schema.ts'
import { address, documentOf, shareAddress } from '../document.ts'
import { renderText } from '../html.ts'
import { type SharedSection, type SharedText, sharedLanguages } from './sheet.ts'

export const files = {
  text: 'newsletter.txt',
  svg: 'infographic.svg',
  letter: 'infographic.pdf',
  a4: 'infographic-a4.pdf',
} as const

export function shareDocument(library: Library, newsletter: SharedText, words: ShareWords): string {
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
export function plainText({ title, sections, standing, version, sources, address }: SharedText): string {
  const told = sections.map(({ title: heading, blocks }) => [heading, ...blocks.map(plain)].join('\n\n'))
  const foot = [standing, version, sources, address].filter((each) => each !== undefined)
  return `${[title, ...told, '---', ...foot].join('\n\n')}\n`
}

function plain(block: Block): string {
  if (block.kind === 'drawing') return ''
  if (block.kind === 'paragraph') return wordsOf(block)
  return block.items.map((item) => `- ${wordsOf(item)}`).join('\n')
}
