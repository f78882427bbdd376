/** A handout as one `<article>`: for the public page, for the page inside the EHR, and for print. */
import { encode } from 'uqr'
import { type Html, html, joined, raw } from '../pages/html.ts'
import type { Drawing, Shape } from '../pathway/handouts/drawings.ts'
import type { Block, Line } from '../pathway/handouts/text.ts'
import { dateIn, type GivenTo, type Handout, type HandoutPart, type HandoutSection, say } from './model.ts'

// The public address as a QR code: rows of dark squares, for SVG and for PDF.

export interface QrCode {
  /** Squares on a side, the quiet zone included. */
  size: number
  /** A path over a square of that size. */
  path: string
}

export function qrCode(address: string): QrCode {
  const { size, data } = encode(address, { ecc: 'M', border: 4 })
  const runs = data.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '#' : ' '))
        .join('')
        .matchAll(/#+/g),
    ].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`),
  )
  return { size, path: runs.join('') }
}

export const styleAddress = '/handouts.css'

/** Its style sheet is at `styleAddress`. Of several parts, those with several sections have a heading of their own. */
export function renderHandout(handout: Handout, givenTo?: GivenTo): Html {
  const { language, direction, title, parts, words } = handout
  const alone = parts.length === 1 && parts[0]?.title === title
  return html`<article class="handout" lang="${language}" dir="${direction}">
<header>
<h1>${title}</h1>
${givenTo && html`<p class="given">${say(words, 'for-patient', { name: givenTo.name })}<br>${say(words, 'given-on', { date: dateIn(language, givenTo.on) })}</p>`}
${joined(handout.standing.map((each) => html`<p class="standing" lang="${each.language}">${each.text}</p>`))}
</header>
${joined(
  parts.map((part) => renderPart(part, handout, alone || part.sections.length === 1)),
  '\n',
)}
<p class="teach-back">${say(words, 'teach-back')}</p>
${footer(handout)}
</article>`
}

function renderPart(part: HandoutPart, handout: Handout, alone: boolean): Html {
  const sections = joined(
    part.sections.map((section) => renderSection(section, part, handout, alone ? 2 : 3)),
    '\n',
  )
  if (alone) return sections
  const id = `part-${part.id}`
  const language =
    part.language !== handout.language && html` lang="${part.language}" dir="${part.direction}"`
  return html`<section class="part" aria-labelledby="${id}"${language}>
<h2 id="${id}">${part.title}</h2>
${sections}
</section>`
}

function renderSection(section: HandoutSection, part: HandoutPart, handout: Handout, depth: number): Html {
  const id = `${part.id}-${section.id}`
  const drawn = section.blocks.some(({ kind }) => kind === 'drawing')
  const kind = section.level ? `card ${section.level}` : drawn ? 'exercise' : 'plain'
  const label = section.label && html`<span class="level">${section.label}:</span> `
  const blocks = section.blocks.map((block) => renderBlock(block, section, handout, id))
  return html`<section class="${kind}" aria-labelledby="${id}">
${raw(`<h${depth} id="${id}">`)}${label}${section.title}${raw(`</h${depth}>`)}
${joined(blocks, '\n')}
</section>`
}

function renderBlock(block: Block, section: HandoutSection, handout: Handout, id: string): Html {
  if (block.kind !== 'drawing') return renderText(block)
  const drawing = handout.drawings[block.name]
  if (!drawing) return html``
  return html`<figure>${renderDrawing(drawing, section.title, block.description, id)}</figure>`
}

export function renderText(block: Exclude<Block, { kind: 'drawing' }>): Html {
  if (block.kind === 'paragraph') return html`<p>${renderLine(block)}</p>`
  const items = joined(block.items.map((item) => html`<li>${renderLine(item)}</li>`))
  return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`
}

const renderLine = ({ runs }: Line) =>
  joined(runs.map(({ text, strong }) => (strong ? html`<strong>${text}</strong>` : text)))

/** `id` is unique on the page. */
function renderDrawing(
  { width, height, shapes }: Drawing,
  title: string,
  description: string,
  id: string,
): Html {
  return html`<svg class="drawing" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>
${joined(shapes.map(renderShape))}</svg>`
}

function renderShape(shape: Shape): Html {
  if (shape.kind === 'circle')
    return html`<circle class="${shape.ink}" cx="${shape.x}" cy="${shape.y}" r="${shape.radius}"/>`
  const width = shape.width !== undefined && html` stroke-width="${shape.width}"`
  return html`<path class="${shape.ink}" d="${shape.path}"${width}/>`
}

function footer(handout: Handout): Html {
  const { words, language, version, written, sources, clinicPhone, interpreterPhone, address } = handout
  return html`<footer>
<p class="phone">${say(words, 'clinic', { phone: clinicPhone ?? lineToWriteOn })}</p>
${interpreterPhone && html`<p class="phone">${say(words, 'interpreter', { phone: interpreterPhone })}</p>`}
${places(handout)}
${programmes(handout)}
${address !== undefined && scan(address, handout)}
<p class="small">${say(words, 'version', { version, date: dateIn(language, written) })}</p>
<p class="small">${say(words, 'sources', { list: sources.join('; ') })}</p>
</footer>`
}

function places({ places: list, words }: Handout): Html | false {
  if (list.length === 0) return false
  const entries = list.map(
    ({ what, name, phone }) =>
      html`<li><strong>${what}:</strong> ${name}${phone !== undefined && html`. ${say(words, 'call', { phone })}`}</li>`,
  )
  return html`<section aria-labelledby="places"><h2 id="places">${say(words, 'places')}</h2><ul>${joined(entries)}</ul></section>`
}

function programmes({ programmes: list, words }: Handout): Html | false {
  if (list.length === 0) return false
  const entries = list.map(
    ({ name, url }) => html`<li>${name}: <a class="address" href="${url}">${withoutScheme(url)}</a></li>`,
  )
  return html`<section aria-labelledby="programmes"><h2 id="programmes">${say(words, 'programmes')}</h2><ul>${joined(entries)}</ul></section>`
}

function scan(address: string, { words }: Handout): Html {
  const { size, path } = qrCode(address)
  return html`<div class="scan"><svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${say(words, 'qr-code', { address })}"><path d="${path}"/></svg>
<p>${say(words, 'scan')}:<br><a class="address" href="${address}">${withoutScheme(address)}</a></p></div>`
}

/** Where the site has not said its telephone, somebody writes it. */
export const lineToWriteOn = '_'.repeat(24)

export const withoutScheme = (address: string) => address.replace(/^https?:\/\//, '').replace(/\/$/, '')

/** Tags within a word or beside it; all others end one. */
const inline = new Set(['strong', 'span', 'a'])
/** What only screen readers hear of drawings. */
const unseen = new Set(['title', 'desc'])

/** A number, a telephone number or an address is one word; what only screen readers hear of drawings is none. */
export function wordsOn(handout: Handout): number {
  const [first = '', ...tagged] = renderHandout(handout).text.split('<')
  let seen = first
  for (const piece of tagged) {
    const end = piece.indexOf('>')
    const name = piece.slice(0, end).split(' ')[0] ?? ''
    if (!inline.has(name.replace('/', ''))) seen += ' '
    if (!unseen.has(name)) seen += piece.slice(end + 1)
  }
  return seen.split(/\s+/).filter((each) => /[\p{L}\p{N}]/u.test(each)).length
}
