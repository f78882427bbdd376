/** The entry for other programs: its example as it stands in the docs, the same answers as the service, and its mistakes. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Library, openLibrary } from 'lumbar'
import { beforeAll, describe, expect, test } from 'vitest'
import { hookCall, listOrders, listPatients, loadOrder, loadPatient } from '../fhir-fixtures/load.ts'
import { parseCall } from '../src/hooks/call.ts'
import { services } from '../src/hooks/services.ts'
import { evaluatorWith, root } from './support/evaluator.ts'

const today = '2026-11-21'
const evaluator = evaluatorWith()
let lumbar: Library
beforeAll(() => {
  lumbar = openLibrary()
})

const call = (patient: string, order: string, hook: (typeof services)[number]['hook'] = 'order-sign') =>
  hookCall({
    patient: loadPatient(root, patient, today),
    orders: [loadOrder(root, order)],
    hook,
    queries: lumbar.queries,
    today,
  })

describe('The library', () => {
  test('runs the example of its page as it stands there', async () => {
    const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(10)
    const lines: unknown[][] = []
    const body = example
      .replace("import { openLibrary } from 'lumbar'", '')
      .replaceAll('console.log(', 'print(')
      .replace(/^/, 'return (async () => {')
      .concat('})()')
    const run = new Function('openLibrary', 'call', 'print', body)
    await run(openLibrary, call('acute-week-two', 'lumbar-mri'), (...words: unknown[]) => lines.push(words))
    expect(lines).toEqual([
      ['ServiceRequest/draft-lumbar-mri', true, { low: 9, high: 9 }],
      ['warning', 'Acute low back pain, no red flag found: imaging now is unlikely to help'],
    ])
  })

  test('is what the name of the package stands for', () => {
    expect(createRequire(import.meta.url).resolve('lumbar')).toBe(join(root, 'src/library.ts'))
  })

  const pairs = ['acute-week-two', 'cauda-equina', 'opioid-chronic', 'undated-pain', 'no-back-pain'].flatMap(
    (patient) => ['lumbar-mri', 'oxycodone'].map((order) => [patient, order] as const),
  )
  test.each(pairs)('says of %s with %s what the service says', async (patient, order) => {
    for (const service of services) {
      const body = call(patient, order, service.hook)
      const { cards } = await evaluator.evaluate(parseCall(body, service))
      const plain = (list: readonly object[]) => JSON.stringify(list).replace(/"uuid":"[^"]*"/g, '')
      expect(plain((await lumbar.judge(body, today)).cards)).toBe(plain(cards))
    }
  })

  test('says the same, ids included, of the same calls; side by side, each on its day', async () => {
    const [one, other] = [openLibrary(), openLibrary()]
    const body = call('acute-week-two', 'lumbar-mri')
    expect(await one.judge(body, today)).toEqual(await other.judge(body, today))
    const days = [today, '2027-02-21']
    const together = await Promise.all(days.map((day) => one.judge(body, day)))
    const apart = []
    for (const day of days) apart.push(await other.judge(body, day))
    expect(together.map(({ judgements }) => judgements)).toEqual(apart.map(({ judgements }) => judgements))
    expect(together[0]?.judgements[0]?.verdicts.get('IM01')).toBe(true)
    expect(together[1]?.judgements[0]?.verdicts.get('IM01')).toBe(false)
  })

  test('has a verdict of every rule of the order, also where nobody can tell', async () => {
    const { judgements } = await lumbar.judge({ ...call('undated-pain', 'lumbar-mri') }, today)
    const verdicts = [...(judgements[0]?.verdicts.values() ?? [])]
    expect(new Set(verdicts)).toEqual(new Set([true, false, undefined]))
  })

  test.each([
    ['no object', null],
    ['another hook', { hook: 'patient-opened' }],
    ['no patient', { hook: 'order-sign', hookInstance: 'a', context: {} }],
  ])('throws what to mend: %s', async (_what, body) => {
    await expect(lumbar.judge(body as object, today)).rejects.toMatchObject({ name: 'LumbarError' })
  })

  test('throws for a call whose patient did not come, and for a day that is none', async () => {
    const body = { ...call('acute-week-two', 'lumbar-mri'), prefetch: {} }
    await expect(lumbar.judge(body, today)).rejects.toMatchObject({ code: 'data-unavailable' })
    await expect(lumbar.judge(body, 'today')).rejects.toThrow(RangeError)
  })

  test('throws for content that is none, with its files', () => {
    expect(() => openLibrary({ root: join(root, 'tests/pathway') })).toThrow(/pathway/)
  })

  test('knows every invented patient and order', async () => {
    let cards = 0
    for (const patient of listPatients(root).slice(0, 6))
      for (const order of listOrders(root).slice(0, 6))
        cards += (await lumbar.judge(call(patient, order), today)).cards.length
    expect(cards).toBeGreaterThan(5)
  })
})
