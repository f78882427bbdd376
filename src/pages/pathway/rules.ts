/** Every rule as an article: when it holds, what then happens, what it rests on, its limits, its card, its examples. */
import type { Rule, RuleOf } from '../../content/schema.ts'
import type { RuleFile } from '../../docs/book.ts'
import { anchors, listed } from '../../docs/markdown.ts'
import { titleOf } from '../../docs/rules-section.ts'
import { roles, subjectNames, topicNames } from '../../docs/words.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import { markdown } from '../markdown.ts'
import { effectOf } from './effect.ts'
import { exampleList } from './examples.ts'
import { numbersOf } from './numbers.ts'
import { citation, list, told, withBlanks } from './parts.ts'
import { previewOf } from './preview.ts'
import { examplesOf, linked, ruleAddress, standing, type View } from './view.ts'

export const sectionId = (file: string) => `rules-${titleOf(file).toLowerCase().replaceAll(' ', '-')}`

export function rulesSection(view: View): Html {
  return html`<section aria-labelledby="rules">
<h2 id="rules">Rules</h2>
<p>Each rule has a page of its own behind its code, with its card and examples unfolded, for reading together and for
printing.</p>
${view.book.ruleFiles.map((file) => ruleGroup(file, view))}</section>`
}

function ruleGroup({ file, about, rules }: RuleFile, view: View): Html {
  const id = sectionId(file)
  return html`<section aria-labelledby="${id}">
<h3 id="${id}">${titleOf(file)}</h3>
<p>${about.trim()}</p>
<div class="columns">${rules.map((rule) => html`${ruleArticle(rule, view, 'folded')}\n`)}</div></section>`
}

/** Folded on the page of all rules, unfolded on the page of its own. */
export type Folding = 'folded' | 'unfolded'

export function ruleArticle(rule: Rule, view: View, folding: Folding): Html {
  const id = anchors.rule(rule.code)
  const title =
    folding === 'folded'
      ? html`<h4 id="${id}-title"><a class="code" href="${ruleAddress(rule)}">${rule.code}</a> ${rule.title}</h4>`
      : html`<h1 id="${id}-title"><span class="code">${rule.code}</span> ${rule.title}</h1>`
  return html`<article class="rule rule-${lookOf(rule)}" id="${id}" aria-labelledby="${id}-title">
${title}
<p class="tags">${tagsOf(rule)}</p>
<dl>
${told('Holds when', linked(view.speech.sentence(rule.when), view))}${effectOf(rule, view)}${told(
  'Numbers',
  numbersOf(rule, view),
)}${told('Rests on', restsOn(rule, view))}${told('Wrong when', rule.role === 'headline' && list(rule['wrong-when']))}${told(
  'Not encoded',
  rule['not-encoded'] && list(rule['not-encoded']),
)}${told('Note', rule.note)}${told('Review', standing(rule, view).join(' '))}</dl>
${cardOf(rule, view, folding)}
${examplesFold(rule, view, folding)}
</article>`
}

const lookOf = (rule: Rule) => (rule.role === 'headline' ? rule.indicator : rule.role)

function tagsOf(rule: Rule): Html {
  const said = [
    `on ${listed(
      rule.on.map((subject) => subjectNames[subject]),
      'and',
    )}`,
    ...(rule.role === 'headline' ? [`about ${topicNames[rule.topic]}`] : []),
    ...('priority' in rule ? [`priority ${rule.priority}`] : []),
  ]
  const role = rule.role === 'headline' ? `${roles[rule.role]}: ${rule.indicator}` : roles[rule.role]
  return html`<span class="tag">${role}</span> ${said.join(' · ')}`
}

function restsOn(rule: Rule, view: View): Html {
  const strength = rule.strength === 'n/a' ? '' : ` Strength of the recommendation: ${rule.strength}.`
  return html`Stated by ${rule['stated-by']}.${strength} ${joined(
    rule.cites.map((id) => citation(id, view)),
    '; ',
  )}.`
}

/** What has no example yet is shown as it was written, with the names of what a case would fill in. */
function cardOf(rule: Rule, view: View, folding: Folding): Html | undefined {
  if (rule.role !== 'headline') return undefined
  const preview = previewOf(rule.code, view.examples.examples)
  return fold('The card as an EHR shows it', preview ?? asWritten(rule, view), folding)
}

function asWritten({ id }: RuleOf<'headline'>, { book }: View): Html {
  const { summary = '', detail = '' } = book.content.cards[id] ?? {}
  return html`<p>No example shows this card yet. Its own words are:</p>
<blockquote><p><strong>${summary}</strong></p>${markdown(withBlanks(detail))}</blockquote>`
}

function examplesFold(rule: Rule, view: View, folding: Folding): Html {
  const examples = examplesOf(rule, view)
  if (examples.length === 0) return html`<p class="muted">No example yet.</p>`
  return fold(`Examples: ${examples.length}`, exampleList(examples, view), folding)
}

const fold = (title: string, inside: Part, folding: Folding) =>
  html`<details${folding === 'unfolded' && html` open`}><summary>${title}</summary>
${inside}</details>`
