/** How names, texts and numbers are written in CQL. */

export const quoted = (name: string) => `"${name}"`
export const text = (word: string) => `'${word.replaceAll("'", "\\'")}'`
export const decimal = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value))
export const list = (items: readonly string[]) => `{${items.join(', ')}}`
/** Engines refuse an interval with one bound: beyond any number of the pathway. */
export const beyond = 1_000_000_000
export const oneLine = (sentence: string) => sentence.replace(/\s+/g, ' ').trim()
