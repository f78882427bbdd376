/** SEC-15: whatever is sent, the log holds nothing of it, at any level. Every invented patient and example is sent. */
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Patient } from 'fhir/r4.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type HookBody,
  hookCall,
  listOrders,
  listPatients,
  loadOrder,
  loadPatient,
} from '../fhir-fixtures/load.ts'
import { buildApp } from '../src/app.ts'
import { traceOf } from '../src/hooks/failure.ts'
import { createMetrics } from '../src/metrics.ts'
import { loadVignettes, queries } from './language/vignette.ts'
import { startServer } from './operations/support.ts'
import { toCall } from './support/call.ts'
import { evaluatorWith, realContent, root } from './support/evaluator.ts'
import { hostileRequests } from './support/hostile-bodies.ts'
import { Client } from './support/http.ts'
import { Secrets } from './support/secrets.ts'

const today = '2026-11-21'
const pathOf = (call: { hook: string }) => `/cds-services/lumbar-${call.hook}`

const fixtures = (hook: 'order-sign' | 'order-select'): HookBody[] =>
  listPatients(root).flatMap((name) => {
    const patient = loadPatient(root, name, today)
    return listOrders(root).map((order) =>
      hookCall({ patient, orders: [loadOrder(root, order)], hook, queries, today }),
    )
  })
const vignettes = loadVignettes().flatMap((file) => file.vignettes.map(toCall))
const all = [...fixtures('order-sign'), ...fixtures('order-select'), ...vignettes]

/** Told to all of them, and never to be told on. */
const authorization = {
  fhirServer: 'https://fhir.zebulon.example/r4',
  fhirAuthorization: { access_token: 'zebulon.secret.token', scope: 'patient/*.rs', token_type: 'Bearer' },
}

let app: FastifyInstance
let client: Client
let address = ''
const log: string[] = []

beforeAll(async () => {
  const content = realContent()
  const evaluator = evaluatorWith({}, { newId: randomUUID, stopwatch: () => performance.now() })
  app = buildApp({
    elapsed: () => performance.now(),
    content,
    ...evaluator,
    // One user brings about a mistake of ours that quotes all it can.
    evaluate: async (call, caller) => {
      if (call.userId === 'Practitioner/breaks') throw new TypeError(JSON.stringify(call))
      return evaluator.evaluate(call, caller)
    },
    logger: { level: 'trace', stream: { write: (line: string) => void log.push(line) } },
    metrics: createMetrics({ withProcess: false }),
    origins: ['https://ehr.example.org'],
    limits: { ...content.site.limits, 'calls-per-minute': 0, 'event-loop-delay-ms': 0 },
  })
  address = await app.listen({ host: '127.0.0.1', port: 0 })
  client = new Client(address)
})
afterAll(async () => {
  client.close()
  await app.close()
})

const send = async (secrets: Secrets, call: object, path: string) => {
  secrets.add(call)
  return client.post(path, JSON.stringify(call), 10_000)
}

test('SEC-15: a careless log would be noticed', () => {
  const secrets = new Secrets()
  const call = exampleOf('cauda-equina')
  secrets.add(call)
  const patient = call.prefetch.patient as Patient
  const secret = [patient.birthDate, patient.id, patient.name?.[0]?.family, call.context.userId]
  for (const each of secret) {
    expect(secrets.foundIn(`{"outcome":"answered","rules":["saw ${each} today"]}`)).toContain(each)
    expect(secrets.foundIn(`Error: cannot read ${each}`)).toContain(each)
  }
})

describe('the log', () => {
  test('SEC-15: holds nothing of any example or invented patient', { timeout: 120_000 }, async () => {
    const secrets = new Secrets()
    const statuses = new Set<number>()
    log.length = 0
    for (const call of all) {
      statuses.add((await send(secrets, { ...call, ...authorization }, pathOf(call))).status)
    }
    expect(log.length).toBeGreaterThanOrEqual(all.length)
    expect(statuses).toContain(200)
    expect(secrets.size).toBeGreaterThan(1000)
    expect(secrets.foundIn(log.join(''))).toEqual([])
  })

  test('SEC-15: holds nothing of what cannot be read, and nothing of addresses and headers', async () => {
    const secrets = new Secrets()
    log.length = 0
    for (const name of ['cauda-equina', 'opioid-chronic']) {
      const call = { ...exampleOf(name), ...authorization }
      secrets.add(call)
      for (const { path, body, headers } of hostileRequests({ ...call }, pathOf(call))) {
        await fetch(address + path, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', ...headers },
        })
      }
      await sayRaw(JSON.stringify(call))
    }
    expect(log.length).toBeGreaterThan(40)
    expect(secrets.foundIn(log.join(''))).toEqual([])
  })

  test('SEC-15: holds nothing of an error that quotes the call', async () => {
    const secrets = new Secrets()
    log.length = 0
    const call = exampleOf('cauda-equina')
    const breaking = { ...call, context: { ...call.context, userId: 'Practitioner/breaks' } }
    const reply = await send(secrets, breaking, pathOf(call))
    expect(reply.status).toBe(500)
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({ outcome: 'internal-error', error: 'TypeError' })
    expect(secrets.foundIn(log.join(''))).toEqual([])
    expect(secrets.foundIn(reply.text)).toEqual([])
    expect(traceOf(new TypeError('Zebulon')).at.join()).not.toContain('Zebulon')
  })
})

test('SEC-15: a running server writes nothing of it anywhere', { timeout: 120_000 }, async () => {
  const secrets = new Secrets()
  const running = await startServer({ LOG_LEVEL: 'trace' })
  const caller = new Client(running.address)
  for (const call of [...fixtures('order-sign'), ...vignettes.filter((_, at) => at % 10 === 0)]) {
    secrets.add(call)
    await caller.post(pathOf(call), JSON.stringify({ ...call, ...authorization }), 10_000)
  }
  secrets.add(authorization)
  const call = exampleOf('opioid-chronic')
  for (const { path, body, headers } of hostileRequests({ ...call }, pathOf(call))) {
    await fetch(running.address + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
  }
  caller.close()
  await running.stop()
  expect(running.written().split('\n').length).toBeGreaterThan(100)
  expect(secrets.foundIn(running.written())).toEqual([])
})

function exampleOf(name: string): HookBody {
  const patient = loadPatient(root, name, today)
  return hookCall({ patient, orders: [loadOrder(root, 'lumbar-mri')], hook: 'order-sign', queries, today })
}

/** Bytes that are no HTTP. */
async function sayRaw(text: string): Promise<void> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname).on('error', () => undefined)
  socket.end(`${text.slice(0, 2000)}\r\n\r\n`)
  await new Promise((resume) => socket.resume().on('close', resume))
}
