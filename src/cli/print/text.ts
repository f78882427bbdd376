/** Text for a terminal: wrapping and aligning words that may carry colour. */
import { stripVTControlCharacters } from 'node:util'

/** Lines longer than this are tiring to read, however wide the window. */
const widest = 100

export const terminalWidth = () => Math.min(process.stdout.columns || widest, widest)

export const lengthOf = (text: string) => stripVTControlCharacters(text).length

/** Each word carries its own colour, so that a line may end anywhere. */
export function coloured(text: string, colour: (word: string) => string): string {
  return text
    .split(' ')
    .map((word) => (word === '' ? '' : colour(word)))
    .join(' ')
}

export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').filter((each) => each !== '')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** The first line begins with `first`, the others are indented by as much. */
export function hanging(first: string, text: string, width: number): string[] {
  const indent = ' '.repeat(lengthOf(first))
  return wrapped(text, width - indent.length).map((line, at) => (at === 0 ? first : indent) + line)
}

/** Columns as wide as their widest cell; the last one wraps under itself. */
export function aligned(
  rows: readonly (readonly string[])[],
  indent: number,
  width = terminalWidth(),
): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length - 1))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => lengthOf(row[at] ?? ''))),
  )
  return rows.flatMap((row) => {
    const first = widths.map((wide, at) => padded(row[at] ?? '', wide)).join('  ')
    const begin = `${' '.repeat(indent)}${first}${columns > 0 ? '  ' : ''}`
    const told = hanging(begin, row[columns] ?? '', width)
    return told.length > 0 ? told : [begin.trimEnd()]
  })
}

const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - lengthOf(text)))

/** Nothing that moves the cursor or changes the terminal, whoever sent it. */
export const harmless = (text: string) => stripVTControlCharacters(text).replace(/[^\P{Cc}\n]/gu, '')
