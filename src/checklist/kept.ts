/** What is kept about patients between calls, for as long as the site and the pathway say. */
import type { Content } from '../content/content.ts'
import { type AnswerBook, answerBook, type KeptBriefly } from './book.ts'
import { type HandedOut, handedOut } from './handed-out.ts'

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
