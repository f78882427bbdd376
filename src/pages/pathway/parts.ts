/** Small pieces that several sections share. */
import type { Source } from '../../content/schema.ts'
import { anchors } from '../../docs/markdown.ts'
import { type Html, html, type Part } from '../html.ts'
import { here, type View } from './view.ts'

/** A table that turns into blocks on a narrow screen; its roles keep it a table all the same. */
export function table(caption: string, head: readonly string[], rows: readonly TableRow[]): Html {
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head.map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(({ id, cells }) => html`<tr role="row"${id !== undefined && html` id="${id}"`}>${cells.map((cell, at) => cellOf(cell, head[at] ?? ''))}</tr>\n`)}</tbody>
</table>`
}

export interface TableRow {
  id?: string
  cells: readonly Part[]
}

const cellOf = (cell: Part, title: string) =>
  html`<td role="cell" data-label="${title}"${isEmpty(cell) && html` class="empty"`}>${cell}</td>`

const isEmpty = (part: Part): boolean => part === undefined || part === false || part === ''

export const list = (items: readonly Part[]): Html =>
  html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`

/** A term with what is said of it; nothing when nothing is. */
export const told = (term: string, said: Part): Html | undefined =>
  isEmpty(said) ? undefined : html`<div><dt>${term}</dt><dd>${said}</dd></div>\n`

export const sourceStatus: Readonly<Record<Source['status'], string>> = {
  V: 'read',
  P: 'partly read',
  R: 'recalled, not re-read',
}

/** A source by name, with its link and how well it was read. On paper its short name is enough: the table has the rest. */
export function citation(id: string, { content, at }: Pick<View, 'content' | 'at'>): Html {
  const source = content.sources[id]
  const short = here(anchors.source(id), id, { at })
  if (!source) return short
  const name = source.url ? html`<a href="${source.url}" rel="noreferrer">${source.label}</a>` : source.label
  return html`<span class="named">${name} (</span>${short}, ${sourceStatus[source.status]}<span class="named">)</span>`
}

/** A card's words with what each card fills in named in brackets. */
export const withBlanks = (words: string) => words.replaceAll(/\{\{([a-z-]+)\}\}/g, '($1)')
