/** Payer mode: what is said of each signed order by the payers of its patient, as CDS Hooks system actions (Da Vinci CRD). */
import type { Coding, FhirResource } from 'fhir/r4.js'
import type { Decision } from '../decide/decide.ts'
import { LumbarError } from '../errors.ts'
import type { OrderUnderReview } from '../facts/case.ts'
import { dateOf, dayNumber } from '../facts/spans.ts'
import { type Element, element, elements, plainCode, text } from '../facts/wire.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import type { OrderKind } from '../pathway/schema.ts'
import type { PatientRecord } from '../record/record.ts'
import { type CrdVersion, crdVersions, type PayerPolicies, type Policy } from '../site/coverage.ts'
import { annotated, codesOf, extensionOf } from './extension.ts'
import { compilePolicy, factsOf, type Judge } from './policies.ts'

// Which coverage of a patient is of a payer whose policy is written down. Whole names: what is asserted binds a
// payer.

interface Covered {
  /** `Coverage/abc`. */
  reference: string
  payer: PayerPolicies
}

/** Nobody has more at a time; each makes an extension of every order. */
const most = 20

/** Of the coverages that are active today, in the order in which they came. Only what has an id can be referred to. */
function coveragesIn(record: PatientRecord, payers: readonly PayerPolicies[], today: string): Covered[] {
  const found: Covered[] = []
  for (const coverage of record.resources.get('Coverage') ?? []) {
    if (found.length === most) break
    const payer =
      coverage.id && isActive(coverage as unknown as Element, today)
        ? payerOf(coverage, record, payers)
        : undefined
    if (payer) found.push({ reference: `Coverage/${coverage.id}`, payer })
  }
  return found
}

/** Without a status it counts, as FHIR's older versions have it. */
function isActive(coverage: Element, today: string): boolean {
  const status = text(coverage.status)
  if (status !== undefined && status !== 'active') return false
  const { start, end } = element(coverage.period) ?? {}
  const [from, until] = [text(start)?.slice(0, 10) ?? '', text(end)?.slice(0, 10)]
  return from <= today && (until === undefined || today.slice(0, until.length) <= until)
}

function payerOf(coverage: FhirResource, record: PatientRecord, payers: readonly PayerPolicies[]) {
  const source = coverage as unknown as Element
  const [names, identifiers] = [new Set<string>(), new Set<string>()]
  for (const payor of elements(source.payor)) {
    const target = record.resolve(text(payor.reference), coverage) as Element | undefined
    for (const name of [text(payor.display), text(target?.name)]) if (name) names.add(spelled(name))
    for (const identifier of [...elements(payor.identifier), ...elements(target?.identifier)])
      identifiers.add(`${text(identifier.system)} ${text(identifier.value)}`)
  }
  const plans = new Set(
    elements(source.class).flatMap((each) => {
      const told = [text(each.value), plainCode(each.value), text(each.name)]
      return told.flatMap((plan) => (plan ? [spelled(plan)] : []))
    }),
  )
  return payers.find(
    (payer) =>
      (payer.names.some((name) => names.has(spelled(name))) ||
        payer.identifiers.some(({ system, value }) => identifiers.has(`${system} ${value}`))) &&
      (payer.plans?.some((plan) => plans.has(spelled(plan))) ?? true),
  )
}

const spelled = (name: string) => name.trim().toLowerCase()

export interface SystemAction {
  type: 'update'
  description: string
  resource: FhirResource
}

/** One assertion, as the ledger keeps it. */
interface Asserted {
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
interface Found {
  record: PatientRecord
  orders: readonly OrderUnderReview[]
  decisions: readonly Decision[]
}

interface Payers {
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
