/** The book in HTML: its blocks with links that lead to wherever the page that is being made has put each place. */
import type { Block, Entry, Section, Table, Term } from '../../docs/blocks.ts'
import { type Html, html, joined, type Part, raw } from '../html.ts'
import { type AddressOf, type Markdown, markdownWith } from '../markdown.ts'
import { address } from '../page.ts'
import { chart } from './charts.ts'

export interface Skin {
  at: AddressOf
  words: Markdown
  /** A link to a place, in plain words. */
  link(id: string, text: string): Html
}

export function skinOf(at: AddressOf): Skin {
  return {
    at,
    words: markdownWith(at),
    link: (id, text) => html`<a href="${at(id) ?? address}">${text}</a>`,
  }
}

/** `level` of the headings of entries. `brief` where each entry has a page of its own. */
interface Manner {
  level: 2 | 3 | 4
  entries: 'whole' | 'brief'
}

export const blocksOf = (blocks: readonly Block[], skin: Skin, manner: Manner): Html =>
  joined(
    blocks.map((block) => blockOf(block, skin, manner)),
    '\n',
  )

function blockOf(block: Block, skin: Skin, manner: Manner): Html {
  switch (block.kind) {
    case 'text':
      return html`<p>${skin.words.line(block.words)}</p>`
    case 'list':
      return list(block.items.map(skin.words.line))
    case 'table':
      return tableOf(block, skin)
    case 'entries':
      return manner.entries === 'brief'
        ? html`<ul class="briefs">${block.entries.map((entry) => briefOf(entry, skin))}</ul>`
        : html`<div class="columns">${block.entries.map((entry) => html`${entryOf(entry, skin, manner.level)}\n`)}</div>`
    case 'flow':
      return chart(block.flow, skin)
  }
}

export const list = (items: readonly Part[]): Html =>
  html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`

/** A table that turns into blocks on a narrow screen; its roles keep it a table all the same. */
function tableOf({ caption, head, rows }: Table, { words }: Skin): Html {
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head.map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  ({ id, cells }) =>
    html`<tr role="row"${id !== undefined && html` id="${id}"`}>${cells.map(
      (cell, at) =>
        html`<td role="cell" data-label="${head[at] ?? ''}"${cell === '' && html` class="empty"`}>${words.line(cell)}</td>`,
    )}</tr>\n`,
)}</tbody>
</table>`
}

export function entryOf(entry: Entry, skin: Skin, level: 1 | Manner['level'], inside?: Part): Html {
  const { id, look, terms } = entry
  const [open, close] = [`<h${level} id="${id}-title">`, `</h${level}>`].map(raw)
  return html`<article class="entry entry-${look}" id="${id}" aria-labelledby="${id}-title">
${open}${codeOf(entry)}${entry.title}${close}
${tagsOf(entry, skin)}
<dl>
${terms.map((term) => termOf(term, skin))}</dl>
${inside}</article>`
}

const codeOf = ({ code }: Entry) => code !== undefined && html`<span class="code">${code}</span> `

const tagsOf = ({ tag, about }: Entry, { words }: Skin) =>
  html`<p class="tags"><span class="tag">${tag}</span> ${words.line(about)}</p>`

function briefOf(entry: Entry, skin: Skin): Html {
  const { id, code = '', title, look, brief = '' } = entry
  return html`<li class="entry entry-${look}" id="${id}"><p class="brief-title"><a href="${skin.at(id) ?? ''}"><span class="code">${code}</span> ${title}</a></p>
${tagsOf(entry, skin)}<p>${skin.words.line(brief)}</p></li>\n`
}

function termOf({ term, said }: Term, { words }: Skin): Html {
  return html`<div><dt>${term}</dt><dd>${typeof said === 'string' ? words.line(said) : list(said.map(words.line))}</dd></div>\n`
}

/** A section with its parts, all on one page. */
export function wholeSection({ id, title, blocks, parts = [] }: Section, skin: Skin, level: 2 | 3 = 2): Html {
  const heading = level === 2 ? html`<h2 id="${id}">${title}</h2>` : html`<h3 id="${id}">${title}</h3>`
  return html`<section aria-labelledby="${id}">
${heading}
${blocksOf(blocks, skin, { level: level === 2 ? 3 : 4, entries: 'whole' })}
${parts.map((part) => wholeSection(part, skin, 3))}</section>\n`
}
