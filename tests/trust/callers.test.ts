/** What a hospital may write about its callers, and what it is told of mistakes. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { callersSchema, unsafeIssuers } from '../../src/site/callers.ts'
import { callersOf, type IssuerInput, iss, jwksUrl, newKey, publicUrl } from './support.ts'

const rsaOf = (modulusLength: number) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength })
  return { ...publicKey.export({ format: 'jwk' }), kty: 'RSA' as const, kid: `rsa-${modulusLength}` }
}

/** Places and messages of the mistakes in one issuer. */
function mistakes(issuer: object, top: object = {}): string[] {
  const parsed = callersSchema.safeParse({
    'public-url': publicUrl,
    issuers: [{ iss, 'jwks-url': jwksUrl, ...issuer }],
    ...top,
  })
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`)
}

test('SEC-6: what is left out has a default that is strict', () => {
  expect(callersOf({})).toEqual({
    'public-url': publicUrl,
    discovery: 'open',
    issuers: [
      {
        iss,
        'jwks-url': jwksUrl,
        jku: [],
        algorithms: ['ES384', 'RS384'],
        audiences: [],
        'clock-skew-seconds': 60,
        'max-age-seconds': 3600,
        replay: 'refuse',
        'fhir-servers': [],
        'action-selection': false,
        origins: [],
      },
    ],
  })
})

describe('mistakes', () => {
  test.each(['none', 'HS256', 'HS384', 'HS512', 'RSA1_5', 'es384'])(
    'SEC-6: %s can not be allowed',
    (algorithm) => {
      expect(mistakes({ algorithms: [algorithm] })).toHaveLength(1)
    },
  )

  test.each([
    [{ algorithms: [] }, 'algorithms'],
    [{ 'jwks-url': 'http://ehr.example.org/keys' }, 'jwks-url is not an address'],
    [{ 'jwks-url': 'https://u:p@ehr.example.org/keys' }, 'jwks-url is not an address'],
    [{ jku: ['http://ehr.example.org/keys'] }, 'jku.0 is not an address'],
    [{ 'fhir-servers': ['http://10.0.0.1/fhir'] }, 'fhir-servers.0 is not an address'],
    [{ 'fhir-servers': ['https://ehr.example.org/fhir?x=1'] }, 'leave out the query'],
    [{ origins: ['https://ehr.example.org/'] }, 'origins.0 is no origin'],
    [{ origins: ['*'] }, 'origins.0 is not an address'],
    [{ 'clock-skew-seconds': 301 }, 'clock-skew-seconds'],
    [{ 'max-age-seconds': 86_401 }, 'max-age-seconds'],
    [{ replay: 'allow' }, 'replay'],
    [{ tenants: [] }, 'tenants'],
    [{ tenant: ['x'] }, 'Unrecognized key: "tenant"'],
    [{ 'jwks-url': undefined }, 'either "jwks-url" or "jwks"'],
    [{ jwks: { keys: [rsaOf(2048)] } }, 'either "jwks-url" or "jwks"'],
  ])('SEC-7: %j is refused by name', (issuer, told) => {
    expect(mistakes(issuer)).toEqual([expect.stringContaining(told)])
  })

  test.each([
    [{ 'public-url': 'http://cds.example.org' }, 'public-url is not an address'],
    [{ 'public-url': 'cds.example.org' }, 'public-url is not an address'],
    [{ issuers: [] }, 'issuers'],
    [{ issuers: [1, 2].map(() => ({ iss, 'jwks-url': jwksUrl })) }, 'two entries of one "iss"'],
  ])('SEC-5: %j is refused by name', (top, told) => {
    expect(mistakes({}, top).join()).toContain(told)
  })

  test.each(['http://127.0.0.1:9/keys', 'http://localhost/keys', 'http://[::1]:9/keys'])(
    'SEC-1: %s is on this machine, where http will do',
    (url) => expect(mistakes({ 'jwks-url': url })).toEqual([]),
  )
})

describe('keys in the file', () => {
  const inline = (...keys: object[]) => mistakes({ 'jwks-url': undefined, jwks: { keys } })

  test('SEC-8: public ones are taken, with what else is published beside them', async () => {
    const { shown } = await newKey()
    expect(inline(shown, { ...rsaOf(2048), x5t: 'x', use: 'sig' })).toEqual([])
  })

  test('SEC-6: an RSA key below 2048 bits is refused, however long its number is written', () => {
    const short = rsaOf(1024)
    const padded = Buffer.concat([Buffer.alloc(256), Buffer.from(String(short.n), 'base64url')]).toString(
      'base64url',
    )
    const almost = Buffer.alloc(256, 0x7f).toString('base64url')
    for (const n of [short.n, padded, almost, 'AA', '']) {
      expect(inline({ ...short, n })).toEqual([
        expect.stringContaining('belongs to an RSA key below 2048 bits'),
      ])
    }
    expect(inline({ kty: 'RSA', kid: 'x', e: 'AQAB' })).toEqual([expect.stringContaining('without "n"')])
  })

  test('SEC-8: a private key is refused before it does more harm', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const told = inline({ ...privateKey.export({ format: 'jwk' }), kid: 'x' })
    expect(told).toEqual([expect.stringMatching(/keys\.0\.d belongs to a private key/)])
  })

  test('SEC-6: a shared secret, a key without a name, and two of one name are refused', async () => {
    const { shown } = await newKey()
    expect(inline({ kty: 'oct', k: 'c2VjcmV0', kid: 'x' })).toHaveLength(1)
    expect(inline({ ...shown, kid: undefined })).toHaveLength(1)
    expect(inline(shown, shown)).toEqual([expect.stringContaining('two keys of one "kid"')])
    expect(inline()).toHaveLength(1)
  })
})

test('SEC-7: issuers whose private key is published are told apart', () => {
  const sandbox = 'https://sandbox.cds-hooks.org'
  const disguised: Partial<IssuerInput> = { iss: 'x', jku: [`${sandbox}/.well-known/jwks.json`] }
  expect(unsafeIssuers(callersOf({}, { iss: sandbox }, disguised))).toEqual([sandbox, 'x'])
})
