/** The guard before the routes: who passes, what the refused are told, and what the log says. */
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, test } from 'vitest'
import { NotTrusted } from '../../src/trust/failures.ts'
import { guard, refuse } from '../../src/trust/guard.ts'
import { hospital, iss, newKey, publicUrl, sign, token, type Words } from './support.ts'

const key = await newKey()

function door(discovery: 'open' | 'closed' = 'open', letsInUnsigned = false) {
  const lines: string[] = []
  const { verify, clock } = hospital([key])
  const app: FastifyInstance = Fastify({
    logger: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } },
    routerOptions: { ignoreTrailingSlash: true },
  })
  app.decorateRequest('caller')
  const admit = guard(verify, { discovery, letsInUnsigned: () => letsInUnsigned })
  app.addHook('onRequest', (request) => admit(request))
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof NotTrusted) return refuse(error, request, reply, { ms: 1 })
    return reply.code(500).send()
  })
  app.get('/healthz', async () => 'well')
  app.get('/cds-services', async () => 'discovery')
  app.options('/cds-services/:id', async () => 'preflight')
  app.post('/cds-services/:id', async ({ caller }) => ({ caller }))
  app.post('/cds-services/:id/feedback', async ({ caller }) => ({ caller }))
  const ask = async (method: 'GET' | 'POST' | 'HEAD' | 'OPTIONS', url: string, jwt?: string) => {
    const headers = jwt === undefined ? {} : { authorization: `Bearer ${jwt}` }
    return app.inject({ method, url, headers })
  }
  return { app, ask, clock, lines, token: (claims?: Words) => token(key, clock, claims) }
}

describe('who passes', () => {
  test('SEC-3: a call with a sound token does, and the handler knows the caller', async () => {
    const { ask, token } = door()
    const answer = await ask('POST', sign, await token({ jti: 'j1' }))
    expect(answer.json()).toEqual({ caller: { issuer: iss, jti: 'j1', fhirServers: [] } })
  })

  test('SEC-13: the question of a browser beforehand does, without a token', async () => {
    expect((await door('closed').ask('OPTIONS', sign)).body).toBe('preflight')
  })

  test('SEC-3: what is not a CDS service does', async () => {
    const { ask } = door('closed')
    expect([(await ask('GET', '/healthz')).statusCode, (await ask('GET', '/nowhere')).statusCode]).toEqual([
      200, 404,
    ])
  })

  test('where unsigned calls are let in, one without a token is nobody’s, and one with a token is verified', async () => {
    const { ask, token } = door('closed', true)
    expect((await ask('POST', sign)).json()).toEqual({})
    expect((await ask('POST', sign, await token({ jti: 'j2' }))).json()).toMatchObject({
      caller: { jti: 'j2' },
    })
    for (const jwt of ['', 'x', await token({ aud: 'https://elsewhere.example' })]) {
      expect((await ask('POST', sign, jwt)).statusCode).toBe(401)
    }
  })

  test('DISC-15: open discovery is for everybody, whatever token they bring', async () => {
    const { ask, token } = door()
    for (const jwt of [undefined, 'x', await token()]) {
      expect((await ask('GET', '/cds-services', jwt)).statusCode).toBe(200)
    }
  })

  test('DISC-15: closed discovery is for those with a token for its address', async () => {
    const { ask, token } = door('closed')
    expect((await ask('GET', '/cds-services')).statusCode).toBe(401)
    expect((await ask('HEAD', '/cds-services/')).statusCode).toBe(401)
    expect((await ask('GET', '/cds-services', await token())).statusCode).toBe(401)
    const jwt = await token({ aud: `${publicUrl}/cds-services` })
    expect((await ask('GET', '/cds-services', jwt)).statusCode).toBe(200)
  })

  test.each([
    sign,
    `${sign}/`,
    `${sign}?x=/healthz`,
    `${sign}/feedback`,
    '/cds%2Dservices/lumbar-order-sign',
    '/%63ds-services/lumbar-order-sign',
    '/cds-services/unknown',
  ])('SEC-2: nobody reaches a route as %s without a token', async (url) => {
    expect((await door().ask('POST', url)).statusCode).toBe(401)
  })

  test('SEC-2: the body of a stranger is not read', async () => {
    const { app } = door()
    let parsed = false
    app.addContentTypeParser('text/odd', { parseAs: 'string' }, async () => {
      parsed = true
    })
    const answer = await app.inject({
      method: 'POST',
      url: sign,
      headers: { 'content-type': 'text/odd' },
      payload: 'x',
    })
    expect([answer.statusCode, parsed]).toEqual([401, false])
  })
})

describe('what the refused are told', () => {
  test('SEC-11: the same for every reason: that a token is needed', async () => {
    const { ask, token, clock } = door()
    const used = await token()
    await ask('POST', sign, used)
    const jwts = [undefined, 'x', used, await token({ iss: 'x' }), await token({ aud: 'x' })]
    jwts.push(await token({ exp: clock.seconds() - 99 }), await token({ jti: undefined }))
    const told = new Set<string>()
    for (const jwt of jwts) {
      const { statusCode, headers, body } = await ask('POST', sign, jwt)
      const { date: _date, ...rest } = headers
      told.add(JSON.stringify({ statusCode, body, ...rest }))
    }
    expect([...told].map((each) => JSON.parse(each))).toEqual([
      {
        statusCode: 401,
        body: '',
        'www-authenticate': 'Bearer',
        'cache-control': 'no-store',
        'content-length': '0',
        connection: 'keep-alive',
      },
    ])
  })
})

describe('the log', () => {
  const refused = (lines: string[]) =>
    lines.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome === 'not-trusted')

  test('SEC-11: says who claimed to call, and why they were refused', async () => {
    const { ask, token, lines } = door()
    await ask('POST', sign, await token({ tenant: 't1', jti: 'j1', aud: 'x', sub: 'dr-who', azp: 'app' }))
    expect(refused(lines)).toEqual([
      expect.objectContaining({ reason: 'wrong-audience', issuer: iss, tenant: 't1', jti: 'j1', ms: 1 }),
    ])
    expect(lines.join()).not.toMatch(/dr-who|azp|"aud"/)
  })

  test('SEC-11: has no part of a token in it, whether it was let in or not', async () => {
    const { ask, token, lines } = door()
    const sound = await token()
    const jwts = [
      sound,
      sound,
      `${sound}x`,
      await token({ aud: 'x' }),
      await token({ exp: 1 }),
      'eyJhbGciOiJ4In0.e30.x',
    ]
    for (const jwt of jwts) await ask('POST', sign, jwt)
    expect(refused(lines)).toHaveLength(5)
    for (const part of jwts.flatMap((jwt) => jwt.split('.')).filter((each) => each.length > 10)) {
      expect(lines.join()).not.toContain(part)
    }
  })

  test('SEC-11: shortens what a stranger claims without measure', async () => {
    const { ask, token, lines } = door()
    await ask('POST', sign, await token({ iss: 'x'.repeat(5000), jti: 'y'.repeat(5000) }))
    expect(refused(lines)).toMatchObject([{ issuer: 'x'.repeat(200), jti: 'y'.repeat(200) }])
  })
})
