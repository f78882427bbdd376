/** The client against servers that are no service: it says so in a line, waits for nobody for long, and falls over nothing. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createPlain, type Server } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { root } from '../../tests/support/evaluator.ts'
import { openCaller } from '../calls.ts'
import { checkAnswer } from '../checks/cards.ts'
import { checkDiscovery } from '../checks/discovery.ts'
import { checkTemplates } from '../checks/templates.ts'
import { entriesIn, openClient, pathOf } from '../client.ts'
import { Findings, type Row } from '../findings.ts'
import type { Exchange } from '../http.ts'
import { jsonOf, tableOf } from '../report.ts'
import { checkService } from '../run.ts'
import { serve, small } from './support.ts'

const caller = openCaller(root, '2026-11-21')
const impatient = { idle: 400, whole: 1000, again: 1000 }
const settings = { origin: undefined, fhirPort: undefined, quick: true }

interface Outcome {
  rows: readonly Row[]
  text: string
  ms: number
}

async function outcomeAt(url: string): Promise<Outcome> {
  const begun = performance.now()
  const found = await checkService(openClient(url, url, undefined, impatient), caller, settings)
  expect(() => JSON.parse(jsonOf(found))).not.toThrow()
  return { rows: found.rows, text: stripVTControlCharacters(tableOf(found)), ms: performance.now() - begun }
}

const listening = async (server: Server) => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function against(answer: (request: IncomingMessage, reply: ServerResponse) => void): Promise<Outcome> {
  const server = createServer(answer)
  const url = await listening(server)
  try {
    return await outcomeAt(url)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const failed = ({ rows }: Outcome) =>
  rows.flatMap(({ id, verdict, level }) => (verdict === 'fail' && level === 'MUST' ? [id] : []))
const saying = ({ rows }: Outcome, id: string) =>
  rows
    .find((row) => row.id === id)
    ?.findings.map(({ says }) => says)
    .join('\n') ?? ''

const discovered = JSON.stringify({
  services: [{ id: 'a', hook: 'order-sign', title: 'A', description: 'A service' }],
})
/** Sound discovery, and of calls something else. */
const onCalls = (answer: (reply: ServerResponse, request: IncomingMessage) => void) =>
  against((request, reply) => {
    request.resume()
    if (request.url === '/cds-services') reply.setHeader('content-type', 'application/json').end(discovered)
    else answer(reply, request)
  })

describe('Discovery that is none', () => {
  test.each<[string, (reply: ServerResponse) => void, string]>([
    ['a web page', (reply) => reply.setHeader('content-type', 'text/html').end('<h1>Hello</h1>'), 'no JSON'],
    [
      'a redirect',
      (reply) => reply.writeHead(302, { location: 'https://elsewhere.example/a' }).end(),
      'a redirect to "https://elsewhere.example/a"',
    ],
    ['a list', (reply) => reply.end('[]'), 'a list of 0'],
    ['services that are a text', (reply) => reply.end('{"services":"many"}'), '"many"'],
    ['an empty answer', (reply) => reply.end(), 'no JSON'],
    [
      'lists in lists',
      (reply) => reply.end(`${'['.repeat(200_000)}${']'.repeat(200_000)}`),
      'nested too deep',
    ],
    ['a wrong number', (reply) => reply.writeHead(500).end('{"services":[]}'), '500'],
  ])('%s', async (_what, answer, says) => {
    const outcome = await against((_, reply) => void answer(reply))
    expect(failed(outcome)).toContain('DISC-2')
    expect(`${saying(outcome, 'DISC-2')} ${saying(outcome, 'GEN-1')}`).toContain(says)
  })

  test.each<[string, (request: IncomingMessage, reply: ServerResponse) => void, RegExp]>([
    ['no answer', () => undefined, /no answer within 0.4 s/],
    ['an answer without end', (_, reply) => void reply.write('{"services":['), /no answer within/],
    ['a drop now and then', drip, /no answer within 1 s/],
    ['more than can be read', flood, /longer than 5 MB/],
    ['a connection that is closed', (request) => request.socket.destroy(), /hang up|ECONNRESET/],
    [
      'another protocol',
      (request) =>
        request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      /closed without an answer/,
    ],
    ['no HTTP', (request) => request.socket.end('220 mail.example ESMTP\r\n'), /Parse Error/],
  ])('%s', async (_what, answer, says) => {
    await expect(against(answer)).rejects.toThrow(says)
  })

  test('nobody who speaks HTTP at all', async () => {
    const server = createPlain((socket) => {
      socket.on('error', () => undefined)
      socket.end('\u0000\u0001\u0002')
    })
    const url = await listening(server)
    await expect(outcomeAt(url)).rejects.toThrow('Nothing answers')
    server.close()
  })

  test('five thousand services: the first are called, and it says so', async () => {
    const services = Array.from({ length: 5000 }, (_, at) => ({ id: `s${at}`, hook: 'h', description: 'd' }))
    const outcome = await against((request, reply) => {
      request.resume()
      reply.writeHead(request.url === '/cds-services' ? 200 : 404).end(JSON.stringify({ services }))
    })
    expect(outcome.text).toContain('and 4980 more, which were not called')
  })
})

function drip(_: IncomingMessage, reply: ServerResponse): void {
  const timer = setInterval(() => reply.write(' '), 20)
  reply.on('close', () => clearInterval(timer))
}

function flood(_: IncomingMessage, reply: ServerResponse): void {
  const more = () => {
    while (!reply.destroyed && reply.write(' '.repeat(1_000_000)));
  }
  reply.on('drain', more)
  more()
}

describe('Calls', () => {
  test('that nobody answers are given up after a few', async () => {
    const outcome = await onCalls(() => undefined)
    expect(outcome.ms).toBeLessThan(5000)
    expect(failed(outcome)).toContain('RSP-1')
    expect(outcome.text).toContain('not asked: 3 calls in a row got no answer')
    // What was never asked shows nothing.
    expect(outcome.rows.find(({ id }) => id === 'SEC-2')?.verdict).toBe('cannot tell')
  })

  test.each<[string, (reply: ServerResponse) => void, string]>([
    [
      'a redirect',
      (reply) => reply.writeHead(307, { location: '/other' }).end(),
      '307, a redirect to "/other"',
    ],
    ['no content', (reply) => reply.writeHead(204).end(), '204, no JSON'],
    ['half of its JSON', (reply) => reply.end('{"cards":['), 'no JSON'],
    [
      'cards in cards',
      (reply) => reply.end(`{"cards":${'['.repeat(90_000)}${']'.repeat(90_000)}}`),
      'JSON nested too deep',
    ],
    ['a list', (reply) => reply.end('[{"cards":[]}]'), 'a list of 1'],
    ['cards that are an object', (reply) => reply.end('{"cards":{}}'), 'an object with cards'],
  ])('that get %s', async (_what, answer, says) => {
    const outcome = await onCalls(answer)
    expect(failed(outcome)).toContain('RSP-1')
    expect(saying(outcome, 'RSP-1')).toContain(says)
  })

  test('a hundred thousand cards without a mistake that is not the same', { timeout: 30_000 }, async () => {
    const cards = `{"cards":[${Array.from({ length: 100_000 }, () => '{"summary":1}').join()}]}`
    let answered = 0
    const outcome = await onCalls((reply) => reply.end(answered++ === 0 ? cards : '{"cards":[]}'))
    const row = outcome.rows.find(({ id }) => id === '7a-summary')
    expect(row?.seen).toBe(100_000)
    expect(row?.findings.length).toBeLessThan(100)
    expect(outcome.text).toContain('and 99997 more')
  })

  test('what steers a terminal is not passed on to it', async () => {
    const outcome = await onCalls((reply) =>
      reply.end('{"cards":[{"summary":"\\u001b[2J\\u202e\\u0007","indicator":"\u001b]0;x\u0007"}]}'),
    )
    const found = await against(
      (_, reply) => void reply.end('{"services":[{"id":"\\u001b[31mred","hook":"\\u009b"}]}'),
    )
    for (const { text } of [outcome, found])
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_C}]/u)
  })
})

/** Values that somebody's serializer, or somebody's malice, may put anywhere. */
const odd: unknown[] = [
  null,
  [],
  {},
  '',
  0,
  -1e308,
  true,
  ['a', null, { b: [] }],
  { toString: 1, valueOf: null },
  { length: 3 },
  'constructor',
  '__proto__',
  'toString',
  '\ud800',
  '..',
  '{{context.patientId}}'.repeat(50),
  '{{'.repeat(2000),
  'x'.repeat(20_000),
]

describe('Values of another kind', () => {
  const { discovery, answer } = small()
  const [call] = caller.callsFor({ hook: 'order-sign', prefetch: {} })
  if (!call) throw new Error('there is no call')

  /** As if it had come over the network. */
  const received = (json: object): Exchange => {
    const text = JSON.stringify(json)
    const sent = { method: 'GET', url: 'http://127.0.0.1/', headers: {}, body: '' }
    const came = { status: 200, headers: {}, text, json: JSON.parse(text) as unknown, form: 'JSON' as const }
    return { sent, received: came, problem: undefined, ms: 1 }
  }

  test.each(odd.map((value, at) => [at, String(JSON.stringify(value)).slice(0, 24), value] as const))(
    'number %i, %s, is told in short wherever it stands',
    (_at, _what, value) => {
      const findings = new Findings()
      const client = openClient('http://127.0.0.1', 'http://127.0.0.1', undefined)
      for (const place of placesIn(discovery)) {
        const found = received(bent(discovery, place, value))
        checkDiscovery(found, client, findings)
        for (const entry of entriesIn(found.received?.json)) {
          checkTemplates(entry, findings, found)
          expect(pathOf(entry)).toMatch(/^\/cds-services\//)
          caller.callsFor(entry)
        }
      }
      for (const place of placesIn(answer)) checkAnswer(call, received(bent(answer, place, value)), findings)
      const found = { services: [], others: 0, rows: findings.rows() }
      expect(() => JSON.parse(jsonOf(found))).not.toThrow()
      expect(
        Math.max(
          ...tableOf(found)
            .split('\n')
            .map(({ length }) => length),
        ),
      ).toBeLessThan(1500)
    },
  )

  test.each(odd.filter((value) => typeof value === 'string').map((value) => [value.slice(0, 24), value]))(
    'a service whose id or hook is %s is called, and the rest is told',
    async (_what, value) => {
      for (const name of ['id', 'hook']) {
        const made = small()
        made.service[name] = value
        const running = await serve(made)
        const { rows } = await outcomeAt(running.url).finally(() => running.close())
        expect(rows.find(({ id }) => id === 'DISC-1')?.verdict).toBe(value === '' ? 'fail' : 'pass')
      }
    },
  )
})

type Path = readonly (string | number)[]

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([name, each]) =>
    placesIn(each, [...path, Array.isArray(value) ? Number(name) : name]),
  )
  return path.length === 0 ? below : [path, ...below]
}

function bent(sound: object, path: Path, value: unknown): object {
  const copy = structuredClone(sound)
  const parent = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy)
  ;(parent as Record<string, unknown>)[path.at(-1) ?? ''] = value
  return copy
}
