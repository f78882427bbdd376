/** One launch as a hook call, so that the same evaluator judges it: as if an order were signed, or the chart opened. */

import { randomUUID } from 'node:crypto'
import type { FhirResource } from 'fhir/r4.js'
import { LumbarError } from '../errors.ts'
import type { Evaluator, OpenedCall } from '../evaluate.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import type { OrderKind, Query } from '../pathway/schema.ts'
import { SmartFailure } from './failures.ts'
import type { Launch } from './launch.ts'

// The launch's chart as the prefetch of a call, so that the same rules judge it as judge a hook. What the token may
// not read, or the server does not give, is left out: then it is unknown, as it would be in a hook.

interface ChartQueries {
  /** By resource type. */
  queries: Readonly<Record<string, Query>>
  /** Resource types that the rules read. */
  wanted: ReadonlySet<string>
  /** `system|code` of every observation that a fact reads. */
  observationCodes: readonly string[]
}

async function prefetchFrom(
  launch: Launch,
  { queries, wanted, observationCodes }: ChartQueries,
): Promise<Record<string, unknown>> {
  const keys = Object.entries(queries).filter(([type]) => wanted.has(type))
  const read = keys.map(async ([type, { key, search }]): Promise<[string, unknown] | undefined> => {
    try {
      return [key, await answerTo(type as FhirResource['resourceType'], search)]
    } catch {
      // Whatever it was: this key did not come, and the page says what could not be checked.
      return undefined
    }
  })
  return Object.fromEntries((await Promise.all(read)).filter((entry) => entry !== undefined))

  async function answerTo(type: FhirResource['resourceType'], search: string): Promise<unknown> {
    if (search.startsWith('/')) return launch.fhir.read(type, launch.patient)
    const asked = new URLSearchParams(search.replace('{codes}', () => observationCodes.join(',')))
    asked.delete('patient')
    const { resources, isComplete } = await launch.fhir.search(type, Object.fromEntries(asked))
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      // A link onwards says that there is more.
      ...(isComplete ? {} : { link: [{ relation: 'next' }] }),
      entry: resources.map((resource) => ({ resource })),
    }
  }
}

interface Opened {
  opened: OpenedCall
  /** By prefetch key, as it was read. */
  prefetch: Readonly<Record<string, unknown>>
}

/** `kind` undefined opens the chart. @throws SmartFailure when not even the patient could be read */
export async function openLaunched(
  launch: Launch,
  content: Content,
  evaluator: Pick<Evaluator, 'open'>,
  asked: ChartQueries,
  kind: OrderKind | undefined,
): Promise<Opened> {
  const prefetch = await prefetchFrom(launch, asked)
  try {
    return { opened: await evaluator.open(asCall(launch, content, prefetch, kind)), prefetch }
  } catch (error) {
    if (error instanceof LumbarError) throw new SmartFailure('chart-not-read', error.code, launch.ehr.iss)
    throw error
  }
}

function asCall(
  launch: Launch,
  { checklist }: Content,
  prefetch: Record<string, unknown>,
  kind: OrderKind | undefined,
): HookCall {
  return {
    hook: kind ? 'order-sign' : 'patient-view',
    hookInstance: randomUUID(),
    patientId: launch.patient,
    ...(launch.encounter === undefined ? {} : { encounterId: launch.encounter }),
    ...(launch.user ? { userId: launch.user.reference } : {}),
    draftOrders: kind ? [draftFor(launch, kind, checklist)] : [],
    prefetch,
  }
}

function draftFor({ patient }: Launch, kind: OrderKind, { drafts, reason }: Content['checklist']) {
  const { resource, text, code } = drafts[kind]
  const coded = ({ system, code, display }: typeof reason) => ({ coding: [{ system, code, display }] })
  const named = { ...coded(code), text }
  return {
    resourceType: resource,
    id: 'from-the-app',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patient}` },
    reasonCode: [coded(reason)],
    ...(resource === 'MedicationRequest' ? { medicationCodeableConcept: named } : { code: named }),
  }
}
