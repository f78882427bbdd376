/** Judges one order as of its day, as the service would, in this process, and says what it came to. */
import type { FhirResource, MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import type { Card, Judgement, Library, Rule } from '../../src/library.ts'
import { asOf } from './as-of.ts'

export type Order = ServiceRequest | MedicationRequest

export const needs = ['wasteful', 'likely wasteful', 'necessary', 'not classed'] as const
type Need = (typeof needs)[number]

export interface Verdict {
  id: string
  patient: string
  day: string
  kind: 'lumbar-imaging' | 'opioid' | typeof notNamed
  /** Code of the rule that heads the answer; undefined where nothing is said. */
  rule: string | undefined
  indicator: string | undefined
  /** Imaging is said not to be needed now. */
  notNeeded: boolean
  need: Need | undefined
  /** Morphine milligram equivalents a day with every opioid in use; `high` is Infinity where a part is not known. */
  dose: { low: number; high: number } | undefined
  /** Why nothing is said: the gate that holds; else undefined. */
  closedBy: string | undefined
  /** The advice names something to make sure of, because lists did not come. */
  conditional: boolean
  cards: readonly Card[]
  undated: number
}

interface Judging {
  /** `other`: neither lumbar imaging nor an opioid, as far as it can be read. A fact that fails is thrown. */
  judge(all: readonly FhirResource[], order: Order): Promise<Verdict | 'other' | 'no patient'>
}

/** `came`: the types of which the export has a file, if an empty one. A type that never came is unknown, and not empty. */
export function openJudging(lumbar: Library, came: ReadonlySet<string>): Judging {
  const ruleOf = new Map(lumbar.rules.map((rule) => [rule.code, rule]))
  const keys = Object.entries(lumbar.queries).filter(([type]) => came.has(type))

  async function judge(all: readonly FhirResource[], order: Order): ReturnType<Judging['judge']> {
    const moment = order.authoredOn ?? ''
    const { resources, visit, undated } = asOf(all, order, moment)
    const patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id
    if (patientId === undefined) return 'no patient'
    const prefetch = Object.fromEntries(
      keys.map(([type, { key, search }]) => {
        const found = resources.filter(({ resourceType }) => resourceType === type)
        return [key, search.startsWith('/') ? (found[0] ?? null) : searchset(found)]
      }),
    )
    const draftOrders = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: { ...order, status: 'draft' } }],
    }
    const call = {
      hook: 'order-sign',
      hookInstance: 'replay',
      context: { patientId, encounterId: visit?.id, userId: order.requester?.reference, draftOrders },
      prefetch: visit ? { ...prefetch, encounter: visit } : prefetch,
    }
    const day = moment.slice(0, 10)
    const { judgements, cards } = await lumbar.judge(call, day)
    const [judgement] = judgements
    if (!judgement) return 'other'
    const [card] = cards
    const rule = card?.extension.lumbar.rule
    return {
      id: order.id ?? '',
      patient: patientId,
      day,
      kind: kindOf(judgement),
      rule,
      indicator: card?.indicator,
      notNeeded: rule !== undefined && topicOf(ruleOf.get(rule)) === 'not-now',
      need: judgement.kind === 'lumbar-imaging' ? needOf(judgement, ruleOf) : undefined,
      dose: doseOf(judgement),
      closedBy: judgement.closedBy[0],
      conditional: rule !== undefined && judgement.conditional.includes(rule),
      cards,
      undated,
    }
  }
  return { judge }
}

/** A medicine that nobody can name may be an opioid: the service judges it as one, and nobody should count it as one. */
const notNamed = 'not named'

const kindOf = ({ kind, facts }: Judgement): Verdict['kind'] =>
  kind !== 'opioid'
    ? 'lumbar-imaging'
    : facts.get('order-trigger')?.value === 'not-named'
      ? notNamed
      : 'opioid'

function doseOf({ kind, facts }: Judgement): Verdict['dose'] {
  const value = kind === 'opioid' ? facts.get('mme-per-day')?.value : undefined
  return typeof value === 'object' ? value : undefined
}

const topicOf = (rule: Rule | undefined) => (rule?.role === 'headline' ? rule.topic : undefined)

const searchset = (found: readonly FhirResource[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: found.length,
  entry: found.map((resource) => ({ resource })),
})

/** By codes of the decision table: IM-01 and IM-06 speak of pain under six weeks, IM-02 and IM-03 of what nobody recorded. */
const byRule: Readonly<Record<string, Need>> = {
  IM01: 'wasteful',
  IM06: 'wasteful',
  IM02: 'likely wasteful',
  IM03: 'likely wasteful',
}

/**
 * Necessary is what quiets the advice to wait: a red flag, or care that was tried before an MRI. Gates (such as pregnancy)
 * and advice on a condition say nothing of need.
 */
function needOf(
  { closedBy, headlines, conditional, verdicts }: Judgement,
  ruleOf: ReadonlyMap<string, Rule>,
): Need {
  if (closedBy.length > 0) return 'not classed'
  const waits = headlines.find((code) => topicOf(ruleOf.get(code)) === 'not-now')
  if (waits) return conditional.includes(waits) ? 'not classed' : (byRule[waits] ?? 'not classed')
  const isNeeded = [...verdicts].some(([code, verdict]) => {
    const rule = ruleOf.get(code)
    return (
      verdict === true &&
      (rule?.role === 'silencer' || rule?.role === 'headline') &&
      rule.silences.includes('not-now') &&
      !code.startsWith('G')
    )
  })
  return isNeeded ? 'necessary' : 'not classed'
}
