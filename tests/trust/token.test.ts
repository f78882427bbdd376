/** What is sent as a token, who signed it and how: the ways to be somebody else. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { CompactSign, exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  callersOf,
  hospital,
  iss,
  letIn,
  newKey,
  outcome,
  outcomeOf,
  publicUrl,
  published,
  sign,
  token,
} from './support.ts'

const key = await newKey()
const rsa = await newKey('RS384')

describe('the Authorization header', () => {
  test('SEC-3: a sound token is let in, and says who calls', async () => {
    const { verify, clock } = hospital([key], {
      'fhir-servers': ['https://ehr.example.org/r4'],
      profile: 'epic',
    })
    const sound = await token(key, clock, { jti: 'j1', tenant: 't1' })
    expect(await outcome(verify, sound)).toEqual({
      issuer: iss,
      tenant: 't1',
      jti: 'j1',
      fhirServers: ['https://ehr.example.org/r4'],
      profile: 'epic',
    })
  })

  test('SEC-3: the scheme may be written in any case', async () => {
    const { verify, clock } = hospital([key])
    expect(await outcomeOf(verify, `bearer ${await token(key, clock)}`)).toEqual(letIn)
  })

  test.each([undefined, ''])('SEC-3: without a header (%j) nobody is let in', async (header) => {
    expect(await outcomeOf(hospital([key]).verify, header)).toBe('no-token')
  })

  test('SEC-3: neither another scheme nor a token beside other words is let in', async () => {
    const { verify, clock } = hospital([key])
    const sound = await token(key, clock)
    for (const header of [
      sound,
      'Bearer',
      'Bearer ',
      `Basic ${sound}`,
      `Bearer ${sound} x`,
      `Bearer ${sound}, x`,
    ]) {
      expect([header.slice(0, 9), await outcomeOf(verify, header)]).toEqual([
        header.slice(0, 9),
        'not-bearer',
      ])
    }
  })

  test('SEC-3: what is no signed JWT is refused', async () => {
    const { verify, clock } = hospital([key])
    const [head, body, signature] = (await token(key, clock)).split('.')
    const text = Buffer.from('text').toString('base64url')
    const list = Buffer.from('[]').toString('base64url')
    const odd = [
      'x',
      'a.b.c',
      '..',
      `${head}.${body}`,
      `${head}..${signature}`,
      `${text}.${body}.${signature}`,
    ]
    odd.push(
      `${head}.${text}.${signature}`,
      `${head}.${list}.${signature}`,
      `${head}.${body}.${signature}.a.b`,
    )
    for (const jwt of odd) expect([jwt, await outcome(verify, jwt)]).toEqual([jwt, 'malformed-token'])
  })

  test.each([undefined, 'at+jwt', 'JWS', 7])(
    'SEC-3: a token of typ %j is another kind of token',
    async (typ) => {
      const { verify, clock } = hospital([key])
      expect(await outcome(verify, await token(key, clock, {}, { typ }))).toBe('malformed-token')
    },
  )

  test('SEC-3: a critical extension that is not understood is refused', async () => {
    const { verify, clock } = hospital([key])
    const claims = { iss, aud: publicUrl + sign, iat: clock.seconds(), exp: clock.seconds() + 60, jti: 'j' }
    const jwt = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'ES384', kid: key.kid, typ: 'JWT', crit: ['odd'], odd: 1 })
      .sign(key.secret, { crit: { odd: true } })
    expect(await outcome(verify, jwt)).toBe('malformed-token')
  })
})

describe('the issuer', () => {
  test.each(['https://ehr.example.org/', 'https://other.example.org', undefined, 7, [iss]])(
    'SEC-7: %j is not the one that is listed, and its keys are not asked for',
    async (other) => {
      const { verify, clock, asked } = hospital([key])
      expect(await outcome(verify, await token(key, clock, { iss: other }))).toBe('issuer-not-listed')
      expect(asked).toEqual([])
    },
  )

  test('SEC-7: one issuer cannot sign for another', async () => {
    const theirs = await newKey()
    const callers = callersOf({}, { iss: 'https://b.example.org', 'jwks-url': 'https://b.example.org/keys' })
    const fetchKeys = async (url: string) => published(url.startsWith(iss) ? key : theirs)
    const { verify, clock } = hospital([], {}, { callers, fetchKeys })
    expect(await outcome(verify, await token(theirs, clock))).toBe('unknown-key')
    expect(await outcome(verify, await token(theirs, clock, {}, { kid: key.kid }))).toBe('wrong-signature')
    expect(await outcome(verify, await token(key, clock))).toEqual(letIn)
  })
})

describe('the algorithm', () => {
  const claims = { iss, aud: publicUrl + sign, jti: 'j' }

  test('SEC-6: HS256 with the public key as the secret is refused', async () => {
    const { verify, clock } = hospital([rsa])
    const open = await importJWK(rsa.shown, 'RS384', { extractable: true })
    if (open instanceof Uint8Array) throw new Error('not a public key')
    for (const secret of [await exportSPKI(open), JSON.stringify(rsa.shown), String(rsa.shown.n)]) {
      const jwt = await new SignJWT({ ...claims, iat: clock.seconds(), exp: clock.seconds() + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: rsa.kid, typ: 'JWT' })
        .sign(new TextEncoder().encode(secret))
      expect(await outcome(verify, jwt)).toBe('algorithm-not-allowed')
    }
  })

  test('SEC-6: no signature is refused, however "none" is written', async () => {
    const { verify, clock } = hospital([key])
    const [, body] = new UnsecuredJWT({ ...claims, iat: clock.seconds(), exp: clock.seconds() + 60 })
      .encode()
      .split('.')
    for (const alg of ['none', 'None', 'NONE', '', undefined, 0]) {
      const head = Buffer.from(JSON.stringify({ alg, kid: key.kid, typ: 'JWT' })).toString('base64url')
      expect([alg, await outcome(verify, `${head}.${body}.`)]).toEqual([alg, 'algorithm-not-allowed'])
    }
  })

  test('SEC-6: an algorithm that is not listed for the issuer is refused before keys are asked for', async () => {
    const { verify, clock, asked } = hospital([await newKey('ES256', key.kid)])
    expect(await outcome(verify, await token(await newKey('ES256'), clock))).toBe('algorithm-not-allowed')
    expect(asked).toEqual([])
  })

  test.each(['ES256', 'ES512', 'RS256', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'] as const)(
    'SEC-6: %s is let in where it is listed',
    async (alg) => {
      const other = await newKey(alg)
      const { verify, clock } = hospital([other], { algorithms: [alg] })
      expect(await outcome(verify, await token(other, clock))).toEqual(letIn)
    },
  )
})

describe('the signature', () => {
  test('SEC-3: claims changed after signing are refused', async () => {
    const { verify, clock } = hospital([key])
    const [head, , signature] = (await token(key, clock)).split('.')
    const [, other] = (await token(await newKey(), clock)).split('.')
    expect(await outcome(verify, `${head}.${other}.${signature}`)).toBe('wrong-signature')
    expect(await outcome(verify, `${head}.${other}.`)).toBe('wrong-signature')
  })

  test('SEC-7: a key that the token brings along is not believed', async () => {
    const { verify, clock } = hospital([key])
    const thief = await newKey()
    const jwt = await token(thief, clock, {}, { jwk: thief.shown, kid: key.kid })
    expect(await outcome(verify, jwt)).toBe('wrong-signature')
    expect(await outcome(verify, await token(thief, clock, {}, { jwk: thief.shown }))).toBe('unknown-key')
  })

  test('SEC-6: an RSA key of 1024 bits is refused', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const shown = { ...publicKey.export({ format: 'jwk' }), kid: 'short' }
    const { verify, clock } = hospital([{ ...rsa, kid: 'short', shown }])
    const [, body] = (await token(rsa, clock)).split('.')
    const head = Buffer.from(JSON.stringify({ alg: 'RS384', kid: 'short', typ: 'JWT' })).toString('base64url')
    const signature = createSign('sha384').update(`${head}.${body}`).sign(privateKey).toString('base64url')
    expect(await outcome(verify, `${head}.${body}.${signature}`)).toBe('weak-key')
  })
})
