/** Where a list of denials ends: behind what no list of signs holds, and not before what every visit asks. */
import { phraseSet, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'

/**
 * "No pacemaker, foot drop": what is denied is no sign, and the list ends. Whoever "denies" things goes on, and so does
 * "no surgery, fever, weakness"; behind what no list of signs holds ("no pacemaker, …") somebody reads a longer one.
 */
export function listBehind(
  clause: readonly string[],
  opener: number,
  opensAt: number,
  comma: number,
  cues: Cues,
): 'goes on' | 'ends' | 'unsure' {
  const denied = (list: readonly string[]) => {
    const phrases = phraseSet(list)
    for (let start = Math.max(opensAt, comma - longestItem); start < comma; start += 1)
      if (phrases.has(clause.slice(start, comma).join(' '))) return true
    return false
  }
  if (wordSet(cues['denies-lists']).has(clause[opensAt - 1] ?? '')) return 'goes on'
  const joins = wordSet(cues.joins)
  const isLast = clause.indexOf(',', comma + 1) < 0 && !clause.slice(comma).some((word) => joins.has(word))
  // "X-ray negative for fracture, foot drop": a test denies no sign that is seen; of a scan somebody reads what follows.
  const test = isLast && testDenying(clause.slice(opener, opensAt - 1), cues)
  if (test) return test.some((word) => wordSet(cues.scans).has(word)) ? 'unsure' : 'ends'
  if (denied(cues['denied-alone'])) return isLast ? 'ends' : 'unsure'
  return isLast && denied(cues['denied-apart']) ? 'ends' : 'goes on'
}

const testDenying = (name: readonly string[], cues: Cues) =>
  phraseSet(cues['in-names']).has(name.join(' ')) ? name : undefined

/**
 * "Denies trauma, history of cancer, weight loss": in a denied list of three or more, what every visit asks stays
 * denied. "Denies fever, history of breast cancer" tells of a cancer.
 */
export function isAskedToo(
  clause: readonly string[],
  start: number,
  items: number,
  askedInLists: ReadonlySet<string>,
): boolean {
  const rest = clause.indexOf(',', start)
  const end = rest < 0 ? clause.length : rest
  if (end - start > longestItem || (items < 2 && rest < 0)) return false
  return askedInLists.has(clause.slice(start, end).join(' '))
}
const longestItem = 4
