/** Which key is taken for a token: by its name, of the right kind, and from a listed address only. */
import { describe, expect, test } from 'vitest'
import { callersOf, hospital, jwksUrl, letIn, newKey, outcome, published, token } from './support.ts'

const key = await newKey()

describe('the name of the key', () => {
  test('SEC-3: a key that is not published is refused', async () => {
    const { verify, clock } = hospital([key])
    expect(await outcome(verify, await token(key, clock, {}, { kid: 'other' }))).toBe('unknown-key')
  })

  test.each([undefined, '', 7, null])(
    'SEC-3: kid %j is refused, even where there is one key only',
    async (kid) => {
      const { verify, clock } = hospital([key])
      expect(await outcome(verify, await token(key, clock, {}, { kid }))).toBe('no-key-id')
    },
  )

  test('SEC-3: a name that two keys have names none', async () => {
    const { verify, clock } = hospital([key, await newKey('ES384', key.kid)])
    expect(await outcome(verify, await token(key, clock))).toBe('ambiguous-key')
  })

  test('SEC-10: a name in base64 is taken as it is', async () => {
    const epic = await newKey('RS384', 'Wk1/9rT+o0c8D/6Hq+2bFQ==')
    const { verify, clock } = hospital([key, epic])
    expect(await outcome(verify, await token(epic, clock))).toEqual(letIn)
    expect(await outcome(verify, await token(epic, clock, {}, { kid: epic.kid.replace('+', ' ') }))).toBe(
      'unknown-key',
    )
  })
})

describe('the kind of the key', () => {
  test.each([
    ['an RSA key', 'RS384'],
    ['a key on another curve', 'ES256'],
    ['an Edwards key', 'EdDSA'],
  ])('SEC-6: %s does not verify ES384, and is not asked for again', async (_what, alg) => {
    const { verify, clock, asked } = hospital([await newKey(alg, key.kid)])
    expect(await outcome(verify, await token(key, clock))).toBe('unfit-key')
    clock.pass(60)
    expect(await outcome(verify, await token(key, clock))).toBe('unfit-key')
    expect(asked).toHaveLength(1)
  })

  test('SEC-6: a key published for encryption or for another algorithm verifies nothing', async () => {
    for (const mark of [{ use: 'enc' }, { alg: 'ES256' }, { key_ops: ['sign'] }]) {
      const { verify, clock } = hospital([{ ...key, shown: { ...key.shown, ...mark } }])
      expect([mark, await outcome(verify, await token(key, clock))]).toEqual([mark, 'unfit-key'])
    }
  })

  test('SEC-6: a key that is no key is refused, and those beside it serve', async () => {
    const odd = { ...key, kid: 'odd', shown: { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA', kid: 'odd' } }
    const { verify, clock } = hospital([odd, key])
    expect(await outcome(verify, await token(key, clock, {}, { kid: 'odd' }))).toBe('unfit-key')
    expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
  })

  test('SEC-10: one address is asked once for two issuers', async () => {
    const other = 'https://b.example.org'
    const { verify, clock, asked } = hospital([key], {}, { callers: callersOf({}, { iss: other }) })
    expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
    expect(await outcome(verify, await token(key, clock, { iss: other }))).toMatchObject({ issuer: other })
    expect(asked).toEqual([jwksUrl])
  })

  test('SEC-8: keys handed over by other means serve without a key server', async () => {
    const { verify, clock, asked } = hospital([], { jwks: inline() })
    expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
    expect(await outcome(verify, await token(await newKey(), clock))).toBe('unknown-key')
    expect(asked).toEqual([])
  })
})

describe('jku', () => {
  const elsewhere = 'https://ehr.example.org/other-keys'

  test.each(['https://thief.example.org/keys', `${jwksUrl}/`, `${jwksUrl}?x`, '', 7, null])(
    'SEC-7: %j is not listed: refused, and nobody is asked',
    async (jku) => {
      const { verify, clock, asked } = hospital([key])
      expect(await outcome(verify, await token(key, clock, {}, { jku }))).toBe('jku-not-listed')
      expect(asked).toEqual([])
    },
  )

  test('SEC-7: the address of the issuer and those listed beside it are asked', async () => {
    const { verify, clock, asked } = hospital([key], { jku: [elsewhere] })
    expect(await outcome(verify, await token(key, clock, {}, { jku: jwksUrl }))).toEqual(letIn)
    expect(asked).toEqual([jwksUrl])
    expect(await outcome(verify, await token(key, clock, {}, { jku: elsewhere }))).toEqual(letIn)
    expect(asked).toEqual([jwksUrl, elsewhere])
  })

  test('SEC-7: a key is taken from the address named, not from another one of the issuer', async () => {
    const fetchKeys = async (url: string) => (url === jwksUrl ? published(key) : published())
    const { verify, clock } = hospital([], { jku: [elsewhere] }, { fetchKeys })
    expect(await outcome(verify, await token(key, clock, {}, { jku: elsewhere }))).toBe('unknown-key')
    expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
  })

  test('SEC-8: beside keys handed over by other means it must be listed, and is asked for other keys only', async () => {
    const next = await newKey()
    const { verify, clock, asked } = hospital([next], { jwks: inline(), jku: [elsewhere] })
    expect(await outcome(verify, await token(key, clock, {}, { jku: jwksUrl }))).toBe('jku-not-listed')
    expect(await outcome(verify, await token(key, clock, {}, { jku: elsewhere }))).toEqual(letIn)
    expect(asked).toEqual([])
    expect(await outcome(verify, await token(next, clock, {}, { jku: elsewhere }))).toEqual(letIn)
  })
})

function inline() {
  const { kty = '', crv = '', x = '', y = '' } = key.shown
  if (kty !== 'EC') throw new Error('the inline key is an EC key')
  return { keys: [{ kty: 'EC' as const, crv, x, y, kid: key.kid }] }
}
