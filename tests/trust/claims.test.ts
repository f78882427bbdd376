/** What a token claims: for whom it is, from when until when, and for which tenant. */
import { describe, expect, test } from 'vitest'
import { hospital, letIn, newKey, outcome, publicUrl, sign, token, type Words } from './support.ts'

const key = await newKey()
const select = '/cds-services/lumbar-order-select'

async function withClaims(claims: (now: number) => Words, issuer = {}, url = sign) {
  const { verify, clock } = hospital([key], issuer)
  return outcome(verify, await token(key, clock, claims(clock.seconds())), url)
}

describe('aud', () => {
  test.each([
    ['the address of the endpoint', publicUrl + sign, sign],
    ['the same with a slash', `${publicUrl}${sign}/`, sign],
    ['the same, called with a slash', publicUrl + sign, `${sign}/`],
    ['the same, called with a query', publicUrl + sign, `${sign}?x=${publicUrl}`],
    ['a list with it', ['https://else.example.org', publicUrl + sign], sign],
    ['the address of discovery, for discovery', `${publicUrl}/cds-services`, '/cds-services'],
    ['the address of feedback, for feedback', `${publicUrl}${sign}/feedback`, `${sign}/feedback`],
  ])('SEC-5: %s is ours', async (_what, aud, url) => {
    expect(await withClaims(() => ({ aud }), {}, url)).toEqual(letIn)
  })

  test.each([
    ['the base address', publicUrl],
    ['the address of discovery', `${publicUrl}/cds-services`],
    ['the address of another service', publicUrl + select],
    ['the address of feedback', `${publicUrl}${sign}/feedback`],
    ['the address behind the proxy', `http://127.0.0.1:3000${sign}`],
    ['the path alone', sign],
    ['the address in capitals', (publicUrl + sign).toUpperCase()],
    ['the address with a port', publicUrl.replace('.org', '.org:443') + sign],
    ['the address with a query', `${publicUrl}${sign}?x`],
    ['two slashes', `${publicUrl}${sign}//`],
    ['nothing', undefined],
    ['an empty list', []],
    ['a list in a list', [[publicUrl + sign]]],
    ['an object', { url: publicUrl + sign }],
  ])('SEC-5: %s is not', async (_what, aud) => {
    expect(await withClaims(() => ({ aud }))).toBe('wrong-audience')
  })

  test('SEC-5: a token for the order-sign service is no good for its feedback', async () => {
    expect(await withClaims(() => ({}), {}, `${sign}/feedback`)).toBe('wrong-audience')
  })

  test('SEC-5: what a hospital types by hand is taken where it is listed, letter by letter', async () => {
    const issuer = { audiences: ['lumbar production'] }
    expect(await withClaims(() => ({ aud: 'lumbar production' }), issuer)).toEqual(letIn)
    expect(await withClaims(() => ({ aud: 'lumbar production/' }), issuer)).toEqual(letIn)
    expect(await withClaims(() => ({ aud: 'Lumbar production' }), issuer)).toBe('wrong-audience')
    expect(await withClaims(() => ({ aud: publicUrl + sign }), issuer)).toEqual(letIn)
  })
})

describe('times, with clocks up to 60 seconds apart', () => {
  test.each<[string, (now: number) => Words, unknown]>([
    ['expired by 59 seconds', (now) => ({ iat: now - 300, exp: now - 59 }), letIn],
    ['expired by 60 seconds', (now) => ({ iat: now - 300, exp: now - 60 }), 'expired'],
    ['without exp', () => ({ exp: undefined }), 'malformed-claims'],
    ['with exp in words', (now) => ({ exp: String(now + 60) }), 'malformed-claims'],
    ['issued 60 seconds ahead', (now) => ({ iat: now + 60 }), letIn],
    ['issued 61 seconds ahead', (now) => ({ iat: now + 61 }), 'issued-in-future'],
    ['without iat', () => ({ iat: undefined }), 'malformed-claims'],
    ['with iat of null', () => ({ iat: null }), 'malformed-claims'],
    ['valid in 60 seconds', (now) => ({ nbf: now + 60 }), letIn],
    ['valid in 61 seconds', (now) => ({ nbf: now + 61 }), 'not-yet-valid'],
    ['with nbf in words', () => ({ nbf: 'now' }), 'malformed-claims'],
    ['that lives an hour', (now) => ({ iat: now, exp: now + 3600 }), letIn],
    ['that lives a second longer', (now) => ({ iat: now, exp: now + 3601 }), 'lifetime-too-long'],
    ['issued almost an hour and a minute ago', (now) => ({ iat: now - 3659, exp: now - 59 }), letIn],
    ['issued longer ago, and still good', (now) => ({ iat: now - 3661, exp: now + 1 }), 'lifetime-too-long'],
    ['that never ends', () => ({ exp: Number.MAX_VALUE }), 'lifetime-too-long'],
    ['with fractions of seconds', (now) => ({ iat: now - 0.5, nbf: now + 59.5, exp: now + 0.5 }), letIn],
  ])('SEC-4: a token %s', async (_what, claims, expected) => {
    expect(await withClaims(claims)).toEqual(expected)
  })

  test('SEC-9: both limits are the hospital’s', async () => {
    const strict = { 'clock-skew-seconds': 0, 'max-age-seconds': 60 }
    expect(await withClaims((now) => ({ exp: now + 60 }), strict)).toEqual(letIn)
    expect(await withClaims((now) => ({ exp: now + 61 }), strict)).toBe('lifetime-too-long')
    expect(await withClaims((now) => ({ exp: now }), strict)).toBe('expired')
    expect(await withClaims((now) => ({ iat: now + 1, exp: now + 9 }), strict)).toBe('issued-in-future')
  })

  test('SEC-9: what the clock says is what counts', async () => {
    const { verify, clock } = hospital([key])
    const jwt = await token(key, clock)
    clock.pass(361)
    expect(await outcome(verify, jwt)).toBe('expired')
  })
})

describe('tenant', () => {
  test.each<[tenant: unknown, tenants: string[] | undefined, expected: unknown]>([
    ['north', ['north', 'south'], letIn],
    ['North', ['north', 'south'], 'tenant-not-listed'],
    ['east', ['north', 'south'], 'tenant-not-listed'],
    [undefined, ['north'], 'tenant-not-listed'],
    ['east', undefined, letIn],
    [undefined, undefined, letIn],
    [['north'], ['north'], 'malformed-claims'],
    [7, undefined, 'malformed-claims'],
  ])('SEC-4: tenant %j where %j are listed', async (tenant, tenants, expected) => {
    expect(await withClaims(() => ({ tenant }), tenants ? { tenants } : {})).toEqual(expected)
  })
})

describe('other claims', () => {
  test('SEC-4: are passed over', async () => {
    expect(await withClaims(() => ({ sub: 'x', azp: 7, scope: ['a'], 'urn:x': { y: null } }))).toEqual(letIn)
  })

  test.each([undefined, '', 7, null])('SEC-4: a token with jti %j is refused', async (jti) => {
    expect(await withClaims(() => ({ jti }))).toBe('no-token-id')
  })
})

describe('the order of the checks', () => {
  test('SEC-9: each is made before the next, and keys are asked for after all that needs none', async () => {
    const faults: [string, Words, Words][] = [
      ['issuer-not-listed', { iss: 'x' }, {}],
      ['algorithm-not-allowed', {}, { alg: 'ES256' }],
      ['wrong-audience', { aud: 'x' }, {}],
      ['expired', { exp: 1, iat: 1 }, {}],
      ['tenant-not-listed', { tenant: 'x' }, {}],
      ['unknown-key', {}, { kid: 'x' }],
      ['no-token-id', { jti: undefined }, {}],
    ]
    const weak = await newKey('ES256')
    for (const [place, [reason]] of faults.entries()) {
      const { verify, clock, asked } = hospital([key], { tenants: ['t'] })
      const rest = faults.slice(place)
      const claims = Object.assign({ tenant: 't' }, ...rest.map(([, claim]) => claim))
      const header = Object.assign({}, ...rest.map(([, , head]) => head))
      const signer = 'alg' in header ? { ...weak, kid: key.kid } : key
      expect(await outcome(verify, await token(signer, clock, claims, header))).toBe(reason)
      expect([reason, asked.length > 0]).toEqual([reason, place >= 5])
    }
  })
})
