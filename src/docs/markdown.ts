/** The few pieces of Markdown that generated pages are made of. */

/** A text that stands in a table cell or a line: no line break, no bar that would end the cell, no HTML. */
export const cell = (text: string) =>
  text
    .trim()
    .replace(/[ \t\r]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('*', '\\*')

/** Parts of one cell, each on its own line; empty ones are left out. */
export const stacked = (...parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined && part !== '').join('<br>')

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const link = (text: string, to: string) => `[${text}](${to})`

/** A place that a link can lead to, in a table too. */
export const anchor = (id: string) => `<a id="${id}"></a>`

export const quoted = (text: string) => `“${text}”`

/** "a, b or c" */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  const end = words.at(-1)
  return words.length < 2 ? (end ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${end}`
}

/** A name that can stand in an address: "3 Red flags" is `3-red-flags`. */
export const bare = (text: string) => text.toLowerCase().replaceAll(' ', '-')

export const spaced = (name: string) => name.replaceAll('-', ' ')

export const capital = (text: string) =>
  text.replace(/^(\[?[“(]?)(\p{Ll})/u, (_, before, first) => before + first.toUpperCase())

/** Blocks with an empty line between them; empty ones are left out. */
export const page = (...blocks: readonly (string | undefined)[]) =>
  `${blocks.filter((block) => block !== undefined && block !== '').join('\n\n')}\n`

/** Where things of the pathway's page can be linked to. Rules by code, others by kind and name. */
export const anchors = {
  rule: (code: string) => code.toLowerCase(),
  fact: (name: string) => `fact-${name}`,
  parameter: (name: string) => `number-${name}`,
  source: (id: string) => `source-${id}`,
  codes: (set: string) => `codes-${set}`,
}

export const bulletList = (items: readonly string[], indent = '') =>
  items.map((item) => `${indent}- ${item}`).join('\n')
