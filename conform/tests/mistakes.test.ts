/** The client against a small service with a mistake of every kind. */
import { describe, expect, test } from 'vitest'
import { root } from '../../tests/support/evaluator.ts'
import { openCaller } from '../calls.ts'
import { checkAnswer } from '../checks/cards.ts'
import { checkDiscovery } from '../checks/discovery.ts'
import { checkTemplates } from '../checks/templates.ts'
import { entriesIn, openClient } from '../client.ts'
import { Findings, type Row } from '../findings.ts'
import type { Exchange } from '../http.ts'
import { type RequirementId, requirements } from '../requirements.ts'
import { checkService } from '../run.ts'
import { type Small, serve, small, soundly } from './support.ts'

const caller = openCaller(root, '2026-11-21')

type Bend = (made: Small) => void

async function rowsFor(bend: Bend): Promise<Row[]> {
  const made = small()
  bend(made)
  const running = await serve(made)
  try {
    const settings = { origin: undefined, fhirPort: undefined, quick: true }
    return [...(await checkService(openClient(running.url, running.url, undefined), caller, settings)).rows]
  } finally {
    running.close()
  }
}

const failed = (rows: readonly Row[]) => rows.flatMap(({ id, verdict }) => (verdict === 'fail' ? [id] : []))

/** As if it had come over the network. */
function received(made: Small, json: unknown): Exchange {
  const text = JSON.stringify(json)
  const headers = { 'content-type': made.type, 'cache-control': 'max-age=60', etag: '"1"' }
  const sent = { method: 'GET', url: 'http://127.0.0.1/', headers: {}, body: '' }
  const came = { status: 200, headers, text, json: JSON.parse(text), form: 'JSON' as const }
  return { sent, received: came, problem: undefined, ms: 1 }
}

describe('A small service', () => {
  test('that is sound fails in nothing but that it verifies nobody', async () => {
    expect(failed(await rowsFor(() => undefined))).toEqual(['SEC-2'])
  })

  const when =
    (wrong: number, is: (text: string) => boolean): Small['refuse'] =>
    (asked) =>
      is(asked.text) ? wrong : soundly(asked)
  const refuses = (status: number, is: (text: string) => boolean) => (made: Small) => {
    made.refuse = when(status, is)
  }
  const bare = '{"resourceType":"ServiceRequest","id":"draft-lumbar-mri","status":"draft"}'
  let repeats = 0

  const inManners: [RequirementId, string, Bend][] = [
    ['GEN-1', 'answers that are no JSON', (made) => Object.assign(made, { broken: true })],
    ['GEN-6', 'refusing extensions', refuses(400, (text) => text.includes('"extension":{"com'))],
    ['GEN-8', 'refusing STU3', refuses(500, (text) => text.includes('ProcedureRequest'))],
    ['PF-9', 'failing on an outcome', refuses(500, (text) => text.includes('OperationOutcome'))],
    ['PF-12', '400 for missing data', refuses(400, (text) => !text.includes('"prefetch"'))],
    ['PF-11', 'failing on a next page', refuses(500, (text) => text.includes('"next"'))],
    ['6b-null', 'refusing null', refuses(400, (text) => text.includes('"conditions":null'))],
    ['REQ-1', 'a call without hook', refuses(200, (text) => !text.includes('"hook"'))],
    [
      'REQ-5',
      'falling over at the third call',
      refuses(503, (text) => text.includes('6a3f1f6e') && ++repeats === 3),
    ],
    [
      'HK-1',
      'refusing new fields',
      refuses(400, (text) => /"context":.*"com\.example[^}]*\}.*"prefetch"/.test(text)),
    ],
    ['HK-OS-2', 'refusing bare orders', refuses(500, (text) => text.includes(bare))],
    ['12-mismatch', 'any hook', refuses(200, (text) => text.includes('a-hook-of-nobody'))],
    [
      '12-bundle',
      'refusing a Bundle without type',
      refuses(400, (text) => text.includes('{"resourceType":"Bundle","entry"')),
    ],
    ['13-ids', 'refusing long ids', refuses(422, (text) => text.includes('eeeeeeeeee'))],
    ['RSP-4', '500 for bad JSON', refuses(500, (text) => text === '{"hook": ')],
    ['RSP-5', 'a refusal in words', (made) => Object.assign(made, { outcome: { error: 'no' } })],
    ['SEC-13', 'everybody may read', (made) => Object.assign(made, { origin: '*' })],
    ['SEC-14', 'names come back as they are', (made) => Object.assign(made, { echoes: true })],
    ['11-400', 'anything is taken', refuses(200, (text) => text === '"call"')],
    ['11-415', 'XML is taken', refuses(200, (text) => text === '<call/>')],
    ['FB-1', 'the first is lost', (made) => Object.assign(made, { feedback: () => 500 })],
    [
      'FB-2',
      'a reason is refused',
      (made) => Object.assign(made, { feedback: refusedWith(/overrideReason/) }),
    ],
    [
      'FB-3',
      'several are refused',
      (made) => Object.assign(made, { feedback: refusedWith(/outcomeTimestamp.*outcomeTimestamp/) }),
    ],
    [
      'FB-4',
      'nothing without a reason',
      (made) => Object.assign(made, { feedback: refusedWith(/overridden(?!.*overrideReason)/) }),
    ],
    ['FB-8', 'anything is heard', (made) => Object.assign(made, { feedback: () => 200 })],
  ]

  const inDiscovery: [RequirementId, string, Bend][] = [
    ['GEN-7', 'text/html', (made) => Object.assign(made, { type: 'text/html' })],
    ['GEN-2', 'empty text', ({ service }) => Object.assign(service, { title: ' ' })],
    ['GEN-3', 'empty prefetch', ({ service }) => Object.assign(service, { prefetch: {} })],
    ['DISC-2', 'no list', (made) => Object.assign(made, { discovery: { services: {} } })],
    ['DISC-4', 'no hook', ({ service }) => void delete service.hook],
    ['DISC-5', 'no title', ({ service }) => void delete service.title],
    ['DISC-6', 'no description', ({ service }) => void delete service.description],
    ['DISC-7', 'an id with a slash', ({ service }) => Object.assign(service, { id: 'a/b' })],
    ['DISC-8', 'prefetch as a list', ({ service }) => Object.assign(service, { prefetch: ['Patient'] })],
    [
      'DISC-9',
      'requirements as a list',
      ({ service }) => Object.assign(service, { usageRequirements: ['a'] }),
    ],
    ['DISC-10', 'a version that is a word', ({ service }) => Object.assign(service, { version: 'STU3' })],
    [
      'DISC-11',
      'a hook version that is a word',
      ({ service }) => Object.assign(service, { hookVersion: 'new' }),
    ],
    [
      'DISC-13',
      'the same id twice',
      ({ discovery, service }) => Object.assign(discovery, { services: [service, service] }),
    ],
    ['DISC-16', 'a key that comes later', prefetching('Condition?encounter={{%b.id}}')],
    [
      'EXT-1',
      'an extension as FHIR has it',
      ({ service }) => Object.assign(service, { extension: [{ url: 'urn:a' }] }),
    ],
    ['PF-1', 'an absolute address', prefetching('https://example.org/Patient/1')],
    ['PF-2', 'a field that is no token', prefetching('Patient/{{context.draftOrders}}')],
    [
      'PF-7',
      'a function that the ballot does not have',
      ({ service }) =>
        Object.assign(service, {
          version: '3.0.0',
          prefetch: { a: 'Condition?_id={{context.draftOrders.entry.first().resource.id}}' },
        }),
    ],
    ['PF-3', 'FHIRPath before 3.0', prefetching('Condition?date=gt{{today() - 90 days}}')],
    ['PF-4', 'a user token of nobody', prefetching('Practitioner/{{userDoctorId}}')],
    ['PF-5', 'an include', prefetching('Condition?_include=Condition:subject')],
    ['PF-5', 'a modifier', prefetching('Condition?code:not=a')],
  ]

  const inAnswers: [RequirementId, string, Bend][] = [
    ['GEN-2', 'null', ({ card }) => Object.assign(card, { detail: null })],
    ['GEN-3', 'an empty list', ({ card }) => Object.assign(card, { links: [] })],
    [
      'GEN-4',
      'an order without status',
      ({ action }) => void delete (action.resource as { status?: string }).status,
    ],
    ['RSP-1', 'cards missing', (made) => Object.assign(made, { answer: {} })],
    [
      'RSP-3',
      'systemActions as an object',
      ({ answer }) => Object.assign(answer, { systemActions: { a: 1 } }),
    ],
    ['7a-summary', '140 characters', ({ card }) => Object.assign(card, { summary: 'x'.repeat(140) })],
    ['7a-indicator', 'hard-stop', ({ card }) => Object.assign(card, { indicator: 'hard-stop' })],
    ['7a-detail', 'a list', ({ card }) => Object.assign(card, { detail: ['a'] })],
    ['7a-source', 'no label', ({ card }) => Object.assign(card, { source: { url: 'https://example.org' } })],
    [
      '7a-topic',
      'a topic of words',
      ({ card }) => Object.assign(card, { source: { label: 'A', topic: { text: 'a' } } }),
    ],
    ['7a-uuid', 'no uuid', ({ card }) => void delete card.uuid],
    ['7a-selectionBehavior', 'none', ({ card }) => void delete card.selectionBehavior],
    [
      '7a-overrideReasons',
      'no display',
      ({ card }) => Object.assign(card, { overrideReasons: [{ code: 'a', system: 'b' }] }),
    ],
    ['SUG-1', 'no label', ({ suggestion }) => void delete suggestion.label],
    ['SUG-2', 'no uuid', ({ suggestion }) => void delete suggestion.uuid],
    [
      'SUG-3',
      'two recommended',
      ({ card, suggestion }) => Object.assign(card, { suggestions: [suggestion, suggestion] }),
    ],
    [
      'SUG-4',
      'an action, not in a list',
      ({ suggestion, action }) => Object.assign(suggestion, { actions: action }),
    ],
    [
      'SUG-5',
      'a word of 3.0',
      ({ suggestion }) => Object.assign(suggestion, { actionSelectionBehavior: 'any' }),
    ],
    ['7c-type', 'patch', ({ action }) => Object.assign(action, { type: 'patch' })],
    ['7c-description', 'none', ({ action }) => void delete action.description],
    ['7c-resource', 'none', ({ action }) => void delete action.resource],
    [
      '7c-delete',
      'in the manner of 1.0',
      ({ action }) => Object.assign(action, { type: 'delete', resource: 'ServiceRequest/a' }),
    ],
    [
      'ACT-2',
      'of another order',
      ({ action }) => Object.assign(action, { type: 'delete', resourceId: 'ServiceRequest/a' }),
    ],
    [
      'ACT-3',
      'for somebody else',
      ({ action }) => Object.assign(action.resource as object, { subject: { reference: 'Patient/b' } }),
    ],
    ['LNK-1', 'no type', ({ link }) => void delete link.type],
    ['LNK-2', 'appContext on an absolute link', ({ link }) => Object.assign(link, { appContext: 'a' })],
    ['LNK-4', 'a word', ({ link }) => Object.assign(link, { autolaunchable: 'yes' })],
  ]

  test.each(inManners)('%s is found in its manners: %s', async (id, _what, bend) => {
    expect(failed(await rowsFor(bend))).toContain(id)
  })

  test.each(inDiscovery)('%s is found in what it says of itself: %s', (id, _what, bend) => {
    const made = small()
    bend(made)
    const exchange = received(made, made.discovery)
    const findings = new Findings()
    checkDiscovery(exchange, openClient('http://127.0.0.1', 'http://127.0.0.1', undefined), findings)
    for (const entry of entriesIn(made.discovery)) checkTemplates(entry, findings, exchange)
    expect(failed(findings.rows())).toContain(id)
  })

  const call = { hook: 'order-sign', context: { patientId: 'acute-week-two' }, prefetch: {} }

  test.each(inAnswers)('%s is found in its answer: %s', (id, _what, bend) => {
    const made = small()
    bend(made)
    const findings = new Findings()
    checkAnswer(call, received(made, made.answer), findings)
    expect(failed(findings.rows())).toContain(id)
  })

  test('of plain http across a network is told: SEC-1', () => {
    const findings = new Findings()
    const made = small()
    const client = openClient('http://cds.example.org', 'http://cds.example.org', undefined)
    checkDiscovery(received(made, made.discovery), client, findings)
    expect(failed(findings.rows())).toEqual(['SEC-1'])
  })

  test('has a planted mistake for every MUST; those of tokens and FHIR reads have tests of their own', () => {
    const planted = new Set([...inManners, ...inDiscovery, ...inAnswers].map(([id]) => id))
    const elsewhere = /^(DISC-1|DISC-15|PF-10|FA-2|SEC-[1-9])$/
    const open = (Object.keys(requirements) as RequirementId[]).filter(
      (id) => requirements[id].level === 'MUST' && !planted.has(id) && !elsewhere.test(id),
    )
    expect(open).toEqual([])
  })
})

const prefetching =
  (template: string): Bend =>
  ({ service }) => {
    service.prefetch = { a: template, b: 'Patient/{{context.patientId}}' }
  }

const refusedWith =
  (words: RegExp): Small['feedback'] =>
  ({ text }) =>
    words.test(text) ? 400 : 200
