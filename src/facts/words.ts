/** Looking for words in what people wrote, aware of "no", "denies", "without". */

/** One of these terms, as whole words, anywhere. */
export function saysOneOf(text: string, terms: readonly string[]): boolean {
  const plain = ` ${normal(text)} `
  return terms.some((term) => plain.includes(` ${normal(term)} `))
}

export interface Negations {
  /** "no", "denies": they reach forward to the end of the clause. */
  negations: readonly string[]
  /** "but", ".": where the reach of a negation ends. */
  'negation-ends': readonly string[]
}

/** Terms that are said and not negated, in the order of the list. */
export function affirmedTerms(text: string, terms: readonly string[], rules: Negations): string[] {
  const clauses = clausesOf(text, rules['negation-ends'])
  return terms.filter((term) => {
    const wanted = ` ${normal(term)} `
    return clauses.some((clause) => {
      const at = clause.indexOf(wanted)
      return (
        at >= 0 &&
        !rules.negations.some((negation) => clause.slice(0, at + 1).includes(` ${normal(negation)} `))
      )
    })
  })
}

/** Characters of one reason or note that are read. */
const longestPart = 4000

function clausesOf(text: string, ends: readonly string[]): string[] {
  const marks = ends.filter((end) => !/[a-z]/i.test(end))
  const words = new Set(ends.filter((end) => /[a-z]/i.test(end)))
  // Each reason and note is cut by itself, so that a long one hides nothing in the next.
  let rest = text
    .split('|')
    .map((part) => part.slice(0, longestPart))
    .join('\n')
  for (const mark of marks) rest = rest.split(mark).join('\n')
  return rest.split('\n').flatMap((part) => {
    const clauses: string[][] = [[]]
    for (const word of normal(part).split(' ')) {
      if (words.has(word)) clauses.push([])
      clauses.at(-1)?.push(word)
    }
    return clauses.map((clause) => ` ${clause.join(' ')} `)
  })
}

/** Lower case, one blank between words, punctuation gone except inside words such as "r/o" and "x-ray". */
const normal = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/'-]+/gu, ' ')
    .trim()
