/** What frames every page of the pathway: its standing, the search, the way back, and nothing that runs. */

import { standingOf } from '../../docs/sections/reading.ts'
import type { Telling } from '../../docs/telling.ts'
import { type Html, html, type Part, raw } from '../html.ts'
import { address } from './address.ts'
import { list, type Skin } from './skin.ts'

export interface Framed {
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
