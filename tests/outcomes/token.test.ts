/** Who Lumbar says it is to a FHIR server when nobody is signed in: signed, for one endpoint, once and not for long. */
import { afterEach, describe, expect, test } from 'vitest'
import { type BackendServer, backendAccess } from '../../src/smart/backend.ts'
import type { KeyRing } from '../../src/smart/launch/keys.ts'
import { newKeyRing } from '../smart/support.ts'
import { clientId, type Ehr, openEhr } from './ehr.ts'

let ehr: Ehr
let time = Date.parse('2026-11-21T18:32:00Z')
afterEach(() => ehr.close())

const open = async (alg: 'ES384' | 'RS384' = 'ES384') => {
  ehr = await openEhr({ now: () => time, alg })
  return ehr
}
const serverAt = (more: Partial<BackendServer> = {}): BackendServer => ({
  base: ehr.base,
  clientId,
  reads: ['ServiceRequest'],
  'endpoint-origins': [],
  ...more,
})
const accessBy = (keys: KeyRing = ehr.keys) =>
  backendAccess({
    keys: { ring: keys, url: () => 'https://lumbar.example/smart/jwks.json' },
    now: () => new Date(time),
  })

describe('A token of a backend service', () => {
  test.each(['ES384', 'RS384'] as const)('is given for an assertion that is signed with %s', async (alg) => {
    await open(alg)
    const { scope } = await accessBy()(serverAt())
    expect([scope, ehr.refused]).toEqual(['system/ServiceRequest.rs', []])
  })

  test('is signed with the key that the server takes', async () => {
    await open('RS384')
    const other = await newKeyRing('ES384', 'first')
    ehr.configuration = { token_endpoint_auth_signing_alg_values_supported: ['RS384'] }
    await accessBy({ ...other, keys: [...other.keys, ...ehr.keys.keys] })(serverAt())
    expect(ehr.refused).toEqual([])
  })

  test('serves until shortly before its end, and then a new one is asked for', async () => {
    await open()
    const access = accessBy()
    const first = await access(serverAt())
    time += 269_000
    expect((await access(serverAt())).access).toBe(first.access)
    time += 2000
    expect((await access(serverAt())).access).not.toBe(first.access)
    expect([ehr.tokens, ehr.refused]).toEqual([2, []])
  })

  test('is asked for in the words of SMART 1 where the server knows no others, or in those of the site', async () => {
    await open()
    ehr.configuration = { capabilities: [] }
    expect((await accessBy()(serverAt())).scope).toBe('system/ServiceRequest.read')
    expect((await accessBy()(serverAt({ scopes: ['system/*.read'] }))).scope).toBe('system/*.read')
  })

  test.each([
    ['of another client', { clientId: 'somebody' }],
    ['of an unknown key', {}],
  ])('is not given to an assertion %s', async (name, more) => {
    await open()
    const keys = name === 'of an unknown key' ? await newKeyRing('ES384', 'forged') : ehr.keys
    await expect(accessBy(keys)(serverAt(more))).rejects.toMatchObject({
      code: 'token-refused',
      detail: 'invalid_client',
    })
  })

  test('is not asked for at an origin that the site did not name', async () => {
    await open()
    const elsewhere = await openEhr({ now: () => time })
    ehr.configuration = { token_endpoint: `${new URL(elsewhere.base).origin}/token` }
    const pinned = serverAt({ 'endpoint-origins': ['https://login.example.org'] })
    await expect(accessBy()(pinned)).rejects.toMatchObject({ detail: 'endpoint-elsewhere' })
    expect(elsewhere.tokens).toBe(0)
    await elsewhere.close()
  })

  test('that a server does not say is for bearers is none', async () => {
    await open()
    ehr.answers = { token_type: 'mac' }
    await expect(accessBy()(serverAt())).rejects.toMatchObject({ code: 'token-not-fit' })
  })
})
