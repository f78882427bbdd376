/** Rows of flowsheets: a name in words that a hospital made up, and a number. The name alone says less than both together. */
import { openLibrary } from 'lumbar'
import { expect, it } from 'vitest'
import { answering } from '../fidelity/trial.ts'
import { eventOf, type Story } from './events.ts'

const library = openLibrary()
const answer = answering(library)

async function ruleBeside(name: string, valueQuantity: { value: number; unit: string }) {
  const row = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'urn:oid:1.2.3', code: '77', display: name }], text: name },
    effectiveDateTime: '{T-1}',
    valueQuantity,
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
  ['Motor strength right foot', 2, '', 'RF04u'],
])('%s of %d %s', async (name, value, unit, rule) => {
  expect(await ruleBeside(name, { value, unit })).toEqual([rule])
})
