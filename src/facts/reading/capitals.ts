/** Short forms that mean something in capital letters only: "AS" is a disease, "as" is none. */

export class Capitals {
  readonly #words: ReadonlyMap<string, string>
  readonly #pattern: RegExp | undefined

  constructor(forms: Readonly<Record<string, string>>) {
    this.#words = new Map(Object.entries(forms))
    // A word beside others in capitals is only loud: "TAKE AS NEEDED".
    this.#pattern =
      this.#words.size === 0
        ? undefined
        : new RegExp(
            `(?<![A-Za-z\\d'])(?<!\\b[A-Z]{2,12} )(?:${[...this.#words.keys()].join('|')})(?![A-Za-z\\d'])(?! [A-Z]{2})`,
            'g',
          )
  }

  /** The same text with such forms in words; nothing but capitals says nothing, unless it is the form alone. */
  inFull(text: string): string {
    if (!this.#pattern) return text
    const alone = this.#words.get(text.trim())
    if (alone !== undefined) return alone
    return /[a-z]/.test(text) ? text.replace(this.#pattern, (form) => this.#words.get(form) ?? form) : text
  }
}
