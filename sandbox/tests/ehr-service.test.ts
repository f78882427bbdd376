/** The sandbox beside the service it calls: who is let in, when it is there at all, and what the public one sends. */
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService } from '../../tests/support/service.ts'

const patience = 90_000

const order = (resource: object) => ({
  hook: 'order-select',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/1', patientId: 'p1', draftOrders: { entry: [{ resource }] } },
  prefetch: { patient: { resourceType: 'Patient', id: 'p1', birthDate: '1980-01-01' } },
})
const selecting = '/cds-services/lumbar-order-select'

describe('In development, without callers in site.yaml', () => {
  let service: Service
  beforeAll(async () => {
    service = await startService(
      { 'browser-origins': ['https://sandbox.cds-hooks.org'] },
      { NODE_ENV: 'development' },
    )
  }, patience)
  afterAll(() => service.stop())

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(service.url + path, { headers, redirect: 'manual' })

  it('is named at the start, with the address of a first card', async () => {
    await expect
      .poll(() => service.output(), { timeout: 20_000 })
      .toContain(`${service.url}/sandbox?patient=acute-week-two&order=lumbar-mri`)
  })

  it('answers a call of this machine without a token', async () => {
    const answer = await post(selecting, order({ resourceType: 'ServiceRequest', id: 'd1' }))
    expect(answer.status).toBe(200)
  })

  it('SEC-11: refuses a token that nobody trusted signed, in the name of the sandbox too', async () => {
    const { privateKey } = await generateKeyPair('ES384')
    const forged = await new SignJWT({ jti: 'j' })
      .setProtectedHeader({ alg: 'ES384', kid: 'k', typ: 'JWT' })
      .setIssuer(`${service.url}/sandbox`)
      .setAudience(service.url + selecting)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    const answer = await post(selecting, order({ resourceType: 'ServiceRequest' }), {
      authorization: `Bearer ${forged}`,
    })
    expect([answer.status, await answer.text()]).toEqual([401, ''])
  })

  it.each([
    [
      'an imaging order without code',
      { resourceType: 'ServiceRequest', id: 'd', intent: 'plan', reasonCode: [], code: { coding: [{}] } },
    ],
    ['a medicine without name', { resourceType: 'MedicationRequest', id: 'd', category: {} }],
  ])(
    'HK-OS-2: has nothing to say of %s, as the public CDS Hooks Sandbox sends it at first',
    async (_, draft) => {
      const answer = await post(selecting, order(draft))
      expect([answer.status, await answer.json()]).toEqual([200, { cards: [] }])
    },
  )

  it('SEC-13: lets the page of the public CDS Hooks Sandbox ask with a token', async () => {
    const answer = await fetch(service.url + selecting, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://sandbox.cds-hooks.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://sandbox.cds-hooks.org')
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization')
  })

  it('FA-2: the FHIR server takes no token but that of its calls', async () => {
    const patient = '/sandbox/fhir/Patient/acute-week-two'
    expect((await get(patient)).status).toBe(200)
    expect((await get(patient, { authorization: 'Bearer guessed' })).status).toBe(401)
  })

  it('the sandbox takes no form of another site', async () => {
    const answer = await fetch(`${service.url}/sandbox/do/order?patient=acute-week-two`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'order=lumbar-mri',
    })
    expect(answer.status).toBe(403)
  })

  it.each([
    ['/sandbox?patient=../../etc/passwd', 200],
    ['/sandbox?patient=%3Cscript%3E&order=%3Cscript%3E', 200],
    ['/sandbox?patient=acute-week-two&exchange=none&q=%3Cscript%3E', 200],
    ['/sandbox?patient=a&patient=b&order=lumbar-mri', 200],
    ['/sandbox/orders?q=%00', 200],
    ['/sandbox/launch?patient=acute-week-two&card=x&link=y', 200],
  ])('%s is answered without fault', async (path, status) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toContain('<script>')
  })

  it.each(['order', 'change', 'remove', 'accept', 'override', 'review', 'sign', 'back', 'settings', 'clear'])(
    'a %s without fields, or with fields that mean nothing, leads back to the chart',
    async (move) => {
      for (const body of [
        '',
        'order=x&draft=y&card=z&suggestion=-1&suggestion=NaN&dose=many&key-x=send&profile=z',
      ]) {
        const answer = await fetch(`${service.url}/sandbox/do/${move}?patient=acute-week-two`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body,
          redirect: 'manual',
        })
        expect([answer.status, answer.headers.get('location')]).toEqual([
          303,
          '/sandbox?patient=acute-week-two',
        ])
      }
    },
  )

  it('a move that there is not is not found, and what is no form, or no small one, is not taken', async () => {
    const form = (move: string, body: string, type = 'application/x-www-form-urlencoded') =>
      fetch(`${service.url}/sandbox/do/${move}?patient=acute-week-two`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
    const answers = [
      form('fly', 'x=y'),
      form('order', '{}', 'application/json'),
      form('order', 'x'.repeat(100_000)),
    ]
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 415, 413])
  })
})

describe('The sandbox', () => {
  it('signs beside the callers of the site, and unsigned calls are then refused', {
    timeout: patience,
  }, async () => {
    const { publicKey } = await generateKeyPair('ES384')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'hospital' }
    const service = await startService(
      {
        callers: {
          'public-url': 'https://cds.example.org',
          issuers: [{ iss: 'https://ehr.example.org', jwks: { keys: [jwk] } }],
        },
      },
      { NODE_ENV: 'development', SANDBOX: 'on' },
    )
    const unsigned = await fetch(service.url + selecting, { method: 'POST', body: '{}' })
    const first = await fetch(`${service.url}/sandbox?patient=acute-week-two&order=lumbar-mri`, {
      redirect: 'manual',
    })
    const cookie = first.headers.get('set-cookie')?.replace(/;.*$/, '') ?? ''
    const page = await fetch(service.url + first.headers.get('location'), { headers: { cookie } })
    const text = await page.text()
    await service.stop()
    expect(unsigned.status).toBe(401)
    expect(text).toContain('imaging now is unlikely to help')
  })

  it('is not there beside callers unless somebody asks for it, whatever NODE_ENV says', {
    timeout: patience,
  }, async () => {
    const { publicKey } = await generateKeyPair('ES384')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'hospital' }
    const site = {
      callers: {
        'public-url': 'https://cds.example.org',
        issuers: [{ iss: 'https://ehr.example.org', jwks: { keys: [jwk] } }],
      },
    }
    for (const mode of ['', 'development']) {
      const service = await startService(site, { NODE_ENV: mode })
      const answers = await Promise.all(
        ['/sandbox', '/sandbox/fhir/metadata'].map((url) => fetch(service.url + url)),
      )
      await service.stop()
      expect([mode, ...answers.map(({ status }) => status)]).toEqual([mode, 404, 404])
    }
  })

  it('is for this machine under its own name: not for whom a proxy on it asks', {
    timeout: patience,
  }, async () => {
    const service = await startService({}, { NODE_ENV: '' })
    const ask = (path: string, headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        get(service.url + path, { headers }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        }).on('error', reject)
      })
    const paths = ['/sandbox', '/sandbox/fhir/metadata', '/sandbox/fhir/Patient', '/sandbox/smart/jwks']
    for (const path of paths) {
      expect([path, await ask(path, {})]).not.toEqual([path, 404])
      for (const headers of [{ host: 'ehr.hospital.example' }, { 'x-forwarded-for': '203.0.113.1' }]) {
        expect([path, await ask(path, headers as Record<string, string>)]).toEqual([path, 404])
      }
    }
    await service.stop()
  })

  it.each(['test', 'production'])('is not there with NODE_ENV=%s', { timeout: patience }, async (mode) => {
    const service = await startService({}, { NODE_ENV: mode })
    const { status } = await fetch(`${service.url}/sandbox`)
    const fhir = await fetch(`${service.url}/sandbox/fhir/metadata`)
    await service.stop()
    expect([status, fhir.status]).toEqual([404, 404])
  })

  it('loads the invented patients into a server that does not know them', { timeout: patience }, async () => {
    const { promise: sent, resolve } = Promise.withResolvers<{ entry: unknown[] }>()
    const server = createServer((request, reply) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        if (request.method === 'POST') resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')))
        reply.writeHead(404).end()
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
    const service = await startService({}, { NODE_ENV: 'development', SANDBOX_FHIR: base })
    await fetch(`${service.url}/sandbox/do/load?patient=acute-week-two`, {
      method: 'POST',
      body: new URLSearchParams(),
    })
    await service.stop()
    server.close()
    expect((await sent).entry).toContainEqual(
      expect.objectContaining({ request: { method: 'PUT', url: 'Patient/acute-week-two' } }),
    )
  })

  it('says so when its FHIR server cannot be reached', { timeout: patience }, async () => {
    const service = await startService(
      {},
      { NODE_ENV: 'development', SANDBOX_FHIR: 'http://127.0.0.1:9/fhir/' },
    )
    const page = await fetch(`${service.url}/sandbox?patient=acute-week-two`)
    const text = await page.text()
    await service.stop()
    expect(page.status).toBe(200)
    expect(text).toContain('The FHIR server at http://127.0.0.1:9/fhir cannot be reached')
    expect(text).toContain('Load them into http://127.0.0.1:9/fhir')
  })
})
