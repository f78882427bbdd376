/** What Lumbar answers to the opioid cases of other projects, and why, in the words of its own explanation. */

import { compileCondition } from '../../src/decide/conditions.ts'
import type { Decision } from '../../src/decide/decide.ts'
import { LumbarError } from '../../src/errors.ts'
import type { Explanation } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Known, Range } from '../../src/pathway/known.ts'
import { askedIn, told } from '../proofs/cases.ts'
import { openOn } from '../support/evaluator.ts'
import type { Expectation, OpioidCase } from './opioid-cases.ts'

export interface Answered {
  case: OpioidCase
  asSent: Outcome
  underOurKeys: Outcome
  forBackPain: Outcome
  why: string
}

/** Nothing to answer, a refusal, or an explanation. */
export type Outcome = undefined | { refused: LumbarError } | { explained: Explanation }

/** Our rule that is nearest to a recommendation of 2016; 2 (goals), 3 (talking of risk), 10 (urine tests) have none. */
const nearest: Readonly<Record<number, string>> = {
  1: 'OP01',
  4: 'OP03',
  5: 'OP06',
  6: 'OP04',
  7: 'OP12',
  8: 'OP09',
  9: 'OP10',
  11: 'OP08',
  12: 'OP11',
}

export const ruleOf = ({ recommendation }: Expectation) =>
  recommendation === undefined ? undefined : nearest[recommendation]

export async function answerTo(opioid: OpioidCase, content: Content): Promise<Answered> {
  const [asSent, underOurKeys, forBackPain] = await Promise.all(
    [opioid.asSent, opioid.underOurKeys, opioid.forBackPain].map((body) =>
      outcomeOf(body, opioid.today, content),
    ),
  )
  const outcomes = { asSent, underOurKeys, forBackPain }
  return {
    case: opioid,
    ...outcomes,
    why: [whyNot(opioid, outcomes), compared(opioid.expects, forBackPain, content)]
      .filter(Boolean)
      .join('; '),
  }
}

async function outcomeOf(body: object | undefined, today: string, content: Content): Promise<Outcome> {
  const hook = (body as { hook?: unknown } | undefined)?.hook
  const service = services.find((each) => each.hook === hook)
  if (!body || !service) return undefined
  try {
    return { explained: (await openOn(content, parseCall(body, service)))(today) }
  } catch (error) {
    if (error instanceof LumbarError) return { refused: error }
    throw error
  }
}

// ---------------------------------------------------------------- in words

/** `OP03 with OP06, OP10`: the headlines, and the opioid rules that ride on them. */
export function inShort(outcome: Outcome): string {
  if (!outcome) return '–'
  if ('refused' in outcome) return String(outcome.refused.status)
  const { planned } = outcome.explained
  if (planned.length === 0) return 'no card'
  return planned
    .map(({ headline, lines }) => {
      const riding = lines.map(({ code }) => code).filter((code) => /^(OP|YF)/.test(code))
      return [headline.code, ...(riding.length > 0 ? [`with ${riding.join(', ')}`] : [])].join(' ')
    })
    .join('; ')
}

/** Milligrams of morphine a day with the draft, where they are known. */
export function doseOf(outcome: Outcome): Range | undefined {
  const [decision] = decisionsOf(outcome)
  const value = decision?.facts.get('mme-per-day')?.value
  return typeof value === 'object' ? value : undefined
}

/** Does any card, in its headline or its lines, say what this rule says? */
export const says = (outcome: Outcome, code: string) =>
  outcome !== undefined &&
  'explained' in outcome &&
  outcome.explained.planned.some(({ headline, lines }) =>
    [headline, ...lines].some((rule) => rule.code === code),
  )

const decisionsOf = (outcome: Outcome) =>
  outcome && 'explained' in outcome ? outcome.explained.decisions : []

/** A gate that cannot be told closes too, where saying nothing is safer. */
const gateInWords = ({ rule, verdict }: Decision['closedBy'][number]) =>
  `${lower(rule.title)} (${rule.code}${verdict === undefined ? ', cannot be told' : ''})`

const lower = (title: string) => title.charAt(0).toLowerCase() + title.slice(1)

/** The first thing that keeps Lumbar from the advice that the project gives. */
function whyNot(opioid: OpioidCase, outcomes: Pick<Answered, 'asSent' | 'underOurKeys'>): string {
  if (!opioid.asSent && !opioid.underOurKeys) return 'cannot be parsed'
  const { asSent } = outcomes
  const outcome = outcomes.underOurKeys ?? asSent
  const refusal = asSent && 'refused' in asSent ? `${asSent.refused.code} as sent` : ''
  if (!outcome || 'refused' in outcome) return refusal
  const { record, orders, decisions } = outcome.explained
  const opened = opioid.hook === 'patient-view' ? 'opened chart, nothing drafted' : ''
  const none = record.ignored > 0 ? 'the draft names another patient' : 'no opioid is drafted'
  const gates = decisions.flatMap(({ closedBy }) => closedBy.map(gateInWords))
  return [refusal, opened, ...(orders.length === 0 ? [none] : [...new Set(gates)])].filter(Boolean).join(', ')
}

/** With low back pain as the reason: does Lumbar say what the project expects, and if not, which fact is in the way? */
function compared(expects: Expectation, outcome: Outcome, content: Content): string {
  const { recommendation, side } = expects
  const code = ruleOf(expects)
  if (recommendation === undefined || !outcome || 'refused' in outcome) return ''
  if (code === undefined) return `recommendation ${recommendation} is not in the pathway`
  const spoke = says(outcome, code)
  if (side === 'card')
    return spoke ? `then ${code} says it too` : `then ${missing(outcome.explained.decisions, code, content)}`
  if (side === undefined) return spoke ? `then ${code} speaks` : ''
  return spoke
    ? `then ${code} speaks all the same: ${holding(outcome.explained.decisions, code, content)}`
    : `then ${code} is silent too`
}

function missing(decisions: readonly Decision[], code: string, content: Content): string {
  const [decision] = decisions
  if (!decision) return 'nothing is judged'
  const gates = decision.closedBy.map(gateInWords)
  return gates.length > 0
    ? gates.join(', ')
    : `${code} asks for more: ${factsBehind(decision, code, content, false)}`
}

const holding = ([decision]: readonly Decision[], code: string, content: Content) =>
  decision ? factsBehind(decision, code, content, true) : ''

/** The facts that the rule asks for and that do, or do not, hold: `onset-days unknown`. */
function factsBehind({ facts, findings }: Decision, code: string, content: Content, hold: boolean): string {
  const rule = findings.find((finding) => finding.rule.code === code)?.rule
  const asked = rule ? askedIn(rule.when) : []
  const numberOf = (reference: string | number) =>
    typeof reference === 'number' ? reference : (content.parameters[reference.slice(1)]?.value ?? Number.NaN)
  const named = asked
    .filter(([fact, wanted]) => (compileCondition({ [fact]: wanted }, numberOf)(facts) === true) === hold)
    .map(([fact]) => `${fact} ${inWords(facts.get(fact))}`)
  return [...new Set(named)].join(', ')
}

const inWords = (known: Known | undefined) =>
  told(known?.value)
    .replace('..Infinity', ' or more')
    .replace(/^true$/, 'yes')
    .replace(/^false$/, 'no')
