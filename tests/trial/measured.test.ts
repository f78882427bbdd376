/** Rows of flowsheets: a name in words that a hospital made up, and a number. The name alone says less than both together. */
import { openLibrary } from 'lumbar'
import { expect, it } from 'vitest'
import { answering } from '../fidelity/trial.ts'
import { eventOf, type Story } from './events.ts'

const library = openLibrary()
const answer = answering(library)

const named = (name: string) => ({
  coding: [{ system: 'urn:oid:1.2.3', code: '77', display: name }],
  text: name,
})

async function ruleBeside(name: string, value: object, isPart = false) {
  const [code, part] = [named(isPart ? 'Nursing assessment' : name), { code: named(name), ...value }]
  const row = {
    ...{ resourceType: 'Observation', status: 'final', effectiveDateTime: '{T-1}', code },
    ...(isPart ? { component: [part] } : value),
  }
  const story = { who: '47 F', pain: 5, orders: ['mri'], chart: [], raw: [row], truth: 'either', told: name }
  const event = eventOf(story as unknown as Story, { lines: [], told: name }, 'mri', 3, library.queries)
  return (await answer(event.body)).map(({ extension: { lumbar } }) => lumbar.rule)
}

it.each([
  ['Post void residual', 420, 'mL', 'RF04c'],
  ['Bladder scan volume', 640, 'mL', 'RF04c'],
  ['Post void residual', 150, 'mL', 'RF04u'],
  ['Post void residual', 20, 'mL', 'IM01'],
  ['Foot circumference', 24, 'cm', 'IM01'],
  ['Stool frequency', 1, '/d', 'IM01'],
  ['Motor strength right foot', 2, '', 'RF05a'],
  ['Motor strength right foot', 0, '', 'RF05a'],
])('%s of %d %s', async (name, value, unit, rule) => {
  expect(await ruleBeside(name, { valueQuantity: { value, unit } })).toEqual([rule])
  expect(await ruleBeside(name, { valueQuantity: { value, unit } }, true), 'as a part').toEqual([rule])
  expect(await ruleBeside(name, { valueString: `${value} ${unit}` }), 'as a text').toEqual([rule])
})
