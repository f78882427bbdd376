/** What the app sends for a token, as every type of client, and the keys that it signs with (specification 1.11). */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { ask, type Question } from '../../src/net/asker.ts'
import { readKeyRing } from '../../src/smart/launch/keys.ts'
import { hospital, newKeyRing } from './support.ts'

/** Hears the forms that are sent to the token endpoint. */
function listening() {
  const forms: { body: URLSearchParams; authorization: string | undefined }[] = []
  const listen: typeof ask = (url, question: Question = {}) => {
    if (url.endsWith('/token')) {
      const { body = '', headers = {} } = question
      forms.push({ body: new URLSearchParams(body), authorization: headers.authorization })
    }
    return ask(url, question)
  }
  return { forms, ask: listen }
}

describe('the token request', () => {
  test('R15: of a public client carries the code, the verifier and its id, and no other proof', async () => {
    const { forms, ask } = listening()
    const { base, launch } = await hospital({ setup: { ask } })
    await launch()
    expect(forms).toHaveLength(1)
    expect(forms[0]?.authorization).toBeUndefined()
    expect(Object.fromEntries(forms[0]?.body ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String),
      redirect_uri: `${base}/smart/callback`,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      client_id: 'lumbar',
    })
  })

  test('R16: of a symmetric client carries its secret as Basic, and in the body only where the server takes it no other way', async () => {
    for (const fault of [undefined, 'only-posted-secret'] as const) {
      const { forms, ask } = listening()
      const { launch, fail } = await hospital({ type: 'symmetric', setup: { ask } })
      if (fault) fail(fault)
      expect((await launch()).status).toBe(200)
      const [{ body, authorization } = { body: new URLSearchParams(), authorization: '' }] = forms
      expect([body.has('client_secret'), authorization?.startsWith('Basic ') ?? false]).toEqual(
        fault ? [true, false] : [false, true],
      )
    }
  })

  test.each(['ES384', 'RS384'] as const)('R17: of an asymmetric client is signed with %s', async (alg) => {
    const { forms, ask } = listening()
    const { base, launch, clock } = await hospital({
      type: 'asymmetric',
      setup: { ask, keys: await newKeyRing(alg, 'a-kid') },
    })
    expect((await launch()).status).toBe(200)
    const assertion = forms[0]?.body.get('client_assertion') ?? ''
    expect(decodeProtectedHeader(assertion)).toEqual({
      alg,
      kid: 'a-kid',
      typ: 'JWT',
      jku: `${base}/smart/jwks.json`,
    })
    const { exp = 0, ...claims } = decodeJwt(assertion)
    expect(claims).toMatchObject({ iss: 'lumbar', sub: 'lumbar', aud: `${base}/sandbox/smart/token` })
    expect(exp - clock.seconds()).toBeLessThanOrEqual(300)
    expect(forms[0]?.body.has('client_id')).toBe(false)
  })

  test('R17: no assertion is used twice', async () => {
    const { forms, ask } = listening()
    const { launch } = await hospital({ type: 'asymmetric', setup: { ask } })
    await launch()
    await launch()
    const ids = forms.map(({ body }) => decodeJwt(body.get('client_assertion') ?? '').jti)
    expect(new Set(ids).size).toBe(2)
  })

  test('R15: a code of any letters arrives as it was', async () => {
    const { forms, ask } = listening()
    const { base, iss, browser } = await hospital({ setup: { ask } })
    const visitor = browser()
    const begun = await visitor.step(`${base}/smart/launch?iss=${encodeURIComponent(iss)}&launch=x`)
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const code = 'a+b&grant_type=x%26ü'
    await visitor.open(
      `${base}/smart/callback?${new URLSearchParams({ state, code, iss: `${base}/sandbox/smart` })}`,
    )
    expect(forms[0]?.body.getAll('code')).toEqual([code])
    expect(forms[0]?.body.getAll('grant_type')).toEqual(['authorization_code'])
  })
})

describe('R18: the keys of an asymmetric client', () => {
  test('are published without anything private, for others to keep for a while', async () => {
    const current = await newKeyRing('ES384', 'current')
    const { base, browser } = await hospital({ type: 'asymmetric', setup: { keys: current } })
    const answer = await browser().open(`${base}/smart/jwks.json`)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(JSON.parse(answer.text)).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-384',
          x: expect.any(String),
          y: expect.any(String),
          kid: 'current',
          alg: 'ES384',
          use: 'sig',
          key_ops: ['verify'],
        },
      ],
    })
  })

  test('are published before they sign, so that they can be changed without a gap', async () => {
    const [older, newer] = await Promise.all([privateKey('older'), privateKey('newer')])
    const before = readKeyRing(JSON.stringify({ keys: [older, newer] }))
    const after = readKeyRing(JSON.stringify({ keys: [newer, older] }))
    const kids = ({ published }: typeof before) =>
      (JSON.parse(published) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    expect([kids(before), kids(after).sort()]).toEqual([
      ['older', 'newer'],
      ['newer', 'older'],
    ])
    for (const [keys, kid] of [
      [before, 'older'],
      [after, 'newer'],
    ] as const) {
      const { forms, ask } = listening()
      const { launch } = await hospital({ type: 'asymmetric', setup: { keys, ask } })
      expect((await launch()).status).toBe(200)
      expect(decodeProtectedHeader(forms[0]?.body.get('client_assertion') ?? '').kid).toBe(kid)
    }
  })

  test.each([
    ['is no JSON', '{', /is no key set/],
    ['has no keys', '{"keys":[]}', /is no key set/],
    ['has an algorithm of its own', '{"keys":[{"kid":"a","alg":"HS256"}]}', /is no key set/],
    [
      'has a public key',
      '{"keys":[{"kid":"a","alg":"ES384","kty":"EC","crv":"P-384"}]}',
      /is no private key/,
    ],
  ])('are refused when the file %s', (_, text, told) => {
    expect(() => readKeyRing(text)).toThrow(told)
  })

  test('are refused when two have one name, or one is of another algorithm than it says', async () => {
    const key = await privateKey('same')
    expect(() => readKeyRing(JSON.stringify({ keys: [key, key] }))).toThrow(/two keys of one "kid"/)
    expect(() => readKeyRing(JSON.stringify({ keys: [{ ...key, alg: 'RS384' }] }))).toThrow(/does not fit/)
  })
})

async function privateKey(kid: string): Promise<Record<string, unknown>> {
  const { generateKeyPairSync } = await import('node:crypto')
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return { ...pair.privateKey.export({ format: 'jwk' }), kid, alg: 'ES384' }
}
