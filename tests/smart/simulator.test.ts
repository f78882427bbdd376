/** The simulator as judge of an app: what Inferno's SMART client suite would object to is refused with the reason (specification 1.11). */
import { randomBytes } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSimulator } from '../../sandbox/smart/simulator.ts'
import { askForToken, authorizeUrl, type Fields, grant } from './asking.ts'
import { Browser } from './browser.ts'
import { type ClientType, type Hospital, newKeyRing, openHospital, secret } from './support.ts'

const keys = await newKeyRing()
const [key] = keys.keys

let hospitals: Record<ClientType, Hospital>
beforeAll(async () => {
  const [open, symmetric, asymmetric] = await Promise.all([
    openHospital(),
    openHospital({ type: 'symmetric' }),
    openHospital({ type: 'asymmetric', setup: { keys } }),
  ])
  hospitals = { public: open, symmetric, asymmetric }
})
afterAll(() => Promise.all(Object.values(hospitals).map((each) => each.close())))
beforeEach(() => {
  for (const { simulator } of Object.values(hospitals)) simulator.faults.clear()
})

describe('an authorization request', () => {
  test('that is sound comes back with a code and the state', async () => {
    const answer = await new Browser().step(authorizeUrl(hospitals.public, { state: 's'.repeat(30) }))
    const back = new URL(answer.headers.get('location') ?? '')
    expect([answer.status, back.searchParams.get('state')]).toEqual([302, 's'.repeat(30)])
    expect(back.searchParams.get('code')).toMatch(/.{20}/)
  })

  test.each<[name: string, change: Fields, why: string]>([
    ['another response_type', { response_type: 'token' }, 'response_type is not "code"'],
    ['no client_id', { client_id: undefined }, 'client_id is missing'],
    ['a strange client_id', { client_id: 'other' }, 'client_id is not registered'],
    ['no redirect_uri', { redirect_uri: undefined }, 'redirect_uri is missing'],
    [
      'a strange redirect_uri',
      { redirect_uri: 'https://evil.example.org/' },
      'redirect_uri is not registered',
    ],
    ['a strange launch', { launch: 'guessed' }, 'launch was not issued'],
    ['no state', { state: undefined }, 'state is missing'],
    ['a short state', { state: '0123456789abcdef' }, 'state is too short'],
    ['another aud', { aud: 'https://other.example.org/fhir' }, 'aud is not the FHIR base'],
    ['no aud', { aud: undefined }, 'aud is missing'],
    ['no challenge', { code_challenge: undefined }, 'code_challenge is missing'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'code_challenge_method is not S256'],
    ['no method', { code_challenge_method: undefined }, 'code_challenge_method is missing'],
    ['a challenge that is none', { code_challenge: 'x' }, 'code_challenge is no SHA-256 in base64url'],
    ['no scope', { scope: undefined }, 'scope is missing'],
    ['a launch without its scope', { scope: 'openid' }, 'a launch needs the scope "launch"'],
    ['no launch and no way to a patient', { launch: undefined }, 'neither launch nor launch/patient'],
  ])('with %s is refused, and not sent back to anywhere', async (_, change, why) => {
    const answer = await new Browser().step(authorizeUrl(hospitals.public, change))
    expect(answer.headers.get('location')).toBeNull()
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: why },
    ])
  })
})

describe('a token request', () => {
  const basic = (id: string, word: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${word}`).toString('base64')}`,
  })
  const id = { client_id: 'lumbar' }

  test('of a public client that is sound gets a token that opens the chart', async () => {
    const hospital = hospitals.public
    const { status, body } = await askForToken(hospital, { ...(await grant(hospital)), ...id })
    expect([status, body]).toEqual([200, expect.objectContaining({ token_type: 'Bearer', patient: 'p1' })])
    const answer = await fetch(`${hospital.iss}/Patient/p1`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    })
    expect(answer.status).toBe(200)
    expect(decodeJwt(String(body.id_token))).toMatchObject({ aud: 'lumbar', nonce: 'n', name: 'Zoë Sandbox' })
  })

  test.each<[name: string, change: Fields, why: string]>([
    ['without its client_id', { client_id: undefined }, 'no client "" is registered'],
    ['with another client_id', { client_id: 'other' }, 'no client "other" is registered'],
    ['with another grant', { grant_type: 'password' }, 'grant_type is unknown'],
    ['with another redirect_uri', { redirect_uri: 'https://x.example.org' }, 'redirect_uri is another one'],
    ['without a verifier', { code_verifier: undefined }, 'code_verifier is no verifier'],
    ['with another verifier', { code_verifier: 'x'.repeat(43) }, 'code_verifier does not match'],
    ['with a guessed code', { code: 'guessed' }, 'the code is not known, or was used'],
  ])('%s is refused', async (_, change, why) => {
    const answer = await askForToken(hospitals.public, {
      ...(await grant(hospitals.public)),
      ...id,
      ...change,
    })
    expect([answer.status, answer.told]).toEqual([400, why])
  })

  test('with a code that was used is refused', async () => {
    const fields = { ...(await grant(hospitals.public)), ...id }
    await askForToken(hospitals.public, fields)
    expect((await askForToken(hospitals.public, fields)).told).toBe('the code is not known, or was used')
  })

  test('of a symmetric client needs its secret, in the header', async () => {
    const hospital = hospitals.symmetric
    const fields = await grant(hospital)
    const wrong = 'a symmetric client sends its id and secret as Basic Authorization'
    expect((await askForToken(hospital, { ...fields, ...id })).told).toBe(wrong)
    expect((await askForToken(hospital, { ...fields, ...id, client_secret: secret })).told).toBe(wrong)
    expect((await askForToken(hospital, fields, basic('lumbar', 'guessed'))).told).toBe(wrong)
    expect((await askForToken(hospital, { ...fields, ...id }, basic('lumbar', secret))).told).toBe(
      'a symmetric client sends nothing of itself in the body',
    )
    expect((await askForToken(hospital, fields, basic('lumbar', secret))).status).toBe(200)
  })

  describe('of an asymmetric client', () => {
    const assertion = (change: Record<string, unknown> = {}, header: Record<string, unknown> = {}) => {
      const hospital = hospitals.asymmetric
      if (!key) throw new Error('there is a key')
      return new SignJWT({
        iss: 'lumbar',
        sub: 'lumbar',
        aud: `${hospital.base}/sandbox/smart/token`,
        exp: hospital.clock.seconds() + 120,
        jti: randomBytes(8).toString('hex'),
        ...change,
      })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
        .sign(key.secret)
    }
    const send = async (jwt: string, change: Fields = {}) =>
      askForToken(hospitals.asymmetric, {
        ...(await grant(hospitals.asymmetric)),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: jwt,
        ...change,
      })

    test('that is sound gets a token', async () => {
      expect((await send(await assertion())).status).toBe(200)
    })

    test.each<[name: string, change: Record<string, unknown>, header: Record<string, unknown>, why: RegExp]>([
      ['another sub', { sub: 'other' }, {}, /"sub"/],
      ['another aud', { aud: 'https://other.example.org/token' }, {}, /"aud"/],
      ['no exp', { exp: undefined }, {}, /"exp"/],
      ['an exp that is far ahead', { exp: Math.floor(Date.now() / 1000) + 3600 }, {}, /too far ahead/],
      ['an exp that is past', { exp: 1 }, {}, /"exp"/],
      ['no jti', { jti: undefined }, {}, /"jti"/],
      ['another type', {}, { typ: 'at+jwt' }, /"typ"/],
      ['a strange jku', {}, { jku: 'https://evil.example.org/keys' }, /jku/],
    ])('with %s is refused', async (_, change, header, why) => {
      const { status, told } = await send(await assertion(change, header))
      expect([status, told]).toEqual([400, expect.stringMatching(why)])
    })

    test('with an assertion that was used is refused', async () => {
      const jwt = await assertion()
      expect((await send(jwt)).status).toBe(200)
      expect((await send(jwt)).told).toBe('jti was used before')
    })

    test('with a broken signature, another type of assertion or its client_id is refused', async () => {
      const jwt = await assertion()
      expect((await send(`${jwt.slice(0, -4)}AAAA`)).told).toMatch(/signature/)
      expect((await send(jwt, { client_assertion_type: 'jwt' })).told).toMatch(/client_assertion_type/)
      expect((await send(jwt, id)).told).toBe('an asymmetric client sends no client_id')
    })
  })

  describe('that renews', () => {
    const renewal = async (change: Fields = {}) => {
      const { body } = await askForToken(hospitals.public, { ...(await grant(hospitals.public)), ...id })
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: String(body.refresh_token),
        ...id,
        ...change,
      }
      return { fields, answer: await askForToken(hospitals.public, fields) }
    }

    test('gets another token, and another refresh token', async () => {
      const { fields, answer } = await renewal()
      expect(answer.status).toBe(200)
      expect(answer.body.refresh_token).not.toBe(fields.refresh_token)
    })

    test('R24: twice with one refresh token is refused', async () => {
      const { fields } = await renewal()
      expect((await askForToken(hospitals.public, fields)).told).toBe(
        'the refresh token is not known, or was used',
      )
    })

    test('R24: with more scopes than were granted is refused', async () => {
      expect((await renewal({ scope: 'patient/*.cruds' })).answer.told).toBe('more than was granted')
    })
  })
})

describe('a FHIR request', () => {
  test.each([undefined, 'Bearer guessed', 'Basic x', 'Bearer '])('with %j opens nothing', (authorization) => {
    expect(hospitals.public.simulator.access(authorization)).toBeUndefined()
  })

  test('with a token that has expired opens nothing', async () => {
    const { simulator, clock } = hospitals.public
    const { body } = await askForToken(hospitals.public, {
      ...(await grant(hospitals.public)),
      client_id: 'lumbar',
    })
    expect(simulator.access(`Bearer ${body.access_token}`)?.context).toEqual({ patient: 'p1' })
    clock.pass(3601)
    expect(simulator.access(`Bearer ${body.access_token}`)).toBeUndefined()
    clock.pass(-3601)
  })
})

test('launch ids are made as the public sandbox asks for them', async () => {
  const { iss, simulator } = hospitals.public
  const post = (body: unknown) =>
    fetch(`${iss}/_services/smart/Launch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const parameters = {
    patient: 'p1',
    smart_messaging_origin: 'https://sandbox.example.org',
    appContext: '{"a":1}',
  }
  const made = await post({ launchUrl: 'https://app.example.org/launch', parameters })
  const { launch_id: launch } = (await made.json()) as { launch_id: string }
  const asked = simulator.authorize(
    Object.fromEntries(new URL(authorizeUrl(hospitals.public, { launch })).searchParams),
  )
  expect(asked.context).toEqual({ patient: 'p1', appContext: '{"a":1}' })
  expect((await post({})).status).toBe(400)
})

test('faults can be turned on and off from outside', async () => {
  const { base, simulator } = hospitals.public
  const set = (faults: unknown) =>
    fetch(`${base}/sandbox/smart/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults }),
    })
  expect(await (await set(['no-patient', 'wrong-state'])).json()).toEqual({
    on: ['no-patient', 'wrong-state'],
  })
  expect([...simulator.faults]).toEqual(['no-patient', 'wrong-state'])
  expect((await set(['no-such-fault'])).status).toBe(400)
  expect(await (await set([])).json()).toEqual({ on: [] })
})

test('in production there is no simulator', () => {
  const { places } = hospitals.public.simulator
  expect(() =>
    createSimulator({ isProduction: true, places, clients: () => [], now: () => new Date() }),
  ).toThrow(/for development/)
})
