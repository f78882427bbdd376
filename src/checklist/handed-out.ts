/** That a patient was given a handout, so that education is not offered again while it counts. Kept by hash, as answers are. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Content } from '../pathway/content.ts'
import { type About, type AnswerBook, answerBook, type KeptBriefly, serverOf } from './book.ts'

export interface HandedOut {
  /** `on` as 2026-11-22. */
  note(about: About, on: string): Promise<void>
  last(about: About): Promise<string | undefined>
}

const day = z.iso.date()

/** `now` in ms since 1970. A visit makes no difference: what was learned stays learned. */
export function handedOut(place: KeptBriefly, days: number, now: () => number): HandedOut {
  return {
    note: (about, on) => place.put(keyOf(about), on, now() + days * 86_400_000),
    last: async (about) => day.optional().parse(await place.get(keyOf(about))),
  }
}

function keyOf({ fhirServer, patientId }: About): string {
  const told = JSON.stringify(['handout', serverOf(fhirServer), patientId])
  return createHash('sha256').update(told).digest('base64url')
}

/** What is kept about patients between calls, for as long as the site and the pathway say. */
export interface Kept {
  book: AnswerBook
  handedOut: HandedOut
}

/** `now` in ms since 1970. A handout counts as long as education on record does. */
export function keptIn(
  { site, parameters }: Pick<Content, 'site' | 'parameters'>,
  place: KeptBriefly,
  now: () => number,
): Kept {
  return {
    book: answerBook(place, site['checklist-hours'], now),
    handedOut: handedOut(place, parameters['care-lookback-days']?.value ?? 0, now),
  }
}
