/** Short forms that mean something in capital letters only: "AS" is a disease, "as" is none. */

/** A word beside others in capitals is only loud: "TAKE AS NEEDED". */
const inCapitals = /(?<![A-Za-z\d'])(?<!\b[A-Z]{2,12} )[A-Z]{2,6}(?![A-Za-z\d'])(?! [A-Z]{2})/g

export class Capitals {
  readonly #words: ReadonlyMap<string, string>

  constructor(forms: Readonly<Record<string, string>>) {
    this.#words = new Map(Object.entries(forms))
  }

  /** The same text with such forms in words; nothing but capitals says nothing, unless it is the form alone. */
  inFull(text: string): string {
    const alone = this.#words.get(text.trim())
    if (alone !== undefined) return alone
    return /[a-z]/.test(text) ? text.replace(inCapitals, (word) => this.#words.get(word) ?? word) : text
  }
}
