/** Fills `{{names}}` in a sentence of the content. A name without a value is left out. */
export function fill(
  template: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  return template.replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** "a, b and c" would need a language; a list with commas does not. */
export const listOf = (items: readonly string[]) => items.join(', ')
