/** A service for clients of CDS Hooks 2.0 and 3.0 (ballot): the whole application but its port. */
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { buildApp } from '../../src/app.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import type { Callers } from '../../src/site/callers.ts'
import { guard } from '../../src/trust/guard.ts'
import { MemoryReplay } from '../../src/trust/replay.ts'
import { createVerifier } from '../../src/trust/verify.ts'
import { content } from '../support/evaluated.ts'
import { root } from '../support/evaluator.ts'
import { Clock, callersOf, type IssuerInput, newKey, publicUrl, published, token } from '../trust/support.ts'

export const today = '2026-03-02'
export const [older, newer] = ['https://older.example.org', 'https://newer.example.org']
/** Of whom a page may call from a browser. */
export const page = 'https://ehr.example.org'
const key = await newKey()
const jwks = published(key) as NonNullable<IssuerInput['jwks']>

const isNewer = { 'cds-hooks': '3.0', 'action-selection': true } as const
export const withoutFeature = callersOf({ iss: older, jwks }, { iss: newer, jwks })
export const withFeature = callersOf({ iss: older, jwks }, { iss: newer, jwks, ...isNewer })
/** The hospital knows that this EHR cannot take it. */
export const withRefusal = callersOf({ iss: older, jwks }, { iss: newer, jwks, 'cds-hooks': '2.0' })

/** With ids that count from 1. */
export function serviceOf(callers: Callers) {
  const clock = new Clock()
  let ids = 0
  const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`
  const evaluator = createEvaluator(content, { today: () => today, newId })
  const verify = createVerifier({
    callers,
    publicUrl,
    now: clock.now,
    elapsed: clock.elapsed,
    fetchKeys: async () => jwks,
    replay: new MemoryReplay(clock),
    log: { info: () => undefined, warn: () => undefined },
  })
  const app = buildApp({
    content,
    reads: evaluator.reads,
    observationCodes: evaluator.observationCodes,
    version3: { windows: evaluator.windows, speaks: '2.0' },
    evaluate: evaluator.evaluate,
    hear: async (_service, _caller, items) =>
      items.map(({ card, outcome }) => ({ card, outcome, state: 'known' })),
    elapsed: clock.elapsed,
    origins: [page],
    logger: { level: 'silent' },
    guard: guard(verify, callers),
  })
  const send = async (iss: string, path: string, body: object) => {
    const authorization = `Bearer ${await token(key, clock, { iss, aud: publicUrl + path })}`
    return app.inject({ method: 'POST', url: path, payload: body, headers: { authorization } })
  }
  const discovery = (path: string) => app.inject(path)
  /** What a browser asks before a page may call. */
  const asks = (path: string, origin: string) =>
    app.inject({ method: 'OPTIONS', url: path, headers: { origin, 'access-control-request-method': 'POST' } })
  const reads = (path: string, origin: string) => app.inject({ url: path, headers: { origin } })
  return { send, discovery, asks, reads }
}

export const sign = '/cds-services/lumbar-order-sign'
const bodyFor = (patient: string, ...orders: string[]) =>
  hookCall({
    patient: loadPatient(root, patient, today),
    orders: orders.map((order) => loadOrder(root, order)),
    hook: 'order-sign',
    queries: content.queries,
    today,
  })
export const bodies = [
  bodyFor('acute-week-two', 'lumbar-mri'),
  bodyFor('pregnant', 'lumbar-xray', 'lumbar-ct'),
  bodyFor('acute-week-two', 'lumbar-mri', 'lumbar-ct'),
  bodyFor('opioid-chronic', 'oxycodone-er'),
  bodyFor('cauda-equina', 'lumbar-mri-stat'),
  bodyFor('no-back-pain', 'hip-xray'),
]
