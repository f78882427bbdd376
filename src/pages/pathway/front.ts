/** The front page: how an order goes through it, the cards shown most, and the way to everything else. And the book, whole. */

import type { Section } from '../../docs/blocks.ts'
import { inBrief } from '../../docs/flow.ts'
import { anchors } from '../../docs/markdown.ts'
import { flowsOf, topicId } from '../../docs/sections/all.ts'
import { siteChoices } from '../../docs/sections/reading.ts'
import { chapterId, titleOf } from '../../docs/sections/rules.ts'
import type { Telling } from '../../docs/telling.ts'
import type { RuleOf } from '../../pathway/schema.ts'
import { type Html, html } from '../html.ts'
import { address } from '../page.ts'
import { brief } from './chart/layout.ts'
import { drawn } from './charts.ts'
import { banner, framed, version } from './frame.ts'
import { list, type Skin, wholeSection } from './skin.ts'

export function frontPage(sections: readonly Section[], telling: Telling, skin: Skin): string {
  const { pathway } = telling.content
  const body = html`<h1>${pathway.title}</h1>
${version(telling)}
${banner(telling, skin)}
<p>${pathway.scope.trim()}</p>
${choices(telling, skin)}
${pictures(telling, skin)}
${cards(telling, skin)}
${contents(sections, skin)}
${index(telling, skin)}`
  return framed({ title: pathway.title, way: [], body, look: 'front' }, telling)
}

export function bookPage(sections: readonly Section[], telling: Telling, skin: Skin): string {
  const { pathway } = telling.content
  const body = html`<h1>${pathway.title}: the whole book</h1>
${version(telling)}
<p class="on-screen">All of the pathway on one long page, to be printed for a committee or searched by the browser.</p>
${banner(telling, skin)}
<p>${pathway.scope.trim()}</p>
${choices(telling, skin)}
${contents(sections, skin)}
${sections.map((section) => wholeSection(section, skin))}`
  return framed(
    { title: 'The whole book', way: [{ to: address, title: pathway.title }], body, look: 'book' },
    telling,
  )
}

function choices(telling: Telling, { words }: Skin): Html {
  const chosen = siteChoices(telling)
  return html`<div class="own-choices"><p>This is the pathway as it runs at <strong>${telling.content.site.name}</strong>. ${
    chosen.length > 0
      ? 'The site has chosen for itself what stands here and is marked below. The examples are judged by the pathway as it is written, without these choices.'
      : 'The site has changed no number and switched off no rule.'
  }</p>${chosen.length > 0 && list(chosen.map(words.line))}</div>`
}

function pictures(telling: Telling, skin: Skin): Html {
  return html`<section aria-labelledby="pictures">
<h2 id="pictures">How an order goes through it</h2>
<p>From top to bottom: the first question that is answered yes speaks, and what is not quieted becomes a line on its
card. Each question leads to the whole chart with its rules, each card to the cards of its topic.</p>
<div class="brief-flows">${flowsOf(telling).map(
    (flow) =>
      html`<div class="drawing">${drawn(inBrief(flow, topicOfStep(telling)), brief, skin.at)}
<p>${skin.link(flow.name, `${flow.start}: the whole chart, and in words`)}</p></div>\n`,
  )}</div>
</section>`
}

/** Steps that show cards are named after their topic. */
const topicOfStep =
  ({ content: { topics } }: Telling) =>
  (step: string) =>
    step in topics ? topicId(step) : undefined

function cards(telling: Telling, skin: Skin): Html {
  const { rules, cards, pathway } = telling.content
  const shown = pathway['front-page'].flatMap((code) =>
    rules.flatMap((rule) => (rule.code === code && rule.role === 'headline' ? [rule] : [])),
  )
  const tile = ({ id, code, title, indicator }: RuleOf<'headline'>) =>
    html`<li class="entry entry-${indicator}"><p class="brief-title">${skin.link(anchors.rule(code), cards[id]?.summary ?? title)}</p>
<p class="tags"><span class="tag">${indicator}</span> <span class="code">${code}</span> ${title}</p></li>\n`
  return html`<section aria-labelledby="cards">
<h2 id="cards">Cards that are shown most</h2>
<ul class="tiles">${shown.map(tile)}</ul>
</section>`
}

function contents(sections: readonly Section[], skin: Skin): Html {
  return html`<nav class="contents" aria-labelledby="contents"><h2 id="contents">All of it</h2>
<ul>
${sections.map(
  ({ id, title, parts = [] }) =>
    html`<li>${skin.link(id, title)}${parts.length > 0 && html`<ul>${parts.map((part) => html`<li>${skin.link(part.id, part.title)}</li>`)}</ul>`}</li>\n`,
)}<li class="on-screen"><a href="${address}/book">The whole book on one page, to print</a></li>
</ul></nav>`
}

/** `/pathway#im01`, which older cards carry, leads here, and by one more click to the rule. */
function index({ book }: Telling, skin: Skin): Html {
  return html`<section aria-labelledby="find">
<h2 id="find">Every rule</h2>
${book.ruleFiles.map(
  ({
    file,
    rules,
  }) => html`<section aria-labelledby="${chapterId(file)}"><h3 id="${chapterId(file)}">${skin.link(chapterId(file), titleOf(file))}</h3>
<ul class="index">${rules.map(
    ({ code, title }) =>
      html`<li id="${anchors.rule(code)}"><a href="${skin.at(anchors.rule(code)) ?? ''}"><span class="code">${code}</span> ${title}</a></li>\n`,
  )}</ul></section>\n`,
)}</section>`
}
