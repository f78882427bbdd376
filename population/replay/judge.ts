/** Judges one order as of its day by the service's own evaluator, in this process, and says what it came to. */
import type { FhirResource, MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import type { Content } from '../../src/content/content.ts'
import type { Decision } from '../../src/decide/decide.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import type { Card } from '../../src/render/render.ts'
import { asOf } from './as-of.ts'

export type Order = ServiceRequest | MedicationRequest

export const needs = ['wasteful', 'likely wasteful', 'necessary', 'not classed'] as const
export type Need = (typeof needs)[number]

export interface Verdict {
  id: string
  patient: string
  day: string
  kind: string
  /** Code of the rule that heads the answer; undefined where nothing is said. */
  rule: string | undefined
  indicator: string | undefined
  /** Imaging is said not to be needed now. */
  notNeeded: boolean
  need: Need | undefined
  /** Why nothing is said: the gate that holds; else undefined. */
  closedBy: string | undefined
  /** The advice names something to make sure of, because lists did not come. */
  conditional: boolean
  cards: readonly Card[]
  undated: number
}

export interface Judging {
  /** Undefined where the order is neither lumbar imaging nor an opioid, as far as it can be read. */
  judge(all: readonly FhirResource[], order: Order): Promise<Verdict | undefined>
  /** Facts that failed, which none may. */
  failed: readonly string[]
}

/** `came`: the types of which the export has a file, if an empty one. A type that never came is unknown, and not empty. */
export function openJudging(content: Content, came: ReadonlySet<string>): Judging {
  let today = ''
  let made = 0
  const failed: string[] = []
  const evaluator = createEvaluator(content, {
    today: () => today,
    newId: () => `replay-${++made}`,
    onFactError: (fact) => failed.push(fact),
  })
  const keys = Object.entries(content.queries).filter(([type]) => came.has(type))

  async function judge(all: readonly FhirResource[], order: Order): Promise<Verdict | undefined> {
    const moment = order.authoredOn ?? ''
    today = moment.slice(0, 10)
    const { resources, visit, undated } = asOf(all, order, moment)
    const patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? ''
    const prefetch = Object.fromEntries(
      keys.map(([type, { key, search }]) => {
        const found = resources.filter(({ resourceType }) => resourceType === type)
        return [key, search.startsWith('/') ? (found[0] ?? null) : searchset(found)]
      }),
    )
    const { orders, decisions, planned, cards } = await evaluator.explain({
      hook: 'order-sign',
      hookInstance: 'replay',
      patientId,
      encounterId: visit?.id,
      userId: order.requester?.reference,
      draftOrders: {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: { ...order, status: 'draft' } }],
      },
      prefetch: visit ? { ...prefetch, encounter: visit } : prefetch,
    })
    const [decision] = decisions
    if (orders.length === 0 || !decision) return undefined
    const [first] = planned
    return {
      id: order.id ?? '',
      patient: patientId,
      day: today,
      kind: decision.kind,
      rule: first?.headline.code,
      indicator: first?.indicator,
      notNeeded: first?.headline.topic === 'not-now',
      need: decision.kind === 'lumbar-imaging' ? needOf(decision) : undefined,
      closedBy: decision.closedBy[0]?.rule.code,
      conditional: first !== undefined && decision.conditions.has(first.headline.id),
      cards,
      undated,
    }
  }
  return { judge, failed }
}

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
function needOf({ closedBy, headlines, conditions, findings }: Decision): Need {
  if (closedBy.length > 0) return 'not classed'
  const waits = headlines.find(({ topic }) => topic === 'not-now')
  if (waits) return conditions.has(waits.id) ? 'not classed' : (byRule[waits.code] ?? 'not classed')
  const isNeeded = findings.some(
    ({ rule, verdict }) =>
      verdict === true &&
      (rule.role === 'silencer' || rule.role === 'headline') &&
      rule.silences.includes('not-now') &&
      !rule.code.startsWith('G'),
  )
  return isNeeded ? 'necessary' : 'not classed'
}
