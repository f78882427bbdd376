/**
 * Forms of one word, brought to one: "drags", "dragged", "dragging"; and words of digits and letters by their shape, so
 * that "28w3d" and "31w0d" are one. Only for finding terms: what is said around them is read from the words themselves.
 */

/** Shorter words have endings that are no endings: "legs" is listed beside "leg" where it matters. */
const shortest = 5

/** The same words, each without its ending; of a fixed spelling, so that nobody reads them. */
export const stemsOf = (words: readonly string[]): string[] => words.map(stemOf)

export function stemOf(word: string): string {
  if (word.length < shortest || !/^[a-z]+$/.test(word)) return word
  let stem = word
  if (stem.endsWith('ies')) stem = `${stem.slice(0, -3)}y`
  else if (stem.endsWith('sses') || stem.endsWith('shes') || stem.endsWith('ches')) stem = stem.slice(0, -2)
  else if (/[^siu]s$/.test(stem)) stem = stem.slice(0, -1)
  for (const ending of ['ing', 'ed']) {
    const rest = stem.slice(0, -ending.length)
    if (!stem.endsWith(ending) || rest.length < 3 || !/[aeiouy]/.test(rest)) continue
    if (/([^aeiouylsz])\1$/.test(rest)) stem = rest.slice(0, -1)
    // "Wiping" is of "wipe": a word such as "wet" would have doubled its end.
    else stem = /^[^aeiou][aeiou][^aeiouwxy]$/.test(rest) ? `${rest}e` : rest
    break
  }
  return stem.endsWith('e') && stem.length >= shortest ? stem.slice(0, -1) : stem
}

/** "28w3d" is 0w0d. Undefined for plain words and plain numbers. */
export function shapeOf(word: string): string | undefined {
  if (!/\d/.test(word) || !/[a-z]/.test(word)) return undefined
  return word.replace(/\d+/g, '0')
}
