/** What ends the start, with the remedy: secrets, keys and databases of the SMART app that are not as they should be. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { AppSetup } from '../../src/app-pages.ts'
import { ConfigError, readConfig } from '../../src/site/environment.ts'
import { smartSchema } from '../../src/site/smart.ts'
import { startSmart } from '../../src/smart-start.ts'
import { openStores } from '../../src/store/open.ts'
import { memoryStores } from '../../src/store/store.ts'
import { startService } from '../support/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'lumbar-smart-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const settings = (client: object) =>
  smartSchema.parse({
    'public-url': 'https://lumbar.example.org',
    ehrs: [{ iss: 'https://ehr.example.org/fhir', name: 'Hospital', client: { id: 'x', ...client } }],
  })
const start = (client: object, env: Record<string, string> = {}) =>
  startSmart({
    config: readConfig(env),
    root: folder,
    site: settings(client),
    registration: settings(client),
    // Not reached before secrets and keys are read.
    pages: {
      content: {},
      evaluator: { reads: () => [], readsOf: () => [] },
      stores: memoryStores(() => 0),
    } as never as AppSetup,
    stores: memoryStores(() => 0),
  })

describe('R16: the secret of a symmetric client', () => {
  const client = { type: 'symmetric', 'secret-file': 'secret' }

  test('is missed by the name of its file', () => {
    expect(() => start(client)).toThrow(/^site.yaml: secret-file: .*secret cannot be read \(ENOENT\)/)
  })

  test('is not nothing', () => {
    file('secret', '\n')
    expect(() => start(client)).toThrow(/is empty/)
  })
})

describe('R17: the keys of an asymmetric client', () => {
  const client = { type: 'asymmetric' }

  test('are missed by the name of their variable', () => {
    expect(() => start(client)).toThrow(/^SMART_KEYS_FILE: .*npm run smart-keys/)
  })

  test.each([
    ['no JSON', 'x', /is no key set/],
    ['a public key', '{"keys":[{"kid":"a","alg":"ES384","kty":"EC","crv":"P-384"}]}', /is no private key/],
  ])('are told apart from %s', (_, text, told) => {
    const path = file('keys.json', text)
    expect(() => start(client, { SMART_KEYS_FILE: path })).toThrow(told)
    expect(() => start(client, { SMART_KEYS_FILE: path })).toThrow(ConfigError)
  })

  test('are never quoted when they are wrong', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = privateKey.export({ format: 'jwk' })
    const path = file('keys.json', JSON.stringify({ keys: [{ ...jwk, kid: 'a', alg: 'ES384' }] }))
    expect(() => start(client, { SMART_KEYS_FILE: path })).toThrow(/does not fit/)
    expect(() => start(client, { SMART_KEYS_FILE: path })).not.toThrow(new RegExp(jwk.d ?? ''))
  })
})

describe('launches in a database', () => {
  const log = { info: () => undefined, warn: () => undefined }
  const open = (env: Record<string, string>, hasApp = true) =>
    openStores(
      readConfig({ DATABASE_URL: 'postgres://root@127.0.0.1:1/test', ...env }),
      hasApp,
      () => new Date(),
      log,
    )

  test('need a key to be encrypted by', async () => {
    await expect(open({})).rejects.toThrow(/^SMART_SESSION_KEY: .*npm run smart-keys -- --session/)
  })

  test('need a key of 32 bytes', () => {
    expect(() => readConfig({ SMART_SESSION_KEY: 'short' })).toThrow(
      /^SMART_SESSION_KEY: Set 32 random bytes/,
    )
    expect(readConfig({ SMART_SESSION_KEY: 'A'.repeat(43) }).smartSessionKey).toHaveLength(32)
  })

  test('need the database', async () => {
    await expect(open({ SMART_SESSION_KEY: 'A'.repeat(43) })).rejects.toMatchObject({
      code: 'store-unavailable',
    })
  })
})

describe('site.yaml', () => {
  const ehr = {
    iss: 'https://ehr.example.org/fhir',
    name: 'Hospital',
    client: { id: 'x', type: 'public' },
  }
  const problems = (change: object, more: object[] = []) => {
    const parsed = smartSchema.safeParse({
      'public-url': 'https://lumbar.example.org',
      ehrs: [{ ...ehr, ...change }, ...more],
    })
    return parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []
  }

  test.each<[what: string, change: object, more: object[], told: RegExp]>([
    ['an EHR over plain http', { iss: 'http://ehr.example.org/fhir' }, [], /ehrs.0.iss is not an address/],
    ['a base with a query', { iss: 'https://ehr.example.org/fhir?x=1' }, [], /leave out the query/],
    [
      'one EHR twice',
      {},
      [{ ...ehr, iss: 'https://EHR.example.org/fhir/', callback: 'b' }],
      /two entries of one "iss"/,
    ],
    [
      'two EHRs that come back to one address',
      {},
      [{ ...ehr, iss: 'https://other.example.org/fhir' }],
      /two entries of one "callback"/,
    ],
    ['an odd last part of an address', { callback: '../x' }, [], /ehrs.0.callback is one word/],
    ['a secret in the clear', { client: { ...ehr.client, secret: 'x' } }, [], /Unrecognized key/],
    ['a secret for a public client', { client: { ...ehr.client, 'secret-file': 'x' } }, [], /type symmetric/],
    ['no secret for a symmetric one', { client: { id: 'x', type: 'symmetric' } }, [], /type symmetric/],
    ['an origin with a path', { 'frame-ancestors': ['https://ehr.example.org/x'] }, [], /is no origin/],
    ['an origin that is everybody', { 'frame-ancestors': ['*'] }, [], /is not an address/],
    ['a scope with a space', { scopes: ['openid fhirUser'] }, [], /is one scope/],
    ['no PKCE', { pkce: 'none' }, [], /ehrs.0.pkce/],
  ])('R4: %s is told', (_, change, more, told) => {
    expect(problems(change, more)).toEqual([expect.stringMatching(told)])
  })

  test('R4: a mistake is told with its line before the service listens', { timeout: 60_000 }, async () => {
    const site = {
      smart: {
        'public-url': 'https://lumbar.example.org',
        ehrs: [{ ...ehr, iss: 'http://ehr.example.org' }],
      },
    }
    await expect(startService(site)).rejects.toThrow(/site\.yaml:\d+: .*iss.*is not an address/)
  })
})
