/** What is away is not waited for by everybody, and is tried again by itself. */
import { expect, test } from 'vitest'
import { Away, Breaker } from '../../src/store/database.ts'

test('the first failure is told as it is, the next calls are refused without work, until the probe succeeds', async () => {
  const heard: string[] = []
  let isUp = false
  let probed = 0
  const breaker = new Breaker({
    probe: async () => {
      probed += 1
      if (!isUp) throw new Error('still away')
    },
    onAway: (error) => heard.push(`away: ${(error as Error).message}`),
    onBack: () => heard.push('back'),
    firstPause: 5,
    longestPause: 20,
  })
  let worked = 0
  const work = async () => {
    worked += 1
    if (!isUp) throw new Error('down')
    return 'done'
  }
  await expect(breaker.run(work)).rejects.toThrow('down')
  await expect(breaker.run(work)).rejects.toBeInstanceOf(Away)
  expect(worked).toBe(1)
  await expect.poll(() => probed).toBeGreaterThan(2)
  isUp = true
  await expect.poll(() => breaker.run(work).catch(() => 'away')).toBe('done')
  expect(heard).toEqual(['away: down', 'back'])
})

test('a breaker that was closed tries nothing again', async () => {
  let probed = 0
  const breaker = new Breaker({
    probe: async () => {
      probed += 1
    },
    onAway: () => undefined,
    onBack: () => undefined,
    firstPause: 5,
  })
  await expect(breaker.run(() => Promise.reject(new Error('down')))).rejects.toThrow('down')
  breaker.close()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(probed).toBe(0)
})
