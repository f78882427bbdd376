/** The page of one rule: when it holds and what then happens, its card as an EHR shows it, and its examples. */
import { anchors, capital, quoted } from '../../docs/markdown.ts'
import { chapterId, ruleEntry, titleOf } from '../../docs/sections/rules.ts'
import { allRules, type Telling, withBlanks } from '../../docs/telling.ts'
import type { CardFace, Example, ExampleCard, Examples } from '../../pathway/examples.ts'
import type { Rule, RuleOf } from '../../pathway/schema.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import { markdown } from '../markdown.ts'
import { address } from '../page.ts'
import { framed, neighbours } from './frame.ts'
import { countWords, mostWords } from './paging.ts'
import { entryOf, list, type Skin } from './skin.ts'

// Vignettes under their rule: the case, and what was really shown.

const sides: Readonly<Record<Example['side'], string>> = {
  fires: 'the rule holds',
  silent: 'the rule does not hold',
  'cannot-tell': 'cannot be told',
}

function exampleList(examples: readonly Example[], skin: Skin): Html {
  return html`<ul class="examples">${examples.map((example) => html`${exampleOf(example, skin)}\n`)}</ul>`
}

const wordsIn = (example: Example): number =>
  countWords(exampleOf(example, bare).text.replaceAll(/<[^<>]*>/g, ' '))

const bare: Pick<Skin, 'link'> = { link: (_, text) => html`${text}` }

function exampleOf(example: Example, skin: Pick<Skin, 'link'>): Html {
  const { name, title, side, note, patient, chart, orders, circumstances } = example
  return html`<li class="example">
<p class="example-title"><strong>${title}</strong> <span class="muted">${name}, ${sides[side]}</span></p>
<p>${[patient, ...chart, ...orders, ...circumstances].join(' ')}${note !== undefined && html` <em>${note}</em>`}</p>
<p class="outcome">→ ${outcome(example, skin)}</p></li>`
}

function outcome({ cards, silence }: Example, skin: Pick<Skin, 'link'>): Html {
  const rule = (code: string) => skin.link(anchors.rule(code), code)
  if (cards.length === 0) return html`Nothing is shown. ${silence.join(' ')}`
  return joined(
    cards.map(({ rule: code, indicator, summary, lines }) => {
      const riding = joined(lines.map(rule), ', ')
      return html`${rule(code)}, ${capital(indicator)}: ${quoted(summary)}${
        lines.length > 0 && html` <span class="muted">with lines of ${riding}</span>`
      }`
    }),
    '; ',
  )
}

// A card as an EHR would show it, really made for an example; its buttons are drawn and do nothing.

type Faced = ExampleCard & { face: CardFace }

const faced = (card: ExampleCard): card is Faced => card.face !== undefined

/** The first example that shows a card of this rule. */
function previewOf(code: string, examples: readonly Example[]): Html | undefined {
  for (const example of examples) {
    const card = example.cards.filter(faced).find(({ rule }) => rule === code)
    if (card) return preview(card, example)
  }
  return undefined
}

function preview({ indicator, summary, face }: Faced, { name, patient, orders }: Example): Html {
  return html`<figure class="ehr ehr-${indicator}">
<figcaption>Made for example ${name}: ${patient} ${orders.join(' ')} A picture of the card: nothing in it can be pressed.</figcaption>
<div class="ehr-card">
<p class="ehr-summary"><span class="ehr-indicator">${capital(indicator)}</span> ${summary}</p>
<div class="ehr-detail">${markdown(face.detail.join('\n'))}</div>
${offers(face)}
${reasons(face)}
<p class="ehr-source">Source: ${linkOf(face.source)}</p>
${face.links.length > 0 && html`<p class="ehr-source">More: ${face.links.map((link, at) => html`${at > 0 && ' · '}${linkOf(link)}`)}</p>`}
</div>
</figure>`
}

function offers({ suggestions }: CardFace): Html | undefined {
  if (suggestions.length === 0) return undefined
  return html`<ul class="ehr-offers">${suggestions.map(
    ({ label, recommended, actions }) =>
      html`<li><span class="ehr-button">${label}</span>${recommended && html` <strong class="ehr-recommended">recommended</strong>`}<small>${actions.join('; ')}</small></li>`,
  )}</ul>`
}

function reasons({ 'override-reasons': given }: CardFace): Html | undefined {
  if (given.length === 0) return undefined
  return html`<div class="ehr-reasons"><p>Keep the order because …</p>${list(given)}</div>`
}

const linkOf = ({ label, url }: CardFace['source']) =>
  url ? html`<a href="${url}" rel="noreferrer">${label}</a>` : html`${label}`

/** As many as go with the rule on its page; the rest stands on pages of their own. */
const besideTheRule = 1400

export const ruleAddress = ({ code }: Pick<Rule, 'code'>) => `${address}/rules/${anchors.rule(code)}`

/** One page, and more where its examples are many. */
export function rulePages(rule: Rule, { examples }: Examples, telling: Telling, skin: Skin): string[] {
  const own = examples.filter((example) => example.rule === rule.code)
  const [first = [], ...more] = byPage(own)
  const rest = more.map((some, at) => examplesPage(rule, some, at + 2, more.length + 1, telling, skin))
  return [rulePage(rule, first, own.length, examples, more.length + 1, telling, skin), ...rest]
}

function byPage(examples: readonly Example[]): Example[][] {
  const pages: Example[][] = [[]]
  let room = besideTheRule
  for (const example of examples) {
    const words = wordsIn(example)
    if (words > room && pages.at(-1)?.length) {
      pages.push([])
      room = mostWords
    }
    room -= words
    pages.at(-1)?.push(example)
  }
  return pages
}

function rulePage(
  rule: Rule,
  shown: readonly Example[],
  all: number,
  examples: readonly Example[],
  pages: number,
  telling: Telling,
  skin: Skin,
): string {
  const rules = allRules(telling)
  const at = rules.indexOf(rule)
  const neighbour = (other: Rule | undefined, says: string) =>
    other && html`<a href="${ruleAddress(other)}">${says} ${other.code} ${other.title}</a>`
  const inside = html`${rule.role === 'headline' && unfolded('The card as an EHR shows it', previewOf(rule.code, examples) ?? asWritten(rule, telling, skin))}
${
  all === 0
    ? html`<p class="muted">No example yet.</p>`
    : unfolded(
        `Examples: ${all}`,
        html`${exampleList(shown, skin)}
${pages > 1 && html`<p><a href="${ruleAddress(rule)}/2">More examples</a></p>`}`,
      )
}
`
  const body = html`${entryOf(ruleEntry(rule, telling, 'named'), skin, 1, inside)}
${neighbours('Other rules', [neighbour(rules[at - 1], 'Before:'), neighbour(rules[at + 1], 'Next:')])}`
  return framed(
    { title: `${rule.code} ${rule.title}`, way: wayTo(rule, telling), body, look: 'one-rule' },
    telling,
  )
}

function examplesPage(
  rule: Rule,
  some: readonly Example[],
  page: number,
  pages: number,
  telling: Telling,
  skin: Skin,
): string {
  const title = `${rule.code} ${rule.title}: examples, page ${page} of ${pages}`
  const way = [...wayTo(rule, telling), { to: ruleAddress(rule), title: `${rule.code} ${rule.title}` }]
  const body = html`<h1>${title}</h1>
${exampleList(some, skin)}
${neighbours('Other pages of this rule', [
  html`<a href="${page === 2 ? ruleAddress(rule) : `${ruleAddress(rule)}/${page - 1}`}">Before</a>`,
  page < pages && html`<a href="${ruleAddress(rule)}/${page + 1}">More examples</a>`,
])}`
  return framed({ title, way, body }, telling)
}

function wayTo(rule: Rule, { book, content }: Telling) {
  const file = book.ruleFiles.find(({ rules }) => rules.includes(rule))?.file
  return [
    { to: address, title: content.pathway.title },
    { to: `${address}/rules`, title: 'Rules' },
    ...(file ? [{ to: `${address}/${chapterId(file)}`, title: titleOf(file) }] : []),
  ]
}

/** What has no example yet is shown as it was written, with the names of what a case would fill in. */
function asWritten({ id }: RuleOf<'headline'>, { book }: Telling, { words }: Skin): Html {
  const { summary = '', detail = '' } = book.content.cards[id] ?? {}
  return html`<p>No example shows this card yet. Its own words are:</p>
<blockquote><p><strong>${summary}</strong></p>${words.blocks(withBlanks(detail))}</blockquote>`
}

const unfolded = (title: string, inside: Part) => html`<details open><summary>${title}</summary>
${inside}</details>`
