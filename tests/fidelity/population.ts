/** Whole populations of events: the trial's, in which rare things are common, and a plausible clinic's. The seed is fixed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Queries } from '../../fhir-fixtures/load.ts'
import { type Random, randomFrom } from '../support/random.ts'
import type { Event, Style } from './event.ts'
import { excludedEvent } from './exclusions.ts'
import { imagingEvent, imagingStories } from './imaging-events.ts'
import { opioidEvent, opioidStories } from './opioid-events.ts'
import { folder } from './vocabulary.ts'

export const seed = 20_261_121

const part = z.number().nonnegative()
const shares = z.strictObject({
  'imaging-of-all': part,
  coded: part,
  imaging: z.record(z.enum([...imagingStories, 'excluded']), part),
  opioid: z.record(z.enum([...opioidStories, 'excluded']), part),
})

export const { trial, clinic } = z
  .strictObject({ trial: shares, clinic: shares })
  .parse(parse(readFileSync(join(folder, 'shares.yaml'), 'utf8')))

/** Each event has its own chance, so that a change in one leaves the others as they were. */
export function* population(queries: Queries, { shares: mix = trial, size = 3600 } = {}): Generator<Event> {
  for (let number = 1; number <= size; number += 1) {
    const random = randomFrom(seed + number * 7919)
    const style: Style = random.chance(mix.coded / 100) ? 'coded' : 'rough'
    if (random.chance(mix['imaging-of-all'] / 100)) {
      const story = pickStory(mix.imaging, random)
      // Words of a note, shared ids and pages cut off are odd by nature.
      const isOdd = story === 'denial' || story === 'duplicate id' || story === 'pages cut off'
      yield story === 'excluded'
        ? excludedEvent(number, 'imaging', style, random, queries)
        : imagingEvent(number, story, isOdd ? 'rough' : style, random, queries)
    } else {
      const story = pickStory(mix.opioid, random)
      yield story === 'excluded'
        ? excludedEvent(number, 'opioid', style, random, queries)
        : opioidEvent(number, story, style, random, queries)
    }
  }
}

function pickStory<T extends string>(parts: Readonly<Record<T, number>>, random: Random): T {
  const all = Object.entries(parts) as [T, number][]
  let left = random.next() * all.reduce((sum, [, each]) => sum + each, 0)
  for (const [story, each] of all) {
    left -= each
    if (left < 0) return story
  }
  return all[0]?.[0] as T
}
