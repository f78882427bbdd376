/** Payer mode: what is said of each signed order by the payers of its patient, as CDS Hooks system actions (Da Vinci CRD). */

import type { Coding, FhirResource } from 'fhir/r4.js'
import type { Decision } from '../decide/decide.ts'
import { LumbarError } from '../errors.ts'
import type { OrderUnderReview } from '../facts/case.ts'
import { dateOf, dayNumber } from '../facts/spans.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import type { OrderKind } from '../pathway/schema.ts'
import type { PatientRecord } from '../record/record.ts'
import { type CrdVersion, crdVersions, type Policy } from '../site/coverage.ts'
import { type Covered, coveragesIn } from './coverages.ts'
import { annotated, codesOf, extensionOf } from './extension.ts'
import { compilePolicy, factsOf, type Judge } from './policies.ts'

export interface SystemAction {
  type: 'update'
  description: string
  resource: FhirResource
}

/** One assertion, as the ledger keeps it. */
export interface Asserted {
  id: string
  /** As the site calls it. */
  payer: string
  version: CrdVersion
  /** Position of the order. */
  order: number
  covered: string
  authorization: string | null
  documents: string | null
  /** Position of the assertion in the policy; `otherwise`, `unknown` or `not-read`. */
  by: string
  /** Was it sent? Not in a trial run, and not where the order says it already. */
  sent: boolean
}

export interface Assertions {
  systemActions: readonly SystemAction[]
  asserted: readonly Asserted[]
}

/** What was found of the orders of a call. */
export interface Found {
  record: PatientRecord
  orders: readonly OrderUnderReview[]
  decisions: readonly Decision[]
}

export interface Payers {
  /** Facts that policies ask about orders of this kind. */
  wanted(kind: string): readonly string[]
  /** `isSilent`: a trial run, in which all is judged and nothing is told. */
  assert(found: Found, call: HookCall, version: CrdVersion, isSilent: boolean, today: string): Assertions
}

export const nothingSaid: Assertions = { systemActions: [], asserted: [] }

/** By CPT and HCPCS claims are billed (`systems.yaml` names both). */
const billed = ['http://www.ama-assn.org/go/cpt', 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets']

export function compilePayers(content: Content, newId: () => string): Payers {
  const { payers, others } = content.site.coverage
  const policies = new Map<Policy, Judge>()
  for (const { orders } of payers)
    for (const policy of Object.values(orders)) policies.set(policy, compilePolicy(policy, content))
  const onsetDays = Object.keys(content.facts).find((name) => {
    const fact = content.facts[name]
    return fact?.kind === 'episode' && fact.read === 'onset-days'
  })

  function assert(...[found, call, version, isSilent, today]: Parameters<Payers['assert']>): Assertions {
    const wished = configured(call, version)
    if (!wished) return nothingSaid
    const coverages = coveragesIn(found.record, payers, today)
    if (coverages.length === 0 && others === 'refuse') throw notOurs()
    const systemActions: SystemAction[] = []
    const asserted: Asserted[] = []
    for (const [at, order] of found.orders.entries()) {
      const decision = found.decisions[at]
      if (!decision || order.draft.reference === undefined) continue
      const news = coverages.flatMap((covered) => newsOf(covered, order, decision, at))
      const resource = annotated(
        order.draft.sent,
        news.map(({ extension }) => extension),
      )
      const sent = resource !== undefined && !isSilent
      if (resource && sent)
        systemActions.push({ type: 'update', description: 'Add what the payer says of this order', resource })
      asserted.push(...news.map(({ one }) => ({ ...one, sent })))
    }
    return { systemActions, asserted }

    function newsOf({ reference, payer }: Covered, order: OrderUnderReview, decision: Decision, at: number) {
      const policy = payer.orders[order.kind as OrderKind]
      const ruling = policy && policies.get(policy)?.(decision)
      if (!ruling) return []
      const id = newId()
      const told = {
        ...{ coverage: reference, ruling, today, id },
        billing: billingOf(order),
        until: ruling.is === 'told' ? untilOf(ruling.said['until-onset-plus'], decision) : undefined,
      }
      const { covered, authorization, documents } = codesOf(ruling, version)
      const one: Asserted = {
        ...{ id, payer: payer.payer, version, order: at, covered, sent: false },
        authorization: authorization ?? null,
        documents: documents ?? null,
        by: ruling.is === 'told' ? (ruling.at?.toString() ?? 'otherwise') : ruling.is,
      }
      return [{ extension: extensionOf(told, version), one }]
    }

    /** The earliest day that it may be, where the day of the onset is known within bounds. */
    function untilOf(reference: string | undefined, { facts }: Decision): string | undefined {
      const days = reference === undefined ? undefined : content.parameters[reference.slice(1)]?.value
      const onset = facts.get(onsetDays ?? '')?.value
      if (days === undefined || onset === undefined || typeof onset !== 'object') return undefined
      if (!Number.isFinite(onset.high)) return undefined
      return dateOf(dayNumber(today) - onset.high + days)
    }
  }

  return {
    wanted: (kind) =>
      payers.flatMap(({ orders }) => {
        const policy = orders[kind as OrderKind]
        return policy ? factsOf(policy) : []
      }),
    assert,
  }
}

/** The order's own codes that a claim may carry; other codes of it are of no use there. */
function billingOf({ draft: { resource } }: OrderUnderReview): Coding[] {
  const codings = resource.resourceType === 'ServiceRequest' ? (resource.code?.coding ?? []) : []
  return (Array.isArray(codings) ? codings : []).filter(
    ({ system, code }) => typeof code === 'string' && typeof system === 'string' && billed.includes(system),
  )
}

/**
 * Whether the client wants it: it may switch it off for a call, and may name the version that it takes (CRD 2.2.1). Whatever
 * else stands there is passed over.
 */
function configured({ extension = {} }: HookCall, version: CrdVersion): boolean {
  const requested = extension['davinci-crd.requestedVersion']
  if (typeof requested === 'string' && !isVersion(requested, version))
    throw new LumbarError(
      'invalid-request',
      `Lumbar answers this client by version ${version} of Da Vinci CRD. Ask for that, or for none.`,
      ['extension'],
    )
  const configuration = extension['davinci-crd.configuration']
  const wish =
    typeof configuration === 'object' && configuration !== null
      ? (configuration as Readonly<Record<string, unknown>>)['coverage-info']
      : undefined
  return wish !== false
}

/** `2.2` is any of 2.2. */
const isVersion = (requested: string, version: CrdVersion) =>
  crdVersions.some((known) => known === version && (requested === known || known.startsWith(`${requested}.`)))

const notOurs = () =>
  new LumbarError(
    'invalid-request',
    'No active coverage of this patient is of a payer that is answered for here. Send its Coverage, with the payor by identifier or name.',
    ['prefetch.coverage'],
  )
