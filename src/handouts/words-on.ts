/** How many words stand on the paper of a handout: all of them, as a reader counts. */
import { renderHandout } from './html.ts'
import type { Handout } from './model.ts'

/** Tags within a word or beside it; all others end one. */
const inline = new Set(['strong', 'span', 'a'])
/** What only screen readers hear of drawings. */
const unseen = new Set(['title', 'desc'])

/** A number, a telephone number or an address is one word; what only screen readers hear of drawings is none. */
export function wordsOn(handout: Handout): number {
  const [first = '', ...tagged] = renderHandout(handout).text.split('<')
  let seen = first
  for (const piece of tagged) {
    const end = piece.indexOf('>')
    const name = piece.slice(0, end).split(' ')[0] ?? ''
    if (!inline.has(name.replace('/', ''))) seen += ' '
    if (!unseen.has(name)) seen += piece.slice(end + 1)
  }
  return seen.split(/\s+/).filter((each) => /[\p{L}\p{N}]/u.test(each)).length
}
