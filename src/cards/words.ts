/** How long a card is: it is read in eight seconds, so every part is measured and cut in words. */

const isWord = (piece: string) => /[\p{L}\p{N}]/u.test(piece)

const piecesOf = (text: string) => text.split(/\s+/).filter(Boolean)

/** Pieces between blanks that have a letter or a digit. In one walk: each text of a card is counted, some many times. */
export function countWords(text: string): number {
  let words = 0
  let isCounted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0
    if (code > 0xffff) at += 1
    const kind = code < 128 ? (plainKinds[code] ?? other) : kindOf(String.fromCodePoint(code))
    if (kind === blank) isCounted = false
    else if (kind === letter && !isCounted) {
      words += 1
      isCounted = true
    }
  }
  return words
}

const [other, blank, letter] = [0, 1, 2]
const kindOf = (character: string) => (/\s/.test(character) ? blank : isWord(character) ? letter : other)
const plainKinds: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  kindOf(String.fromCharCode(code)),
)

/** The first so many words, with a sign that there were more. Text that is already escaped stays so. */
export function firstWords(text: string, most: number): string {
  if (countWords(text) <= most) return text
  const kept: string[] = []
  let words = 0
  for (const piece of piecesOf(text)) {
    if (isWord(piece)) words++
    if (words > most) break
    kept.push(piece)
  }
  // A number without its unit is worse than none: "oxycodone 80 …".
  while (kept.length > 1 && isNumber(kept.at(-1) ?? '')) kept.pop()
  return kept.length === 0 ? '' : `${kept.join(' ').replace(/[,;:.(]$/, '')}…`
}

const isNumber = (piece: string) => /^\d+(?:[.,]\d+)?$/.test(piece)

const ends = /[.!?]["'”)*]{0,3}$/

/** Sentences with their stops. A stop inside of a number or a word ends none. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  let pieces: string[] = []
  for (const piece of piecesOf(text)) {
    pieces.push(piece)
    if (!ends.test(piece)) continue
    sentences.push(pieces.join(' '))
    pieces = []
  }
  return pieces.length > 0 ? [...sentences, pieces.join(' ')] : sentences
}

/** As many items as fit into so many words; what is left over is counted by `more`. */
export function listWithin(
  items: readonly string[],
  most: number,
  more: (list: string, left: number) => string,
): string {
  const kept: string[] = []
  let words = 0
  for (const item of items) {
    words += countWords(item)
    if (kept.length > 0 && words > most) break
    kept.push(kept.length === 0 ? firstWords(item, most) : item)
  }
  const left = items.length - kept.length
  return left > 0 ? more(kept.join(', '), left) : kept.join(', ')
}
