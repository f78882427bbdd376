/** Why the answer is what it is: every fact with its evidence, every rule with its verdict, and who was heard. */
import { whyNothing } from '../../../src/cli/print/rules.ts'
import { factsIn, type Verdict } from '../../../src/decide/conditions.ts'
import type { Decision, Finding } from '../../../src/decide/decide.ts'
import type { Explanation } from '../../../src/evaluate.ts'
import { type Html, html, joined } from '../../../src/pages/html.ts'
import type { Evidence, Known, Value } from '../../../src/pathway/known.ts'
import type { Rule } from '../../../src/pathway/schema.ts'

export function trace(found: Explanation): Html {
  const { decisions, orders, cards, planned } = found
  const nothing = cards.length === 0 ? whyNothing(found) : []
  return html`<section class="trace" aria-label="Trace"><h3>Trace</h3>
${nothing.length > 0 && html`<ul class="why">${nothing.map((each) => html`<li>${each}</li>`)}</ul>`}
${decisions.map(
  (decision, at) => html`<h4>${orders[at]?.name || 'The opened chart'}</h4>
${heard(decision, planned)}
<details id="facts-${at}"><summary>Facts (${decision.facts.size})</summary>${factTable(decision)}</details>
<details id="rules-${at}"><summary>Rules (${decision.findings.length})</summary>${ruleTable(decision)}</details>`,
)}</section>`
}

// ---------------------------------------------------------------- who was heard

function heard(decision: Decision, planned: Explanation['planned']): Html {
  const { closedBy, headlines, heldBack, findings, quietedBy, conditions } = decision
  const rows = [
    ...closedBy.map(({ rule }) => heardRow(rule, 'closes the pathway')),
    ...headlines.map((rule) => {
      const card = planned.find(({ headline }) => headline.id === rule.id)
      const place = card ? `gives the headline, ${card.indicator}` : 'may speak, and is not shown'
      const unknown = conditions.get(rule.id)?.map(({ fact }) => fact) ?? []
      return heardRow(
        rule,
        unknown.length > 0 ? `${place}, if these are not so: ${unknown.join(', ')}` : place,
      )
    }),
    ...findings.flatMap(({ rule, verdict }) => {
      const by = quietedBy.get(rule.id)
      return by && verdict === true ? [heardRow(rule, `holds, and is quieted by ${by.code}`)] : []
    }),
    ...heldBack.map((rule) => heardRow(rule, 'held back: something could not be told')),
  ]
  return rows.length > 0
    ? html`<ul class="heard">${rows}</ul>`
    : html`<p class="nothing">No rule speaks, and none is held back.</p>`
}

const heardRow = (rule: Rule, what: string) =>
  html`<li>${ruleLink(rule)} ${rule.title}: <strong>${what}</strong></li>`

const ruleLink = ({ code }: Rule) =>
  html`<a href="/pathway/rules/${code.toLowerCase()}"><code>${code}</code></a>`

// ---------------------------------------------------------------- facts

function factTable({ facts }: Decision): Html {
  const all = [...facts]
  const told = all.filter(([, { value }]) => value !== false)
  const absent = all.flatMap(([fact, { value }]) => (value === false ? [fact] : []))
  return html`<table class="facts"><thead><tr><th scope="col">fact</th><th scope="col">answer</th><th scope="col">evidence</th></tr></thead><tbody>${told.map(
    ([fact, known]) =>
      html`<tr><th scope="row" class="tight">${fact}</th><td>${answerOf(known.value)}</td><td>${support(known)}</td></tr>`,
  )}</tbody></table>${absent.length > 0 && html`<p class="absent"><strong>No:</strong> ${absent.join(', ')}</p>`}`
}

function answerOf(value: Value | undefined): Html {
  if (value === undefined) return html`<span class="verdict verdict-unknown">cannot tell</span>`
  if (value === true) return html`<span class="verdict verdict-holds">yes</span>`
  if (value === false) return html`no`
  return html`${typeof value === 'string' ? value.replaceAll('-', ' ') : rangeOf(value)}`
}

function rangeOf({ low, high }: { low: number; high: number }): string {
  if (low === high) return String(low)
  if (!Number.isFinite(high)) return `${low} or more`
  return Number.isFinite(low) ? `${low} to ${high}` : `${high} or less`
}

/** Evidence named before the rest is left to the record. */
const mostEvidence = 5

function support({ evidence, gaps }: Known): Html {
  const more = evidence.length - mostEvidence
  return html`${joined(evidence.slice(0, mostEvidence).map(evidenceOf), '; ')}${more > 0 && `; and ${more} more`}${gaps.length > 0 && html` <span class="gap">did not come whole: ${gaps.join(', ')}</span>`}`
}

const ways: Readonly<Record<Evidence['how'], string>> = {
  code: '',
  alias: ', by another name of its code system',
  local: ', by a code of this site',
  name: ', by name',
  words: ', in words',
  element: '',
  'not-read': ', could not be read',
  answer: ', as answered',
}

function evidenceOf({ what, date, reference, how }: Evidence): Html {
  const where = reference === 'order' ? 'the order' : reference
  return html`${what} ${date?.slice(0, 10)} <code>${where}</code>${ways[how]}`
}

// ---------------------------------------------------------------- rules

const order: readonly Verdict[] = [true, undefined, false]
const words = (verdict: Verdict) =>
  verdict === undefined ? 'cannot tell' : verdict ? 'holds' : 'does not hold'
const name = (verdict: Verdict) => (verdict === undefined ? 'unknown' : verdict ? 'holds' : 'fails')

function ruleTable({ findings, facts }: Decision): Html {
  const sorted = [...findings].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const row = ({ rule, verdict }: Finding) =>
    html`<tr><th scope="row">${ruleLink(rule)}</th><td>${rule.title} <small>${rule.role}</small></td><td><span class="verdict verdict-${name(verdict)}">${words(verdict)}</span></td><td>${joined(
      factsIn(rule.when).map((fact) => html`${fact} <em>${answerOf(facts.get(fact)?.value)}</em>`),
      ', ',
    )}</td></tr>`
  return html`<table class="rules"><thead><tr><th scope="col">rule</th><th scope="col">says</th><th scope="col">verdict</th><th scope="col">by</th></tr></thead><tbody>${sorted.map(row)}</tbody></table>`
}
