/** Looking for words in what people wrote, aware of "no", "denies", "without". */

/** One of these terms, as whole words, anywhere. */
export function saysOneOf(text: string, terms: readonly string[]): boolean {
  const plain = asWords(text)
  return wordsOf(terms).some((term) => plain.includes(term))
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
  const wanted = wordsOf(terms)
  const negations = wordsOf(rules.negations)
  const isAffirmed = (term: string) =>
    clauses.some((clause) => {
      const at = clause.indexOf(term)
      return at >= 0 && !negations.some((negation) => clause.slice(0, at + 1).includes(negation))
    })
  return terms.filter((_, at) => isAffirmed(wanted[at] ?? ''))
}

/** Characters of one reason or note that are read. */
const longestPart = 4000

function clausesOf(text: string, ends: readonly string[]): string[] {
  const { marks, words } = endsOf(ends)
  // Each reason and note is cut by itself, so that a long one hides nothing in the next.
  let rest = text
    .split('|')
    .map((part) => part.slice(0, longestPart))
    .join('\n')
  for (const mark of marks) rest = rest.replaceAll(mark, '\n')
  return rest.split('\n').flatMap((part) => {
    const clauses: string[][] = [[]]
    for (const word of normal(part).split(' ')) {
      if (words.has(word)) clauses.push([])
      clauses.at(-1)?.push(word)
    }
    return clauses.map((clause) => ` ${clause.join(' ')} `)
  })
}

/** Punctuation that ends a clause anywhere, and words that begin a new one. */
const endsOf = oncePerList((ends) => ({
  marks: ends.filter((end) => !/[a-z]/i.test(end)),
  words: new Set(ends.filter((end) => /[a-z]/i.test(end))),
}))

const wordsOf = oncePerList((terms) => terms.map(asWords))

/** Lists of words are the content's and live as long as the service: each is made ready the first time. */
function oncePerList<T>(make: (list: readonly string[]) => T): (list: readonly string[]) => T {
  const made = new WeakMap<readonly string[], T>()
  return (list) => {
    const known = made.get(list)
    if (known) return known
    const ready = make(list)
    made.set(list, ready)
    return ready
  }
}

function asWords(text: string): string {
  return ` ${normal(text)} `
}

/** Lower case, one blank between words, punctuation gone except inside words such as "r/o" and "x-ray". */
function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/'-]+/gu, ' ')
    .trim()
}
