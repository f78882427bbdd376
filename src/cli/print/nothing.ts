/** Why nothing is shown, in a few sentences: a reader should not have to guess whether something is broken. */
import type { Decision } from '../../decide/decide.ts'
import type { Explanation } from '../../evaluate.ts'

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
