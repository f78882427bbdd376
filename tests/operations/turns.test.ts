/** Turns in a minute: of whom they are, and that no clock that is set and nobody else changes them. */
import { describe, expect, test } from 'vitest'
import { networkOf, Turns } from '../../src/http/turns.ts'

describe('turns', () => {
  test('are so many in a minute, and then the seconds to wait are told', () => {
    let time = 5
    const turns = new Turns(2, () => time)
    expect([turns.take('a'), turns.take('a'), turns.take('a'), turns.take('b')]).toEqual([
      undefined,
      undefined,
      60,
      undefined,
    ])
    time += 30_500
    expect(turns.take('a')).toBe(30)
    time += 29_500
    expect(turns.take('a')).toBeUndefined()
  })

  test('that are given back may be taken again', () => {
    const turns = new Turns(1, () => 0)
    turns.take('a')
    turns.giveBack('a')
    turns.giveBack('nobody')
    expect([turns.take('a'), turns.take('a')]).toEqual([undefined, 60])
  })

  test('of a million keys take no more room than those of some thousand', () => {
    const turns = new Turns(1, () => 0)
    const before = process.memoryUsage().heapUsed
    for (let key = 0; key < 1_000_000; key += 1) turns.take(`${key}`)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(40_000_000)
    expect(turns.take('999999')).toBe(60)
  })
})

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['::ffff:203.0.113.1', '203.0.113.1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0'],
  ['2001:db8:0001:2::', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['unknown', 'unknown'],
])('%s is of the network %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})
