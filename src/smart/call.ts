/** One launch as a hook call, so that the same evaluator judges it: as if an order were signed, or the chart opened. */
import { randomUUID } from 'node:crypto'
import { LumbarError } from '../errors.ts'
import type { Evaluator, OpenedCall } from '../evaluate.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import type { OrderKind } from '../pathway/schema.ts'
import { type ChartQueries, prefetchFrom } from './chart.ts'
import { SmartFailure } from './failures.ts'
import type { Launch } from './launch.ts'

export interface Opened {
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
