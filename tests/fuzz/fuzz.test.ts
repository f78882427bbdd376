/**
 * SEC-14: bodies of calls, tokens, answers of FHIR servers and addresses, changed by chance that steers by the code it
 * makes run, against the whole service: no 5xx, no hang, no death, no patient in the log. Here what was found before and
 * seconds of new ones, always the same; minutes by `npm run fuzz`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runsOf } from '../support/sweep.ts'
import { targetNames } from './targets.ts'
import { hunt } from './watch.ts'

/** Of new ones for each target. */
const seconds = runsOf(1, 3)

test.concurrent.each(targetNames)(
  'SEC-14: nothing is found in seconds: %s',
  { timeout: 240_000 },
  async (target) => {
    const found = await hunt(target, seconds, 1)
    expect(found.findings).toEqual([])
    expect(found.runs).toBeGreaterThan(found.replayed)
    expect(found.before).toBeGreaterThan(50)
  },
)

describe('the watch of the fuzzer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lumbar-watch-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Tries one input, and does this with it. */
  function fuzzerThat(does: string): string {
    const program = join(folder, `${does.length}.mjs`)
    const tries = `import { writeFileSync } from 'node:fs'\nwriteFileSync(process.argv[5], 'the input')\n`
    writeFileSync(program, `${tries}${does}\n`)
    return program
  }

  test.concurrent.each([
    ['a death', 'process.abort()', /^ended with/],
    ['a hang', 'for (;;);', /^hung/],
    ['a failure in the log', `console.log('{"level":50,"outcome":"internal-error"}')`, /^failed/],
    ['a patient in the log', `console.log('{"level":30,"patient":"Quuxley"}')`, /^logged/],
    ['a wrong answer', `process.send({ finding: 'the input', why: '500' }, () => process.exit(0))`, /^500/],
  ])('SEC-14: finds %s, and keeps the input', async (_, does, why) => {
    const { findings } = await hunt('hook', 1, 1, { program: fuzzerThat(does), patience: 3000 })
    expect(findings).toContainEqual({ why: expect.stringMatching(why), input: 'the input' })
  })
})
