/** Tokens in the shape of those that real clients send. */
import { createHash, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { type Clock, callersOf, hospital, newKey, outcome, publicUrl, sign } from './support.ts'

const fhir = 'https://epic.example.org/fhirproxy/api/FHIR/R4'
const epicJku = 'https://epic.example.org/fhirproxy/api/epic/2019/Security/Open/PublicKeys/530013/530013'
const epic = await newKey('RS384', `${createHash('sha256').update('epic').digest('base64').slice(0, 40)}/+==`)
const sandbox = await newKey('ES384', randomUUID())
const sandboxIss = 'https://sandbox.example.org'

function epicToken(clock: Clock, aud: string) {
  const now = clock.seconds()
  return new SignJWT({
    aud,
    exp: now + 900,
    iat: now,
    iss: fhir,
    jti: randomUUID(),
    nbf: now - 300,
    sub: 'a-client-id',
  })
    .setProtectedHeader({ alg: 'RS384', kid: epic.kid, jku: epicJku, typ: 'JWT' })
    .sign(epic.secret)
}

test('SEC-5: Epic’s is let in: RS384, a kid in base64, a jku, sub, nbf in the past, an aud typed by hand', async () => {
  const callers = callersOf({
    iss: fhir,
    'jwks-url': epicJku,
    audiences: ['https://lumbar.hospital.example/'],
    'fhir-servers': [fhir],
    profile: 'epic',
  })
  const { verify, clock, asked } = hospital([epic], {}, { callers })
  for (const aud of ['https://lumbar.hospital.example', publicUrl + sign]) {
    const caller = await outcome(verify, await epicToken(clock, aud))
    expect(caller).toEqual({ issuer: fhir, jti: expect.any(String), fhirServers: [fhir], profile: 'epic' })
  }
  expect(asked).toEqual([epicJku])
  expect(await outcome(verify, await epicToken(clock, publicUrl))).toBe('wrong-audience')
})

test('SEC-5: the Sandbox’s is let in at each address for which it is signed', async () => {
  const jku = `${sandboxIss}/.well-known/jwks.json`
  const { verify, clock } = hospital(
    [sandbox],
    {},
    { callers: callersOf({ iss: sandboxIss, 'jwks-url': jku }) },
  )
  for (const url of ['/cds-services', sign, `${sign}/feedback`]) {
    const now = clock.seconds()
    const jwt = await new SignJWT({
      iss: sandboxIss,
      aud: publicUrl + url,
      exp: now + 300,
      iat: now,
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: sandbox.kid, jku })
      .sign(sandbox.secret)
    expect(await outcome(verify, jwt, url)).toMatchObject({ issuer: sandboxIss, fhirServers: [] })
  }
})
