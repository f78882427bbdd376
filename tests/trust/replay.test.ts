/** A token is good once: in the verifier, and in the memory of one instance. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { ReplayStoreUnavailable } from '../../src/trust/failures.ts'
import { MemoryReplay, type Use } from '../../src/trust/replay.ts'
import { Clock, callersOf, hospital, letIn, newKey, outcome, publicUrl, sign, token } from './support.ts'

const key = await newKey()
const select = '/cds-services/lumbar-order-select'
const both = { aud: [publicUrl + sign, publicUrl + select] }

describe('a token that was used', () => {
  test('SEC-9: is refused, here and at other addresses, until it expires', async () => {
    const { verify, clock } = hospital([key])
    clock.pass(30)
    const jwt = await token(key, clock, both)
    expect(await outcome(verify, jwt)).toEqual(letIn)
    expect(await outcome(verify, jwt)).toBe('replayed')
    expect(await outcome(verify, jwt, select)).toBe('replayed')
    clock.pass(359)
    expect(await outcome(verify, jwt)).toBe('replayed')
    clock.pass(1)
    expect(await outcome(verify, jwt)).toBe('expired')
  })

  test('SEC-9: of many calls at once with one token, one is let in', async () => {
    const { verify, clock } = hospital([key])
    const jwt = await token(key, clock)
    const answers = await Promise.all(Array.from({ length: 20 }, () => outcome(verify, jwt)))
    expect(answers.filter((answer) => answer !== 'replayed')).toEqual([letIn])
  })

  test('SEC-9: another token with its jti is refused too', async () => {
    const { verify, clock } = hospital([key])
    expect(await outcome(verify, await token(key, clock, { jti: 'one' }))).toEqual(letIn)
    expect(await outcome(verify, await token(key, clock, { jti: 'one', exp: clock.seconds() + 9 }))).toBe(
      'replayed',
    )
  })

  test('SEC-9: two issuers may use the same jti', async () => {
    const other = 'https://b.example.org'
    const { verify, clock } = hospital([key], {}, { callers: callersOf({}, { iss: other }) })
    expect(await outcome(verify, await token(key, clock, { jti: 'one' }))).toEqual(letIn)
    expect(await outcome(verify, await token(key, clock, { jti: 'one', iss: other }))).toMatchObject({
      issuer: other,
    })
  })

  test('SEC-9: a token that was refused has not been used, and a forger uses up nobody’s jti', async () => {
    const { verify, clock } = hospital([key])
    const thief = { ...(await newKey()), kid: key.kid }
    expect(await outcome(verify, await token(thief, clock, { jti: 'one' }))).toBe('wrong-signature')
    expect(await outcome(verify, await token(key, clock, { jti: 'one', aud: 'x' }))).toBe('wrong-audience')
    expect(await outcome(verify, await token(key, clock, { jti: 'one' }))).toEqual(letIn)
  })
})

describe('where the same request is allowed', () => {
  const kind = { replay: 'allow-same-request' } as const

  test('SEC-12: a client that tries again with the same token is let in, until it expires', async () => {
    const { verify, clock } = hospital([key], kind)
    const jwt = await token(key, clock)
    for (let tries = 0; tries < 3; tries += 1) expect(await outcome(verify, jwt)).toEqual(letIn)
    clock.pass(360)
    expect(await outcome(verify, jwt)).toBe('expired')
  })

  test('SEC-12: the token is still refused at other addresses, and another with its jti however often', async () => {
    const { verify, clock } = hospital([key], kind)
    const jwt = await token(key, clock, { ...both, jti: 'one' })
    const other = await token(key, clock, { ...both, jti: 'one', sub: 'x' })
    expect(await outcome(verify, jwt)).toEqual(letIn)
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await outcome(verify, jwt, select)).toBe('replayed')
      expect(await outcome(verify, other)).toBe('replayed')
    }
    expect(await outcome(verify, jwt)).toEqual(letIn)
  })
})

const timesOf = ({ now, elapsed }: Clock) => ({ now, elapsed })
const use = (jti: string, until: Date, issuer = 'https://ehr.example.org'): Use => ({ issuer, jti, until })

describe('the memory of one instance', () => {
  const later = (clock: Clock, seconds: number) => new Date(clock.time + seconds * 1000)

  test('SEC-9: forgets what has expired, in order of time and not of arrival', async () => {
    const clock = new Clock()
    const memory = new MemoryReplay(timesOf(clock))
    for (const seconds of [600, 60, 300]) await memory.seen(use(`for-${seconds}`, later(clock, seconds)))
    clock.pass(360)
    expect(await memory.seen(use('for-600', later(clock, 240)))).toBe(true)
    expect(memory.size).toBe(1)
  })

  test('SEC-9: keeps a token to its very end', async () => {
    const clock = new Clock()
    clock.pass(37)
    const memory = new MemoryReplay(timesOf(clock))
    const end = later(clock, 300)
    await memory.seen(use('one', end))
    for (let second = 0; second < 300; second += 1) {
      expect([second, await memory.seen(use('one', end))]).toEqual([second, true])
      clock.pass(1)
    }
  })

  test('SEC-9: when full refuses new tokens, forgets no old one, and recovers when they expire', async () => {
    const clock = new Clock()
    const memory = new MemoryReplay({ ...timesOf(clock), room: 3 })
    for (const name of ['a', 'b', 'c']) await memory.seen(use(name, later(clock, 300)))
    await expect(memory.seen(use('d', later(clock, 300)))).rejects.toThrow(ReplayStoreUnavailable)
    for (const name of ['a', 'b', 'c']) expect(await memory.seen(use(name, later(clock, 300)))).toBe(true)
    clock.pass(360)
    expect(await memory.seen(use('d', later(clock, 300)))).toBe(false)
  })

  test('SEC-9: no issuer takes the room of another', async () => {
    const clock = new Clock()
    const memory = new MemoryReplay({ ...timesOf(clock), room: 3 })
    const end = later(clock, 300)
    for (const name of ['a', 'b', 'c']) await memory.seen(use(name, end))
    await expect(memory.seen(use('d', end))).rejects.toThrow(ReplayStoreUnavailable)
    expect(await memory.seen(use('a', end, 'https://another.example'))).toBe(false)
    expect(await memory.seen(use('a', end, 'https://another.example'))).toBe(true)
  })

  test('SEC-9: a clock that is put forward and back makes no used token good again', async () => {
    const clock = new Clock()
    const memory = new MemoryReplay(timesOf(clock))
    const end = later(clock, 300)
    await memory.seen(use('one', end))
    clock.pass(61)
    clock.set(3600)
    await memory.seen(use('another', later(clock, 300)))
    clock.set(-3600)
    expect(await memory.seen(use('one', end))).toBe(true)
  })

  test('SEC-9: a clock that is put back keeps used tokens for as long as they are good again', async () => {
    const clock = new Clock()
    const memory = new MemoryReplay(timesOf(clock))
    const end = later(clock, 300)
    await memory.seen(use('one', end))
    clock.set(-3600)
    clock.pass(600)
    expect(await memory.seen(use('one', end))).toBe(true)
    clock.pass(3600)
    await memory.seen(use('another', later(clock, 300)))
    expect(memory.size).toBe(1)
  })

  test('SEC-9: 200,000 tokens take less than 40 MB, are all remembered, and are all let go', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const heap = () => {
      collect()
      return process.memoryUsage().heapUsed / 2 ** 20
    }
    const clock = new Clock()
    const memory = new MemoryReplay(timesOf(clock))
    // Each is longer than what may be kept of it.
    const name = (index: number) => `jti-${index}`.repeat(100)
    const before = heap()
    for (let index = 0; index < 200_000; index += 1) {
      await memory.seen(use(name(index), later(clock, 60 + (index % 3600))))
    }
    const taken = heap() - before
    expect(memory.size).toBe(200_000)
    expect(await memory.seen(use(name(0), later(clock, 60)))).toBe(true)
    await expect(memory.seen(use('one more', later(clock, 60)))).rejects.toThrow(ReplayStoreUnavailable)
    expect(taken).toBeLessThan(40)
    clock.pass(3720)
    expect([await memory.seen(use('another', later(clock, 60))), memory.size]).toEqual([false, 1])
    expect(heap() - before).toBeLessThan(5)
  }, 30_000)
})

test('SEC-9: a memory that fails lets nobody in, and is not taken for a forged token', async () => {
  const replay = { seen: () => Promise.reject(new Error('disk full')) }
  const { verify, clock } = hospital([key], {}, { replay })
  await expect(outcome(verify, await token(key, clock))).rejects.toThrow(ReplayStoreUnavailable)
})
