/** FA-7: which servers are trusted, and which links stay on them. */
import { describe, expect, test } from 'vitest'
import { addressRules } from '../../src/net/addresses.ts'
import { followLink, trustServer } from '../../src/record/fhir/server.ts'

function trust(named: string, allowed: readonly string[], isDevelopment = false): string {
  const mayConnect = addressRules({ 'allow-private': ['10.1.0.0/16'], 'development-http': isDevelopment })
  try {
    const { origin, path } = trustServer(named, allowed, mayConnect, isDevelopment)
    return origin + path
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('the server that a caller names', () => {
  const listed = ['https://other.example/fhir', 'https://ehr.example/fhir/r4']

  test.each([
    'https://ehr.example/fhir/r4',
    'https://ehr.example/fhir/r4/',
    'https://ehr.example/fhir/r4//',
    'https://EHR.example/fhir/r4',
    'HTTPS://ehr.example:443/fhir/r4',
    'https://ehr.example/fhir/x/../r4',
    'https://ehr.example\\fhir\\r4',
  ])('is trusted however it is spelt: %s', (named) => {
    expect(trust(named, listed)).toBe('https://ehr.example/fhir/r4')
  })

  test('is compared with the list as it is meant, not as it is spelt', () => {
    expect(trust('https://ehr.example', ['https://EHR.example:443//'])).toBe('https://ehr.example')
  })

  test.each([
    'https://ehr.example/fhir',
    'https://ehr.example/fhir/r4/tenant',
    'https://ehr.example/fhir/R4',
    'https://ehr.example:8443/fhir/r4',
    'http://ehr.example/fhir/r4',
    'https://ehr.example.evil.example/fhir/r4',
    'https://ehr.example@evil.example/fhir/r4',
    'https://user:secret@ehr.example/fhir/r4',
    'https://ehr.example/fhir/r4?x=1',
    'https://ehr.example/fhir/r4#x',
    'https://ehr.example./fhir/r4',
    'ftp://ehr.example/fhir/r4',
    'file:///fhir/r4',
    '//ehr.example/fhir/r4',
    'ehr.example/fhir/r4',
    '',
  ])('is not trusted: %s', (named) => {
    expect(trust(named, listed)).toBe('server-not-allowed')
  })

  test('is not trusted when none is listed, or when the list is no list of servers', () => {
    expect(trust('https://ehr.example', [])).toBe('server-not-allowed')
    expect(trust('nonsense', ['nonsense', ''])).toBe('server-not-allowed')
  })

  test('uses https, also when plain http is listed', () => {
    const plain = 'http://ehr.example/fhir'
    expect([trust(plain, [plain]), trust(plain, [plain], true)]).toEqual(['not-https', 'not-https'])
  })

  test.each([
    'http://localhost:8080/fhir',
    'http://127.0.0.1:8080',
    'http://[::1]/fhir',
    'http://ehr.localhost/fhir',
  ])('may use http on this machine in development: %s', (named) => {
    expect(trust(named, [named])).toBe('not-https')
    expect(trust(named, [named], true)).toBe(named)
  })

  test.each([
    'https://169.254.169.254/latest',
    'https://10.0.0.1/fhir',
    'https://127.0.0.1/fhir',
    'https://2130706433/fhir',
    'https://0x7f.1/fhir',
    'https://0177.0.0.1/fhir',
    'https://127.1/fhir',
    'https://[::ffff:10.0.0.1]/fhir',
    'https://[fe80::1]/fhir',
    'https://0/fhir',
  ])('is checked when it is an address, in any spelling: %s', (named) => {
    expect(trust(named, [named])).toBe('address-refused')
  })

  test('may be an address of an open range', () => {
    expect(trust('https://10.1.2.3/fhir', ['https://10.1.2.3/fhir'])).toBe('https://10.1.2.3/fhir')
  })
})

describe('a link', () => {
  const server = { origin: 'https://ehr.example', path: '/fhir/r4' }
  const from = new URL('https://ehr.example/fhir/r4/Condition?patient=1')

  test.each([
    ['https://ehr.example/fhir/r4/Condition?page=2', 'https://ehr.example/fhir/r4/Condition?page=2'],
    ['https://ehr.example:443/fhir/r4?_getpages=7#x', 'https://ehr.example/fhir/r4?_getpages=7'],
    ['?page=2', 'https://ehr.example/fhir/r4/Condition?page=2'],
    ['Condition?page=2', 'https://ehr.example/fhir/r4/Condition?page=2'],
    ['/fhir/r4/Condition?page=2', 'https://ehr.example/fhir/r4/Condition?page=2'],
    ['//ehr.example/fhir/r4/x', 'https://ehr.example/fhir/r4/x'],
  ])('stays: %s', (link, target) => {
    expect(followLink(server, link, from)?.href).toBe(target)
  })

  test.each([
    'https://evil.example/fhir/r4/Condition',
    'http://ehr.example/fhir/r4/Condition',
    'https://ehr.example:8443/fhir/r4/Condition',
    'https://x@ehr.example/fhir/r4/Condition',
    '//evil.example/fhir/r4/Condition',
    '\\\\evil.example/fhir/r4',
    'https://ehr.example/fhir/r4x/Condition',
    'https://ehr.example/fhir',
    'https://ehr.example/admin',
    'https://ehr.example/fhir/r4/../r5/Condition',
    'https://ehr.example/fhir/r4/%2e%2e/r5/Condition',
    'https://ehr.example/fhir/r4/..%2fr5/Condition',
    'https://ehr.example/fhir/r4/..%5Cr5/Condition',
    '/admin',
    'http://[',
    'javascript:alert(1)',
  ])('leads elsewhere: %s', (link) => {
    expect(followLink(server, link, from)).toBeUndefined()
  })
})
