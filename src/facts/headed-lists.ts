/**
 * A heading speaks of every line below it: "Denies:⏎- fever⏎- saddle numbness". Each such line is written out as the sentence
 * that it is, "denies fever.", up to an empty line or the next heading. A heading that affirms needs nothing of it.
 */
import { phraseSet, wordSet } from './cue-phrases.ts'
import type { Cues } from './cues.ts'
import { isStatement } from './items.ts'
import { once, wordsIn } from './phrases.ts'

/** How a line below a heading begins when it is written out. */
type Opening = 'denies' | 'return if' | 'family history of'

/** DESIGN: a heading is a short line, and so is an item without a mark before it. */
const longestHeading = 90
const mostWords = 9

export function withHeadings(text: string, cues: Cues): string {
  const hasLines = text.includes('\n')
  const hasLists = text.includes(';') && text.includes(':')
  if (!hasLines && !hasLists) return text
  return text
    .split('|')
    .map((part) => {
      const lines = part.split('\n')
      const apart = hasLists ? lines.map((line) => withoutSemicolons(line, cues)) : lines
      return hasLines ? writtenOut(apart, cues) : apart.join('\n')
    })
    .join('|')
}

/** "Denies: fever; saddle numbness. Strength 5/5": what stands between semicolons is denied up to the end of the sentence. */
function withoutSemicolons(line: string, cues: Cues): string {
  if (!line.includes(';') || !line.includes(':')) return line
  return line
    .split('. ')
    .map((sentence) => {
      const [heading = '', ...list] = sentence.split(':')
      if (list.length !== 1 || heading.length > longestHeading) return sentence
      const opening = openingOf(wordsIn(heading), cues)
      return opening
        ? (list[0] ?? '')
            .split(';')
            .map((item) => `${opening} ${item.trim()}`)
            .join('. ')
        : sentence
    })
    .join('. ')
}

interface Block {
  opening: Opening
  /** Items have a mark before them; undefined before the first one. */
  isMarked?: boolean
}

function writtenOut(lines: readonly string[], cues: Cues): string {
  const written: string[] = []
  let block: Block | undefined
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const item = itemOf(line)
    const heading = headingIn(line, lines[at + 1], cues)
    if (heading !== undefined) {
      block = heading === 'another' ? undefined : { opening: heading }
      written.push(block ? '' : line)
    } else if (!block) written.push(line)
    else if (line.trim() === '') {
      // An empty line right below the heading ends nothing yet.
      if (block.isMarked !== undefined || !itemOf(lines[at + 1] ?? '').isMarked) block = undefined
      written.push('')
    } else if (goesOn(block, item, cues)) {
      block.isMarked ??= item.isMarked
      const words = [item.words]
      while (block.isMarked && continues(lines, at + 1, cues)) words.push(itemOf(lines[++at] ?? '').words)
      written.push(`${isAnswered(item.words, cues) ? '' : `${block.opening} `}${words.join(' ')}.`)
    } else {
      block = undefined
      written.push(line)
    }
  }
  return written.join('\n')
}

/** An item that is marked goes on in a line that is moved in, without a mark, and begins small. */
function continues(lines: readonly string[], at: number, cues: Cues): boolean {
  const line = lines[at] ?? ''
  if (!/^\s+\p{Ll}/u.test(line) || itemOf(line).isMarked) return false
  return headingIn(line, lines[at + 1], cues) === undefined
}

interface Item {
  words: string
  isMarked: boolean
}

const mark = /^\s{0,40}(?:[-*•·–—▪●◦>]|\d{1,2}[.)]|[a-z]\))\s{0,8}(?=\S)/u

function itemOf(line: string): Item {
  const marked = mark.exec(line)
  // "-2.5" and "+" of a finding are no marks of a list.
  return marked
    ? { words: line.slice(marked[0].length).trim(), isMarked: true }
    : { words: line.trim(), isMarked: false }
}

/** Below marks a line without one is no item; without marks a whole sentence is none. */
function goesOn({ isMarked }: Block, item: Item, cues: Cues): boolean {
  if (isMarked) return item.isMarked
  if (item.isMarked) return isMarked === undefined
  const words = wordsIn(item.words)
  return (
    words.length <= mostWords && !isStatement(words, cues) && !wordSet(cues.contrasts).has(words[0] ?? '')
  )
}

/** "Weakness: yes" answers for itself. */
function isAnswered(item: string, cues: Cues): boolean {
  const words = wordsIn(item)
  return words.at(-2) === ':' && wordSet(cues.affirmations).has(words.at(-1) ?? '')
}

/** What a line says of those below it; `another` heading ends what the one before it said. Undefined: it is no heading. */
function headingIn(line: string, next: string | undefined, cues: Cues): Opening | 'another' | undefined {
  const written = line.trim()
  if (written === '' || written.length > longestHeading) return undefined
  const isColon = written.endsWith(':')
  const words = wordsIn(written).filter((word) => word !== ':')
  const { conditions, affirms } = listsOf(cues)
  if (affirms.has(bareOf(words, cues))) return 'another'
  if (!isColon && !itemOf(next ?? '').isMarked) return undefined
  return openingOf(words, cues) ?? (isColon ? (conditions(words) ? 'return if' : 'another') : undefined)
}

const bareOf = (words: readonly string[], cues: Cues) =>
  words.filter((word) => !listsOf(cues).fillers.has(word)).join(' ')

function openingOf(words: readonly string[], cues: Cues): 'denies' | 'family history of' | undefined {
  const { denies, family } = listsOf(cues)
  const bare = bareOf(words, cues)
  return denies.has(bare) ? 'denies' : family.has(bare) ? 'family history of' : undefined
}

const listsOf = once((cues: Cues) => {
  const conditions = phraseSet(cues.conditions)
  const longest = 4
  return {
    fillers: wordSet(cues['heading-fillers']),
    denies: new Set([
      ...phraseSet(cues.negations),
      ...phraseSet(cues['denied-before']),
      ...phraseSet(cues.denials.filter((each) => each !== 'normal')),
    ]),
    family: phraseSet(cues.family),
    affirms: phraseSet(cues['heading-affirms']),
    conditions: (words: readonly string[]) =>
      words.some((_, start) =>
        Array.from({ length: longest }, (_, more) => words.slice(start, start + 1 + more).join(' ')).some(
          (each) => conditions.has(each),
        ),
      ),
  }
})
