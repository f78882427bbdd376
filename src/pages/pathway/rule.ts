/** The page of one rule: when it holds and what then happens, its card as an EHR shows it, and its examples. */

import { anchors } from '../../docs/markdown.ts'
import { chapterId, ruleEntry, titleOf } from '../../docs/sections/rules.ts'
import { allRules, type Telling, withBlanks } from '../../docs/telling.ts'
import type { Example, Examples } from '../../pathway/examples.ts'
import type { Rule, RuleOf } from '../../pathway/schema.ts'
import { type Html, html, type Part } from '../html.ts'
import { address } from './address.ts'
import { exampleList, wordsIn } from './examples.ts'
import { framed, neighbours } from './frame.ts'
import { mostWords } from './paging.ts'
import { previewOf } from './preview.ts'
import { entryOf, type Skin } from './skin.ts'

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
