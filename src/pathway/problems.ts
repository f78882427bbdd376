/** Everything wrong with the content, collected and told in one run as `file:line: sentence`. */
import { distance } from 'fastest-levenshtein'

export interface Place {
  /** Relative to the project root. */
  file: string
  line: number
}

export interface Problem extends Place {
  message: string
}

const told = ({ file, line, message }: Problem) => `${file}:${line}: ${message}`

/** The content has mistakes. The message lists all of them, one a line. */
export class ContentError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(told).join('\n'))
    this.name = 'ContentError'
    this.problems = problems
  }
}

export class Problems {
  readonly #found = new Map<string, Problem>()

  /** The same sentence about the same line is told once. */
  add({ file, line }: Place, message: string) {
    const problem = { file, line, message }
    this.#found.set(told(problem), problem)
  }

  /** By file and line, so that a person mends them from top to bottom. */
  get sorted(): Problem[] {
    return [...this.#found.values()].sort((a, b) =>
      a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1,
    )
  }

  get isAny(): boolean {
    return this.#found.size > 0
  }

  throwIfAny() {
    if (this.isAny) throw new ContentError(this.sorted)
  }
}

/** The known name that a person most likely meant: a slip of a few letters, or a name cut short. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let least = (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1
  let cutShort: string | undefined
  for (const name of known) {
    const slips = distance(wanted, name.toLowerCase())
    if (slips < least) {
      best = name
      least = slips
    }
    if (wanted.length > 2 && name.toLowerCase().startsWith(wanted)) cutShort ??= name
  }
  return best ?? cutShort
}

const listable = 12

/** `unknown fact "cauda-equin"; did you mean "cauda-equina"?`, or what is known when that is short enough. */
export function unknownName(what: string, word: string, known: Iterable<string>): string {
  const names = [...known]
  const near = nearest(word, names)
  if (near !== undefined) return `unknown ${what} "${word}"; did you mean "${near}"?`
  const hint = names.length > 0 && names.length <= listable ? `; known are ${names.join(', ')}` : ''
  return `unknown ${what} "${word}"${hint}`
}
