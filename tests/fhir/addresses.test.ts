/** FA-7: which addresses a FHIR server may have. */
import { describe, expect, test } from 'vitest'
import { addressRules } from '../../src/net/addresses.ts'

const closed = addressRules({ 'allow-private': [], 'development-http': false })
const development = addressRules({ 'allow-private': [], 'development-http': true })

const loopback = [
  '127.0.0.1',
  '127.255.255.254',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
]
const inside = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.127.255.255',
  '198.18.0.1',
  'fc00::1',
  'fdff::1',
  '::ffff:10.0.0.1',
  '::ffff:c0a8:101',
  '64:ff9b::10.0.0.1',
]
const never = [
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '169.254.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '::a9fe:a9fe',
  '::ffff:0:a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '2001:0:a9fe:a9fe::1',
  '64:ff9b:1::1',
  'fd00:ec2::254',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'fe80::1%eth0',
  'no address',
  '',
]
const open = [
  '8.8.8.8',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '223.255.255.255',
  '2606:4700::1111',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
]

describe('addresses', () => {
  test.each(open)('%s may be connected to', (address) => {
    expect(closed('ehr.example', [address])).toBe(true)
  })

  test.each([...loopback, ...inside, ...never])('%s may not', (address) => {
    expect(closed('ehr.example', [address])).toBe(false)
  })

  test.each([...inside, ...never])('%s may not in development either', (address) => {
    expect(development('ehr.example', [address])).toBe(false)
  })

  test.each(loopback)('%s may in development', (address) => {
    expect(development('ehr.example', [address])).toBe(true)
  })

  test('every address of a name must be fit', () => {
    expect(closed('ehr.example', ['8.8.8.8', '10.0.0.1'])).toBe(false)
    expect(closed('ehr.example', ['8.8.8.8', '1.1.1.1'])).toBe(true)
    expect(closed('ehr.example', [])).toBe(false)
  })

  test('localhost is this machine and nothing else', () => {
    expect(development('localhost', ['8.8.8.8'])).toBe(false)
    expect(development('ehr.localhost', ['127.0.0.1', '::1'])).toBe(true)
  })
})

describe('what a site opens', () => {
  const named = addressRules({ 'allow-private': ['ehr.intern'], 'development-http': false })
  const ranged = addressRules({
    'allow-private': ['10.20.0.0/16', 'fd12::/32', '127.0.0.0/8'],
    'development-http': false,
  })
  const careless = addressRules({
    'allow-private': ['0.0.0.0/0', '::/0', 'ehr.intern'],
    'development-http': false,
  })

  test.each(inside)('a listed name may have %s, another name may not', (address) => {
    expect([named('ehr.intern', [address]), named('www.ehr.intern', [address])]).toEqual([true, false])
  })

  test('a listed name may not have an address of this machine', () => {
    expect(named('ehr.intern', ['127.0.0.1'])).toBe(false)
  })

  test('any name may have an address of a listed range, and of no other', () => {
    expect(ranged('ehr.example', ['10.20.3.4', '::ffff:10.20.3.4', 'fd12::7', '127.0.0.1'])).toBe(true)
    expect(ranged('ehr.example', ['10.21.0.1'])).toBe(false)
    expect(ranged('ehr.example', ['fd13::7'])).toBe(false)
  })

  test.each(never)('nothing opens %s', (address) => {
    expect(careless('ehr.intern', [address])).toBe(false)
  })
})
