/** What frames every page of the pathway: its standing, the search, the way back, and nothing that runs. */
import { standingOf } from '../../docs/sections/reading.ts'
import type { Telling } from '../../docs/telling.ts'
import { type Html, html, type Part, raw } from '../html.ts'
import { address } from '../page.ts'
import type { Leaf } from './paging.ts'
import { blocksOf, list, type Skin } from './skin.ts'

interface Framed {
  title: string
  /** The pages above this one, by address. */
  way: readonly { to: string; title: string }[]
  /** All inside `main`. */
  body: Html
  /** What was searched for. */
  query?: string
  look?: string
}

export function framed({ title, way, body, query = '', look = '' }: Framed, telling: Telling): string {
  const { pathway } = telling.content
  const isFront = way.length === 0
  return html`${raw('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${isFront ? title : `${title}: ${pathway.title}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${address}.css">
</head>
<body${look !== '' && html` class="${look}"`}>
<a class="skip" href="#main">Skip to the content</a>
<header>
${way.length > 0 && html`<nav aria-label="Where this page stands" class="way">${way.map(({ to, title: name }) => html`<a href="${to}">${name}</a> <span aria-hidden="true">›</span> `)}</nav>`}
<form role="search" action="${address}/search" method="get">
<label for="q">Search the pathway</label> <input id="q" name="q" type="search" maxlength="100" value="${query}" autocomplete="off"> <button>Search</button>
</form>
</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer><p>${pathway.title}, version ${pathway.version}, ${pathway.status}. ${shortStanding(telling)}
It informs clinicians and never decides for them. Made by Lumbar from the files of its pathway.</p></footer>
</body>
</html>
`.text
}

const shortStanding = (telling: Telling) =>
  standingOf(telling).isSigned ? 'Signed off.' : 'Not signed off. Not for decisions about patients.'

export function banner(telling: Telling, { words }: Skin): Html {
  const { isSigned, facts } = standingOf(telling)
  return html`<div class="banner banner-${isSigned ? 'signed' : 'unsigned'}" role="note" aria-label="Standing of this pathway">
<p><strong>${isSigned ? 'Signed off.' : 'Not signed off. Not for decisions about patients.'}</strong></p>
${list(facts.map(words.line))}</div>`
}

export const version = ({ content: { pathway } }: Telling): Html =>
  html`<p class="version">Version <strong>${pathway.version}</strong>, status <strong>${pathway.status}</strong></p>`

export const neighbours = (name: string, links: readonly Part[]): Part =>
  links.some(Boolean) &&
  html`<nav aria-label="${name}" class="neighbours">${links.map((link) => html`${link} `)}</nav>`

// The page of a section, and the page that says there is no such page.

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
