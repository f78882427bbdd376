/** The page of a section, and the page that says there is no such page. */
import type { Telling } from '../../docs/telling.ts'
import { html } from '../html.ts'
import { address } from './address.ts'
import { framed, neighbours } from './frame.ts'
import type { Leaf } from './paging.ts'
import { blocksOf, list, type Skin } from './skin.ts'

export function leafPage(
  leaf: Leaf,
  around: { before: Leaf | undefined; after: Leaf | undefined },
  entries: 'whole' | 'brief',
  telling: Telling,
  skin: Skin,
): string {
  const { section, blocks, above } = leaf
  const isFirst = leaf.part === 1
  const to = (other: Leaf | undefined, says: string) =>
    other && html`<a href="${address}/${other.name}">${says} ${titleOf(other)}</a>`
  const body = html`<h1 id="${section.id}">${titleOf(leaf)}</h1>
${isFirst && (section.parts ?? []).length > 0 && list((section.parts ?? []).map(({ id, title }) => skin.link(id, title)))}
${blocksOf(blocks, skin, { level: 2, entries })}
${neighbours('Before and after', [to(around.before, 'Before:'), to(around.after, 'Next:')])}`
  const way = [
    { to: address, title: telling.content.pathway.title },
    ...(above ? [{ to: `${address}/${above.id}`, title: above.title }] : []),
  ]
  return framed({ title: titleOf(leaf), way, body }, telling)
}

const titleOf = ({ section, part, of }: Leaf) =>
  of > 1 ? `${section.title}, page ${part} of ${of}` : section.title

export function missingPage(what: 'rule' | 'page', telling: Telling): string {
  const { title } = telling.content.pathway
  const body = html`<h1>There is no such ${what}</h1>
<p>It may have been renamed or left out. <a href="${address}#find">All rules</a> are on the front page; the search finds the rest.</p>`
  return framed({ title: `No such ${what}`, way: [{ to: address, title }], body }, telling)
}
