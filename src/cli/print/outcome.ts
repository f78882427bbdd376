/** Who was heard and who was not: gates that closed, rules that quieted others, cards held back and in doubt of what. */

import pc from 'picocolors'
import type { PlannedCard } from '../../decide/compose.ts'
import type { Decision } from '../../decide/decide.ts'
import type { Explanation } from '../../evaluate.ts'
import type { Rule } from '../../pathway/schema.ts'
import { coloured, hanging, terminalWidth } from './text.ts'

// Why nothing is shown, in a few sentences: a reader should not have to guess whether something is broken.

export function whyNothing({
  orders,
  decisions,
  planned,
}: Pick<Explanation, 'orders' | 'decisions' | 'planned'>): string[] {
  if (orders.length === 0)
    return ['None of these orders is lumbar imaging or an opioid, so the pathway has nothing to say.']
  // Only when somebody else answered: this content would have shown a card.
  if (planned.length > 0) {
    const codes = planned.map(({ headline }) => headline.code).join(', ')
    return [`The content here would show ${codes}: the service runs another version, or has said it lately.`]
  }
  return decisions.map((decision, at) => `${orders[at]?.name || 'The chart'}: ${why(decision)}`)
}

function why({ closedBy, quietedBy, heldBack, findings }: Decision): string {
  if (closedBy.length > 0) {
    const gates = closedBy.map(
      ({ rule, verdict }) => `${rule.code} ${rule.title}${verdict === undefined ? ' (cannot be told)' : ''}`,
    )
    return `the pathway stays out of it. ${gates.join('; ')}.`
  }
  const quieted = findings.flatMap(({ rule, verdict }) => {
    const by = quietedBy.get(rule.id)
    return by && verdict === true ? [`${by.code} (${by.title}) quiets ${rule.code} (${rule.title})`] : []
  })
  if (quieted.length > 0) return `that is right as it is. ${quieted.join('; ')}.`
  if (heldBack.length > 0)
    return `not all could be told, so ${heldBack.map(({ code }) => code).join(', ')} could not speak.`
  const quiet = findings
    .filter(({ rule, verdict }) => rule.role === 'silencer' && verdict === true)
    .map(({ rule }) => rule)
  if (quiet.length > 0)
    return `that is right as it is. ${quiet.map(({ code, title }) => `${code} ${title}`).join('; ')}.`
  return 'no rule holds that would show a card.'
}

export function outcomeLines(decision: Decision, planned: readonly PlannedCard[]): string[] {
  const { closedBy, headlines, heldBack, doubts } = decision
  const told = [
    ...closedBy.map(({ rule, verdict }) =>
      say('✕', rule, verdict === undefined ? 'cannot be told, so nothing is said' : 'nothing is said'),
    ),
    ...headlines.map((rule) =>
      say('▶', rule, (placeOf(rule, planned) ?? 'may speak, and is not shown') + onCondition(rule, decision)),
    ),
    ...(closedBy.length > 0 ? [] : linesOf(decision, planned)),
    ...quieted(decision),
    ...heldBack.map((rule) => say('?', rule, 'held back, because something could not be told')),
    ...doubts.map(({ rule }) =>
      say('?', rule, 'cannot be told, so cards that need the whole chart are held back'),
    ),
  ].flat()
  return told.length > 0 ? told : ['  No rule speaks, and none is held back.']
}

function onCondition({ id }: Rule, { conditions }: Decision): string {
  const facts = conditions.get(id)?.map(({ fact }) => fact) ?? []
  return facts.length > 0 ? `, if these are not so, which could not be looked up: ${facts.join(', ')}` : ''
}

function linesOf({ lines }: Decision, planned: readonly PlannedCard[]): string[] {
  const apart = lines.filter((rule) => !placeOf(rule, planned)).map(({ code }) => code)
  const riding = lines.flatMap((rule) => {
    const place = placeOf(rule, planned)
    return place ? say('+', rule, place) : []
  })
  const without = `Lines without a card to ride on: ${apart.join(', ')}.`
  return [...riding, ...(apart.length > 0 ? hanging('    ', coloured(without, pc.dim), terminalWidth()) : [])]
}

/** Rules that hold and were quieted; that a rule which does not hold would have been is of no interest. */
function quieted({ findings, quietedBy }: Decision): string[] {
  return findings.flatMap(({ rule, verdict }) => {
    const by = quietedBy.get(rule.id)
    return by && verdict === true ? say('–', rule, `holds, and is quieted by ${by.code} ${by.title}`) : []
  })
}

function placeOf(rule: Rule, planned: readonly PlannedCard[]): string | undefined {
  if (planned.some(({ headline }) => headline.id === rule.id)) return 'gives the headline'
  const card = planned.find(({ lines }) => lines.some(({ id }) => id === rule.id))
  return card && `a line on ${card.headline.code}`
}

type Mark = '✕' | '▶' | '+' | '–' | '?'
const colours: Readonly<Record<Mark, (text: string) => string>> = {
  '✕': pc.red,
  '▶': pc.green,
  '+': pc.cyan,
  '–': pc.dim,
  '?': pc.yellow,
}

const say = (mark: Mark, { code, title }: Rule, what: string) =>
  hanging(`  ${colours[mark](mark)} `, `${pc.bold(code)} ${title}: ${what}.`, terminalWidth())
