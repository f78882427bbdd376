/** Browsers: which pages may call, what the others may do with an answer, and what no answer may become. */
import { describe, expect, test } from 'vitest'
import { NotTrusted } from '../../src/trust/failures.ts'
import { harness, post, signCall, signUrl } from '../hooks/support.ts'

const sound = JSON.stringify(signCall())
const origin = 'https://ehr.example.org'
const preflight = (from: string, url = signUrl) => ({
  method: 'OPTIONS' as const,
  url,
  headers: {
    origin: from,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
})
const strict = {
  origins: [origin],
  guard: async () => {
    throw new NotTrusted('no-token')
  },
}

describe('pages of a listed origin', () => {
  test.each([signUrl, '/cds-services'])(
    'SEC-13: may call %s, and are told so without a token',
    async (url) => {
      const { app } = harness(undefined, strict)
      const answer = await app.inject(preflight(origin, url))
      expect([answer.statusCode, answer.body]).toEqual([204, ''])
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'Authorization, Content-Type',
      })
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      expect(answer.headers.vary).toContain('Origin')
    },
  )

  test('SEC-13: may read answers, and failures too', async () => {
    const { app } = harness(undefined, { origins: [origin] })
    for (const body of [sound, '{']) {
      const answer = await post(app, body, { origin })
      expect(answer.headers['access-control-allow-origin']).toBe(origin)
    }
  })
})

describe('pages of any other origin', () => {
  test.each([
    'https://evil.example',
    'null',
    'http://ehr.example.org',
    'https://ehr.example.org.evil.example',
  ])('SEC-13: %s may read nothing', async (from) => {
    const { app } = harness(undefined, { origins: [origin] })
    expect((await app.inject(preflight(from))).headers['access-control-allow-origin']).toBeUndefined()
    const answer = await post(app, sound, { origin: from })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('SEC-13: without a list no page may, and OPTIONS is no method', async () => {
    const { app } = harness()
    const answer = await app.inject(preflight(origin))
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([405, undefined])
    expect((await post(app, sound, { origin })).headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('every answer', () => {
  test.each([
    ['an answered call', 'POST', signUrl, sound],
    ['a refused one', 'POST', signUrl, '{'],
    ['discovery', 'GET', '/cds-services', undefined],
    ['nothing at all', 'GET', '/nowhere', undefined],
    ['an address that cannot be read', 'GET', '/%zz', undefined],
    ['the door', 'GET', '/', undefined],
  ] as const)(
    'SEC-14: %s is no page, and nobody frames it or guesses its type',
    async (_what, method, url, payload) => {
      const { app } = harness()
      const headers = { 'content-type': 'application/json' }
      const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
      expect(answer.headers).toMatchObject({
        'content-security-policy':
          "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(answer.headers).not.toHaveProperty('strict-transport-security')
      expect(answer.headers).not.toHaveProperty('x-powered-by')
      expect(answer.headers).not.toHaveProperty('server')
    },
  )
})

test.each([
  ['host', 'max-age=31536000'],
  ['domain', 'max-age=31536000; includeSubDomains'],
] as const)(
  'SEC-14: browsers are told to use https alone where the site says for what: %s',
  async (hsts, told) => {
    const { app } = harness(undefined, { hsts })
    for (const url of ['/', '/cds-services', '/nowhere']) {
      expect((await app.inject(url)).headers['strict-transport-security']).toBe(told)
    }
  },
)
