/** Builds calls and small resources for the tests of gathering. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { HookCall } from '../../src/hooks/call.ts'
import { queriesFile } from '../../src/pathway/schema.ts'
import { gather } from '../support/gather.ts'

export const { queries } = queriesFile.parse(parse(readFileSync('pathway/queries.yaml', 'utf8')))

export const us = { reference: 'Patient/p1' }
export const patient = { resourceType: 'Patient', id: 'p1' }

export function condition(id: string | undefined, more: object = {}) {
  return { resourceType: 'Condition', ...(id === undefined ? {} : { id }), subject: us, ...more }
}

export function bundle(...resources: unknown[]) {
  return { resourceType: 'Bundle', type: 'searchset', entry: resources.map((resource) => ({ resource })) }
}

/** Only the shape of the parts under test is promised: the rest is what the wire may bring. */
export function call(more: { [K in keyof HookCall]?: unknown } = {}): HookCall {
  return {
    hook: 'order-sign',
    hookInstance: 'a-call',
    patientId: 'p1',
    draftOrders: {},
    prefetch: undefined,
    ...more,
  } as HookCall
}

export function gatherPrefetch(prefetch: unknown, more: { [K in keyof HookCall]?: unknown } = {}) {
  return gather(call({ prefetch, ...more }), queries)
}

/** The ids of what was kept of a type. */
export function ids(record: Awaited<ReturnType<typeof gather>>, type: string) {
  return (record.resources.get(type) ?? []).map(({ id }) => id)
}

export const outcome = (severity: string, code = 'processing') => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code }],
})
