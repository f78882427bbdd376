/** How many words stand on the paper of a handout: all of them, as a reader counts. */
import { renderHandout } from './html.ts'
import type { Handout } from './model.ts'

/** A number, a telephone number or an address is one word; what only screen readers hear of drawings is none. */
export function wordsOn(handout: Handout): number {
  const seen = renderHandout(handout)
    .text.replace(/<(title|desc)\b[^>]*>.*?<\/\1>/gs, ' ')
    .replace(/<\/?(?:strong|span|a)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
  return seen.split(/\s+/).filter((each) => /[\p{L}\p{N}]/u.test(each)).length
}
