/** What a reader has to know before the first rule: whether anybody has signed this, and what the site has changed. */
import { withUnit } from '../../docs/sentence.ts'
import { type Html, html, joined, type Part } from '../html.ts'
import { list } from './parts.ts'
import { here, ruleLink, type View } from './view.ts'

export function banner(view: View): Html {
  const { pathway, rules, sources } = view.book.content
  const reviewed = rules.filter(({ status }) => typeof status === 'object' && 'reviewed' in status).length
  const isSigned = pathway.status === 'reviewed' && reviewed === rules.length
  const recalled = Object.entries(sources).filter(([, { status }]) => status === 'R')
  const unread = Object.keys(view.book.table.labels).filter((label) => label.endsWith('?'))
  const facts: Part[] = [
    html`A clinician has reviewed <strong>${reviewed} of ${rules.length}</strong> rules.`,
    unread.length > 0 &&
      html`Where a rule is stated by ${unread.join(' or ')}, its text was not readable and its number was taken from elsewhere or recalled.`,
    recalled.length > 0 &&
      html`${recalled.length} of ${Object.keys(sources).length} sources are recalled and were not re-read: ${joined(
        recalled.map(([id]) => here(id.toLowerCase(), id, view)),
        ', ',
      )}.`,
    html`${pathway['open-questions'].length} ${here('open-questions', 'questions are open', view)}.`,
  ]
  return html`<div class="banner banner-${isSigned ? 'signed' : 'unsigned'}" role="note" aria-label="Standing of this pathway">
<p><strong>${isSigned ? 'Signed off.' : 'Not signed off. Not for decisions about patients.'}</strong></p>
${list(facts.filter((fact) => fact !== false))}</div>`
}

export function siteChoices(view: View): Html {
  const { content } = view
  const { off, silent } = content.site.rules
  const numbers = Object.entries(content.parameters).flatMap(([name, parameter]) =>
    parameter.usually === undefined
      ? []
      : [
          html`${here(`number-${name}`, parameter.meaning, view)}: ${withUnit(parameter)}, usually ${withUnit({ ...parameter, value: parameter.usually })}.`,
        ],
  )
  const named = (codes: readonly string[], what: string): Html[] =>
    codes.map((code) => html`${ruleLink({ code }, view)} ${what}.`)
  const choices = [
    ...numbers,
    ...named(off, 'is switched off'),
    ...named(silent, 'is judged and logged, and never shown'),
  ]
  return html`<div class="own-choices"><p>This is the pathway as it runs at <strong>${content.site.name}</strong>. ${
    choices.length > 0
      ? 'The site has chosen for itself what stands here and is marked below. The examples are judged by the pathway as it is written, without these choices.'
      : 'The site has changed no number and switched off no rule.'
  }</p>${choices.length > 0 && list(choices)}</div>`
}
