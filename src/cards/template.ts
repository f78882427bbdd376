/** A sentence of the content with `{{names}}` in it, cut once at start. A name without a value is left out. */
export type Values = Readonly<Record<string, string | number | undefined>>
export type Sentence = (values: Values) => string

export function compileTemplate(text: string): Sentence {
  const [start = '', ...rest] = text.split(/\{\{([a-z-]+)\}\}/)
  const gaps = rest.flatMap((name, at) => (at % 2 === 0 ? [{ name, after: rest[at + 1] ?? '' }] : []))
  return (values) => {
    let said = start
    for (const { name, after } of gaps) said += (values[name] ?? '') + after
    return said
  }
}

export function compileTemplates<Name extends string>(
  texts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, Sentence>> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, compileTemplate(text)])
  return Object.fromEntries(entries) as Record<Name, Sentence>
}

/** "a, b and c" would need a language; a list with commas does not. */
export const listOf = (items: readonly string[]) => items.join(', ')
