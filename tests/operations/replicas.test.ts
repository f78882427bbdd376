/** The service as hospitals run it: verified callers, replicas behind one address, and parts that fail and come back. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queries, readVignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { type Service, startService } from '../support/service.ts'
import { Clock, type Key, newKey, published, sign, token } from '../trust/support.ts'

const issuer = 'https://ehr.example.org'
const publicUrl = 'https://cds.example.org/lumbar'
const database = new URL(process.env.DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test')
const hasDatabase = await answers(Number(database.port || 5432), database.hostname)

const strain = readVignette({
  vignette: 'L998',
  title: 'A lumbar MRI nine days into a strain',
  rule: 'IM01',
  side: 'fires',
  today: new Date().toISOString().slice(0, 10),
  patient: { age: 44 },
  chart: [{ problem: { code: 'icd10 M54.50', onset: '9 days ago', at: 'this visit' } }],
  orders: [{ imaging: { code: 'cpt 72148', reason: 'icd10 M54.50' } }],
  expect: { cards: [] },
})
const body = toCall(strain)

class RealClock extends Clock {
  override readonly seconds = () => Math.floor(Date.now() / 1000)
}
const clock = new RealClock()

function ask(service: Service, jwt: string, sent: object = body): Promise<Response> {
  return fetch(service.url + sign, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${jwt}` },
    body: JSON.stringify(sent),
  })
}

const rulesIn = async (answer: Response) =>
  ((await answer.json()) as { cards: { source: { topic: { code: string } } }[] }).cards.map(
    ({ source }) => source.topic.code,
  )

describe('Verified callers', () => {
  let key: Key
  let service: Service
  let keyServer: Server
  let fhir: Server
  let fhirUp = true

  beforeAll(async () => {
    key = await newKey()
    keyServer = await listen((_, reply) =>
      reply.setHeader('content-type', 'application/json').end(JSON.stringify(published(key))),
    )
    const prefetch = body.prefetch
    fhir = await listen((request, reply) => {
      if (!fhirUp) return reply.writeHead(503).end()
      const type = /^\/fhir\/(\w+)/.exec(request.url ?? '')?.[1] ?? ''
      const asked = queries[type]?.key ?? ''
      const answer = request.url?.includes('/Encounter/') ? prefetch.encounter : prefetch[asked]
      reply.setHeader('content-type', 'application/fhir+json').end(JSON.stringify(answer))
    })
    service = await startService({
      callers: {
        'public-url': publicUrl,
        issuers: [{ iss: issuer, 'jwks-url': `${at(keyServer)}/keys`, 'fhir-servers': [`${at(fhir)}/fhir`] }],
      },
      fhir: { 'development-http': true, 'deadline-ms': 5000 },
    })
  })

  afterAll(async () => {
    expect(await service.stop()).toBe(0)
    keyServer.close()
    fhir.close()
  })

  test('SEC-11: a call without a token is a bare 401, and with one it is answered', async () => {
    const refused = await fetch(service.url + sign, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    expect([refused.status, await refused.text()]).toEqual([401, ''])
    const answered = await ask(service, await token(key, clock, { iss: issuer }))
    expect([answered.status, await rulesIn(answered)]).toEqual([200, ['IM01']])
  })

  test('SEC-9: a token is good once', async () => {
    const jwt = await token(key, clock, { iss: issuer })
    expect([(await ask(service, jwt)).status, (await ask(service, jwt)).status]).toEqual([200, 401])
  })

  const withoutPrefetch = () => ({
    ...body,
    prefetch: {},
    fhirServer: `${at(fhir)}/fhir`,
    fhirAuthorization: {
      access_token: 'opaque',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'patient/*.rs',
      subject: 'lumbar',
    },
  })

  test("PF-10: what prefetch left out is read from the caller's own FHIR server", async () => {
    const answered = await ask(service, await token(key, clock, { iss: issuer }), withoutPrefetch())
    expect(await rulesIn(answered)).toEqual(['IM01'])
  })

  test('FA-7: a server that the issuer may not name is not called, and the patient is missing', async () => {
    const call = { ...withoutPrefetch(), fhirServer: `${at(keyServer)}/fhir` }
    expect((await ask(service, await token(key, clock, { iss: issuer }), call)).status).toBe(412)
  })

  test('PF-12: a FHIR server that fails is told from a clean chart, and is used again when it is back', async () => {
    fhirUp = false
    const failed = await ask(service, await token(key, clock, { iss: issuer }), withoutPrefetch())
    expect(failed.status).toBe(412)
    const patientOnly = { ...withoutPrefetch(), prefetch: { patient: body.prefetch.patient } }
    expect(await rulesIn(await ask(service, await token(key, clock, { iss: issuer }), patientOnly))).toEqual([
      'G09',
    ])
    fhirUp = true
    const back = await ask(service, await token(key, clock, { iss: issuer }), withoutPrefetch())
    expect(await rulesIn(back)).toEqual(['IM01'])
  })

  test('SEC-10: known keys serve while the key server is away', async () => {
    keyServer.close()
    keyServer.closeAllConnections()
    expect((await ask(service, await token(key, clock, { iss: issuer }))).status).toBe(200)
  })

  test('SEC-11, FA-3: neither the token nor the address with the patient stands in the log', async () => {
    expect(service.output()).not.toContain('opaque')
    expect(service.output()).not.toContain('vignette-patient')
    expect(service.output()).not.toMatch(/eyJ[\w-]+\./)
  })
})

describe.runIf(hasDatabase || process.env.CI === 'true')('Two replicas that share a database', () => {
  test('SEC-12: refuse a token that the other has seen', async () => {
    const key = await newKey()
    const site = {
      callers: { 'public-url': publicUrl, issuers: [{ iss: issuer, jwks: published(key) }] },
    }
    const env = { DATABASE_URL: database.href }
    const replicas = await Promise.all([startService(site, env), startService(site, env)])
    try {
      const jwt = await token(key, clock, { iss: issuer })
      const [first, second] = replicas
      expect((await ask(first, jwt)).status).toBe(200)
      expect((await ask(second, jwt)).status).toBe(401)
      await expect.poll(() => second.output()).toContain('replayed')
      expect((await ask(second, await token(key, clock, { iss: issuer }))).status).toBe(200)
      expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
    } finally {
      await Promise.all(replicas.map((replica) => replica.stop()))
    }
  })

  test('SEC-12: a database that goes away closes the door with 503, and opens it when it is back', async () => {
    const key = await newKey()
    const gate = await gateTo(Number(database.port || 5432), database.hostname)
    const through = new URL(database)
    through.hostname = '127.0.0.1'
    through.port = String(gate.port)
    const site = { callers: { 'public-url': publicUrl, issuers: [{ iss: issuer, jwks: published(key) }] } }
    const service = await startService(site, { DATABASE_URL: through.href })
    const call = async () => (await ask(service, await token(key, clock, { iss: issuer }))).status
    try {
      expect(await call()).toBe(200)
      gate.shut()
      expect(await call()).toBe(503)
      expect((await fetch(`${service.url}/readyz`)).status).toBe(503)
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
      gate.open()
      await expect.poll(call, { timeout: 10_000 }).toBe(200)
    } finally {
      await service.stop()
      gate.end()
    }
  })
})

function at(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function listen(answer: Parameters<typeof createServer>[1] & {}): Promise<Server> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 })
    const end = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false))
  })
}

/** A door to the database that can be shut. */
async function gateTo(port: number, host: string) {
  const { createServer: createDoor } = await import('node:net')
  let isOpen = true
  const sockets = new Set<import('node:net').Socket>()
  const door = createDoor((near) => {
    if (!isOpen) return near.destroy()
    const far = connect({ port, host })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket)
          near.destroy()
          far.destroy()
        })
    }
    near.pipe(far).pipe(near)
    return undefined
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  return {
    port: (door.address() as AddressInfo).port,
    shut: () => {
      isOpen = false
      for (const socket of sockets) socket.destroy()
    },
    open: () => {
      isOpen = true
    },
    end: () => {
      for (const socket of sockets) socket.destroy()
      door.close()
    },
  }
}
