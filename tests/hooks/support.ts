/** A sound call and an application with a fake evaluation, for tests to bend. */

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Advice, buildApp, type Dependencies } from '../../src/app.ts'
import type { HookCall } from '../../src/hooks/call.ts'
import type { Shown } from '../../src/hooks/discovery.ts'
import { queriesFile } from '../../src/pathway/schema.ts'
import { coverageSchema } from '../../src/site/coverage.ts'

const file = queriesFile.parse(parse(readFileSync('pathway/queries.yaml', 'utf8')))
export const { queries } = file
const ofDrafts = file['of-drafts']

export const shown: Shown = {
  digest: '0123456789abcdef',
  queries,
  ofDrafts,
  site: { coverage: coverageSchema.parse({}) },
  pathway: {
    id: 'a-pathway',
    version: '1.2.3',
    title: 'A pathway',
    status: 'draft',
    scope: 'What it is about.',
    parameters: {},
    'open-questions': [],
    'not-encoded': [],
    'front-page': [],
    history: [{ version: '1.2.3', on: '2026-01-01', impact: ['First.'] }],
  },
}

type Body = Record<string, unknown> & { context: Record<string, unknown> }

export function signCall(context: Record<string, unknown> = {}, top: Record<string, unknown> = {}): Body {
  return {
    hook: 'order-sign',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/example',
      patientId: 'p1',
      draftOrders: {
        resourceType: 'Bundle',
        entry: [{ resource: { resourceType: 'ServiceRequest', id: 'd1' } }],
      },
      ...context,
    },
    ...top,
  }
}

export function selectCall(context: Record<string, unknown> = {}): Body {
  return signCall(context, { hook: 'order-select' })
}

interface Harness {
  app: ReturnType<typeof buildApp>
  calls: HookCall[]
  /** Log lines, as written. */
  log: string[]
}

/** `answer` stands in for the evaluation. */
export function harness(
  answer: (call: HookCall) => Promise<Advice> = async () => ({ cards: [], rules: ['IM01'] }),
  more: Partial<Dependencies> = {},
): Harness {
  const calls: HookCall[] = []
  const log: string[] = []
  const app = buildApp({
    content: shown,
    reads: () => new Set(['Patient', 'Encounter', 'Condition', 'Observation']),
    observationCodes: ['http://loinc.org|1111-1', 'http://loinc.org|2222-2'],
    evaluate: (call) => {
      calls.push(call)
      return answer(call)
    },
    elapsed: () => performance.now(),
    logger: { level: 'trace', stream: { write: (line: string) => void log.push(line) } },
    ...more,
  })
  return { app, calls, log }
}

export const signUrl = '/cds-services/lumbar-order-sign'
export const selectUrl = '/cds-services/lumbar-order-select'

/** Sends a text as it stands. */
export function post(
  app: Harness['app'],
  payload: string,
  headers: Record<string, string> = {},
  url = signUrl,
) {
  return app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  })
}
