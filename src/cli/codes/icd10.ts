/** ICD-10-CM as a tree: a code stands for all codes that begin with it. */

export interface Icd10Code {
  code: string
  display: string
}

/** With the character that says which encounter. */
const wholeLength = 7

export const withoutDot = (code: string) => code.replace('.', '')

export class Icd10Tree {
  readonly #known = new Map<string, Icd10Code>()
  readonly #children = new Map<string, string[]>()

  constructor(codes: readonly Icd10Code[]) {
    for (const each of codes) this.#known.set(withoutDot(each.code), each)
    for (const key of [...this.#known.keys()].sort()) {
      const parent = this.parent(key)
      if (parent !== undefined) this.#children.set(parent, [...(this.#children.get(parent) ?? []), key])
    }
  }

  get(code: string): Icd10Code | undefined {
    return this.#known.get(withoutDot(code))
  }

  /** The longest known code that this one begins with. */
  parent(key: string): string | undefined {
    for (let length = key.length - 1; length >= 3; length--) {
      const beginning = key.slice(0, length)
      if (this.#known.has(beginning)) return beginning
    }
    return undefined
  }

  children(key: string): readonly string[] {
    return this.#children.get(key) ?? []
  }

  /** What a definition writes: a code, a range of known codes of one length, or codes below one by their last character. */
  family(written: string): readonly string[] {
    const [above = '', ends] = written.split('~').map(withoutDot)
    if (ends !== undefined)
      return this.leaves(above).filter(
        (key) => key.length === wholeLength && ends.includes(key.at(-1) ?? ' '),
      )
    const [from = '', to] = written.split('-').map(withoutDot)
    if (to === undefined) return [from]
    return [...this.#known.keys()]
      .filter((key) => key.length === from.length && key >= from && key <= to)
      .sort()
  }

  /** Codes of this family that have nothing below them. */
  leaves(key: string): readonly string[] {
    const below = this.children(key)
    return below.length === 0 ? [key] : below.flatMap((each) => this.leaves(each))
  }
}
