/** `npm run explain -- --evaluation`: what one card rested on, for whoever has the key, and as long as it is kept. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluationBook, keepEvaluations } from '../../src/checklist/why/evaluations.ts'
import { explain } from '../../src/cli/explain.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { openSqlite } from '../../src/ledger/threaded.ts'
import { realContent } from '../support/evaluator.ts'
import { callOf, type Desk, day, key, openDesk, today } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'lumbar-explain-'))
const file = join(folder, 'ledger.sqlite')
let desk: Desk
beforeAll(() => {
  vi.stubEnv('LEDGER_FILE', file)
  vi.stubEnv('LEDGER_KEY', key.toString('base64url'))
  vi.stubEnv('DATABASE_URL', '')
  desk = openDesk({ sql: openSqlite(file) })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await desk.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A call whose evidence is kept from this moment on for a day, in ms since 1970. */
async function answered(keptFrom: number): Promise<string> {
  const evaluator = createEvaluator(realContent(), {
    today: () => today,
    newId: randomUUID,
    ledger: desk.ledger,
    keep: keepEvaluations({
      book: evaluationBook(desk.ledger.bases, 24, () => keptFrom),
      version: '1',
      now: () => new Date(keptFrom),
      onlyServer: () => 'https://ehr.example.org/fhir',
      onFailure: (reason) => {
        throw new Error(reason)
      },
    }),
  })
  const { cards } = await evaluator.evaluate(callOf('order-sign', 'acute-week-two', ['lumbar-mri']))
  await new Promise(setImmediate)
  await desk.ledger.flush()
  return cards[0]?.uuid ?? ''
}

async function printed(name: string): Promise<string> {
  const lines: string[] = []
  await explain(['--evaluation', name], (line) => lines.push(line))
  return stripVTControlCharacters(lines.join('\n'))
}

test('tells what was found in the chart, with its evidence, as long as that is kept', async () => {
  const out = await printed(await answered(Date.now()))
  expect(out).toContain('IM01')
  expect(out).toMatch(/onset-days\s+9/)
  expect(out).toMatch(/Condition\/\S+/)
  expect(out).toContain('no: ')
})

test('says that it is no longer kept when its time is over', async () => {
  const out = await printed(await answered(Date.now() - 2 * day))
  expect(out).toContain('IM01')
  expect(out).toContain('What was found in the chart is not kept')
  expect(out).not.toMatch(/onset-days\s+9/)
})

test('tells nothing of it to whoever has another key', async () => {
  const card = await answered(Date.now())
  vi.stubEnv('LEDGER_KEY', Buffer.alloc(32, 1).toString('base64url'))
  const out = await printed(card)
  expect(out).toContain('IM01')
  expect(out).toContain('What was found in the chart is not kept')
})
