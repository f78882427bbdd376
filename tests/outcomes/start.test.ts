/** A service that is set to ask FHIR servers: what it needs at its start, and the keys by which servers know it. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { startServer } from '../operations/support.ts'

const folder = mkdtempSync(join(tmpdir(), 'lumbar-follow-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES384' }
const keys = join(folder, 'keys.json')
writeFileSync(keys, JSON.stringify({ keys: [jwk] }))

const server = 'https://ehr.example.org/fhir'
function siteWith(...followed: string[]): string {
  const file = join(folder, 'site.yaml')
  const callers = {
    'public-url': 'https://lumbar.example.org',
    issuers: [
      {
        iss: 'https://ehr.example.org',
        'jwks-url': 'https://ehr.example.org/jwks',
        'fhir-servers': [server],
      },
    ],
  }
  const entries = followed.map((each) => ({ 'fhir-server': each, 'client-id': 'lumbar' }))
  writeFileSync(file, stringify({ callers, ledger: { 'order-outcomes': entries } }))
  return file
}

test('It publishes its keys, also without the SMART app, and nothing private', {
  timeout: 60_000,
}, async () => {
  const running = await startServer({ SITE_FILE: siteWith(`${server}/`), SMART_KEYS_FILE: keys })
  const answer = await fetch(`${running.address}/smart/jwks.json`)
  const [published] = ((await answer.json()) as { keys: Record<string, string>[] }).keys
  expect(published).toMatchObject({ kid: 'one', x: jwk.x })
  expect(published).not.toHaveProperty('d')
  await running.stop()
  expect(running.written()).not.toContain('order-outcomes-broken-off')
})

test.each([
  ['without keys', [server], {}, /SMART_KEYS_FILE: `order-outcomes`.*npm run smart-keys/],
  [
    'with a server of no caller',
    ['https://other.example.org/fhir'],
    { SMART_KEYS_FILE: keys },
    /of no caller/,
  ],
  [
    'with one server twice',
    [server, `${server}/`],
    { SMART_KEYS_FILE: keys },
    /two entries of one "fhir-server"/,
  ],
])('It does not start %s', { timeout: 60_000 }, async (_, followed, env, told) => {
  await expect(startServer({ SITE_FILE: siteWith(...followed), ...env })).rejects.toThrow(told)
})
