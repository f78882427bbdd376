/** Keys are remembered, renewed, kept through an outage; and no flood of callers becomes one of questions. */
import { describe, expect, test } from 'vitest'
import { createKeyStore } from '../../src/trust/key-store.ts'
import { askedDuring, keyServer } from './key-server.ts'
import { Clock, jwksUrl, newKey } from './support.ts'

const key = await newKey()
const next = await newKey()
const hour = 3600

/** Lets work in the background end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 10))

describe('keys that are known', () => {
  test('SEC-10: are asked for once', async () => {
    const { server, find } = keyServer(key, next)
    for (const { kid } of [key, next, key]) expect(await find(kid)).toBe('found')
    expect(server.asked).toBe(1)
  })

  test('SEC-10: are asked for once by a thousand calls at once', async () => {
    const { server, find } = keyServer(key)
    const answers = await Promise.all(Array.from({ length: 1000 }, () => find(key.kid)))
    expect([new Set(answers), server.asked]).toEqual([new Set(['found']), 1])
  })

  test('SEC-10: serve at once while they are renewed after ten minutes, and not before', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.clock.pass(599)
    await find(key.kid)
    expect(server.asked).toBe(1)
    server.clock.pass(1)
    server.slow = new Promise(() => {})
    expect(await find(key.kid)).toBe('found')
    expect(server.asked).toBe(2)
  })

  test('SEC-10: are withdrawn with the next renewal, and after a quiet hour before they serve', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.keys = [next]
    server.clock.pass(600)
    expect(await find(key.kid)).toBe('found')
    await settle()
    expect(await find(key.kid)).toBe('unknown-key')
    server.keys = [key]
    server.clock.pass(hour)
    expect(await find(next.kid)).toBe('unknown-key')
  })
})

describe('a key that is not known', () => {
  test('SEC-10: is found after a rotation at once', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.keys = [key, next]
    server.clock.pass(30)
    expect(await find(next.kid)).toBe('found')
    expect(await find(key.kid)).toBe('found')
    expect(server.asked).toBe(2)
  })

  test('SEC-10: is asked for every 30 seconds at most, however many calls name one', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    for (let second = 0; second < 120; second += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => find(`made-up-${second}-${index}`)))
      server.clock.pass(1)
    }
    expect(server.asked).toBe(4)
    expect(await find(key.kid)).toBe('found')
  })

  test('SEC-10: keeps a thousand calls waiting and no more, and none that names a known one', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.clock.pass(30)
    let answer = () => {}
    server.slow = new Promise<void>((resolve) => {
      answer = resolve
    })
    let answered = 0
    const flood = Array.from({ length: 1500 }, async () => {
      expect(await find('made-up')).toBe('unknown-key')
      answered += 1
    })
    await settle()
    expect([answered, await find(key.kid), server.asked]).toEqual([500, 'found', 2])
    answer()
    await Promise.all(flood)
    expect(answered).toBe(1500)
  })
})

describe('a key server that is down', () => {
  test('SEC-10: does not stop known keys for a day, and no longer', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.up = false
    for (let passed = 0; passed < 24; passed += 1) {
      expect([passed, await find(key.kid)]).toEqual([passed, 'found'])
      server.clock.pass(hour)
    }
    expect(await find(key.kid)).toBe('keys-unavailable')
    server.up = true
    server.clock.pass(60)
    expect(await find(key.kid)).toBe('found')
  })

  test('SEC-10: is asked ever less often, up to once a minute', async () => {
    const { server, find } = keyServer(key)
    server.up = false
    expect(await askedDuring(server, () => find(key.kid))).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
  })

  test('SEC-10: is not asked more often than a sound one while known keys serve', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.up = false
    expect(await askedDuring(server, () => find('made-up'))).toEqual([30, 60, 120, 180])
  })

  test('SEC-10: lets calls in again after it came back, and is then asked as before', async () => {
    const { server, find } = keyServer(key)
    server.up = false
    for (const pause of [1, 2, 4]) {
      expect(await find(key.kid)).toBe('keys-unavailable')
      server.clock.pass(pause)
    }
    server.up = true
    expect([await find(key.kid), server.asked]).toEqual(['found', 4])
    server.clock.pass(30)
    expect([await find('made-up'), server.asked]).toEqual(['unknown-key', 5])
    expect(server.log).toEqual([
      ...[1, 2, 3].map((failures) => ({
        outcome: 'keys-not-fetched',
        url: jwksUrl,
        reason: 'no-answer',
        failures,
      })),
      { outcome: 'keys-fetched-again', url: jwksUrl },
    ])
  })

  test('SEC-10: keeps its keys when it answers something else', async () => {
    const { server, find } = keyServer(key)
    await find(key.kid)
    server.keys = [{ ...key, shown: null as never }]
    server.clock.pass(600)
    await find(key.kid)
    await settle()
    expect(await find(key.kid)).toBe('found')
    expect(server.log).toHaveLength(1)
  })

  test('SEC-10: a failure that comes at once is asked again like any other', async () => {
    const clock = new Clock()
    let asked = 0
    const fetchKeys = () => {
      asked += 1
      throw new Error('at once')
    }
    const store = createKeyStore({
      url: jwksUrl,
      fetchKeys,
      elapsed: clock.elapsed,
      log: { info() {}, warn() {} },
    })
    await store('ES384', key.kid)
    clock.pass(60)
    expect([await store('ES384', key.kid), asked]).toEqual(['keys-unavailable', 2])
  })
})
