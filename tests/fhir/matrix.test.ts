/** Prefetch and reading together: each prefetch state, with each kind of server, with and without a token. */
import nock from 'nock'
import { describe, expect, test } from 'vitest'
import type { Completeness, PrefetchState } from '../../src/record/record.ts'
import { call, condition, ids, queries, us } from '../record/support.ts'
import { gather } from '../support/gather.ts'
import { base, page, readerWith, watchNetwork } from './support.ts'

watchNetwork()

const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }
const theirs = condition('theirs', { subject: { reference: 'Patient/p2' } })
const procedure = { resourceType: 'Procedure', id: 'proc', subject: us }
const noResults = { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'not-found' }] }

/** An answer that does not come. */
const never = new Promise<never>(() => {})

const servers = {
  reachable: (ehr: nock.Interceptor) => ehr.reply(200, page(undefined, condition('read'))),
  'without matches': (ehr: nock.Interceptor) => ehr.reply(200, page(undefined)),
  'without matches, with a remark': (ehr: nock.Interceptor) => ehr.reply(200, page(undefined, noResults)),
  slow: (ehr: nock.Interceptor) => ehr.reply(() => never),
  failing: (ehr: nock.Interceptor) => ehr.reply(500, outcome),
  'answering with an outcome': (ehr: nock.Interceptor) => ehr.reply(200, outcome),
  forbidding: (ehr: nock.Interceptor) => ehr.reply(403, outcome),
  "with the wrong patient's": (ehr: nock.Interceptor) => ehr.reply(200, page(undefined, theirs)),
  'with two patients’': (ehr: nock.Interceptor) => ehr.reply(200, page(undefined, condition('read'), theirs)),
  'with the wrong type': (ehr: nock.Interceptor) => ehr.reply(200, page(undefined, procedure)),
  'of another version': (ehr: nock.Interceptor) =>
    ehr.reply(200, page(undefined, condition('old', { clinicalStatus: 'active' }))),
  'that breaks off': (ehr: nock.Interceptor) =>
    ehr.reply(200, page('https://evil.example/', condition('read'))),
} as const
type ServerKind = keyof typeof servers
const kinds = Object.keys(servers) as ServerKind[]

type Expected = [state: PrefetchState, completeness: Completeness, kept: readonly string[]]

/** Answers that stand: what the EHR said is not asked again. */
const settled: [what: string, sent: unknown, expected: Expected][] = [
  ['given', page(undefined, condition('sent')), ['given', 'complete', ['sent']]],
  ['one resource', condition('sent'), ['given', 'complete', ['sent']]],
  ['an empty Bundle', page(undefined), ['empty', 'complete', []]],
  ['null', null, ['empty', 'complete', []]],
  ['an OperationOutcome', outcome, ['failed', 'missing', []]],
  ['the template itself', 'Condition?patient={{context.patientId}}', ['unusable', 'missing', []]],
  ["the wrong patient's", page(undefined, theirs), ['unusable', 'missing', []]],
  ['the wrong type', page(undefined, procedure), ['unusable', 'missing', []]],
  ['more than is shown', { resourceType: 'Bundle', total: 3 }, ['truncated', 'partial', []]],
  [
    'a next page elsewhere, which is refused',
    page('https://evil.example/fhir/Condition', condition('sent')),
    ['truncated', 'partial', ['sent']],
  ],
  [
    'a next page on an unencrypted port, which is refused',
    page('http://ehr.example/fhir/Condition', condition('sent')),
    ['truncated', 'partial', ['sent']],
  ],
]

/** What an absent key comes to. */
const read: Record<ServerKind, Expected> = {
  reachable: ['given', 'complete', ['read']],
  'without matches': ['empty', 'complete', []],
  'without matches, with a remark': ['empty', 'complete', []],
  slow: ['late', 'missing', []],
  failing: ['failed', 'missing', []],
  'answering with an outcome': ['failed', 'missing', []],
  forbidding: ['forbidden', 'missing', []],
  "with the wrong patient's": ['unusable', 'missing', []],
  'with two patients’': ['truncated', 'partial', ['read']],
  'with the wrong type': ['failed', 'missing', []],
  'of another version': ['given', 'complete', ['old']],
  'that breaks off': ['truncated', 'partial', ['read']],
}

const cutOff: Expected = ['truncated', 'partial', ['sent']]

/** What a list with one page sent and one page left comes to. */
const readOn: Record<ServerKind, Expected> = {
  reachable: ['given', 'complete', ['sent', 'read']],
  'without matches': ['given', 'complete', ['sent']],
  'without matches, with a remark': ['given', 'complete', ['sent']],
  slow: cutOff,
  failing: cutOff,
  'answering with an outcome': cutOff,
  forbidding: cutOff,
  "with the wrong patient's": cutOff,
  'with two patients’': ['truncated', 'partial', ['sent', 'read']],
  'with the wrong type': cutOff,
  'of another version': ['given', 'complete', ['sent', 'old']],
  'that breaks off': ['truncated', 'partial', ['sent', 'read']],
}

const rows: [
  sent: string,
  kind: ServerKind,
  token: boolean,
  prefetch: unknown,
  expected: Expected,
  calls: number,
][] = []
for (const kind of kinds) {
  const left = page(`${base}/Condition?page=2`, condition('sent'))
  for (const token of [true, false]) {
    for (const [what, sent, expected] of settled) {
      rows.push([what, kind, token, { conditions: sent }, expected, 0])
    }
  }
  rows.push(['no key', kind, true, {}, read[kind], 1])
  rows.push(['no key', kind, false, {}, ['absent', 'missing', []], 0])
  rows.push(['no prefetch', kind, true, undefined, read[kind], 1])
  rows.push(['a next page', kind, true, { conditions: left }, readOn[kind], 1])
  rows.push(['a next page', kind, false, { conditions: left }, cutOff, 0])
}

describe('Condition', () => {
  test.each(rows)(
    'prefetch has %s; the server is %s; token: %s',
    async (_sent, kind, token, prefetch, expected, calls) => {
      servers[kind](nock('https://ehr.example').get(/^\/fhir\/Condition\?/))
      const { readMissing, requests } = readerWith(token, kind === 'slow' ? { 'deadline-ms': 50 } : {})
      const record = await gather(call({ prefetch }), queries, readMissing, () => new Set(['Condition']))
      expect([
        [record.states.get('conditions'), record.completeness('Condition'), ids(record, 'Condition')],
        requests(),
      ]).toEqual([expected, calls])
      expect(ids(record, 'Condition')).not.toContain('theirs')
    },
  )
})
