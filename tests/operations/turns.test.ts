/** Turns in a minute: of whom they are, and that no clock that is set and nobody else changes them. */
import { describe, expect, test } from 'vitest'
import { networkOf, Turns } from '../../src/http/protection.ts'
import { Room } from '../../src/store/room.ts'

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

  test('of a million keys cost no more each than those of some thousand', () => {
    const turns = new Turns(1, () => 0)
    const started = performance.now()
    for (let key = 0; key < 1_000_000; key += 1) turns.take(`${key}`)
    // Looking for the first of a Map that is always full took half a minute.
    expect(performance.now() - started).toBeLessThan(5000)
    expect(turns.take('999999')).toBe(60)
  })
})

describe('room', () => {
  test('is for so many: those that were put in first go, and what is replaced counts as new', () => {
    const room = new Room<number>(3)
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['a', 4],
      ['d', 5],
    ] as const)
      room.set(key, value)
    expect(['a', 'b', 'c', 'd'].map((key) => room.get(key))).toEqual([4, undefined, 3, 5])
    room.deleteIf((value) => value > 3)
    expect([room.size, room.get('c')]).toEqual([1, 3])
  })

  test('of a thousand is never for more, whoever fills it', () => {
    const room = new Room<number>(1000)
    for (let at = 0; at < 100_000; at += 1) {
      room.set(`${at}`, at)
      if (at % 3 === 0) room.delete(`${at - 500}`)
      expect(room.size).toBeLessThanOrEqual(1000)
    }
    expect(room.get('99999')).toBe(99999)
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
