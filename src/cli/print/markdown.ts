/** The Markdown of a card for a terminal: paragraphs, bullets, bold, and the escapes that the renderer made. */
import pc from 'picocolors'
import { coloured, hanging, harmless, wrapped } from './text.ts'

export function markdownLines(markdown: string, width: number): string[] {
  const blocks = harmless(markdown)
    .trim()
    .split(/\n{2,}/)
  return blocks.flatMap((block, at) => [
    ...(at === 0 || followsItsTitle(blocks, at) ? [] : ['']),
    ...block.split('\n').flatMap((line) => lineOf(line, width)),
  ])
}

/** A list stands right below the words that announce it. */
const followsItsTitle = (blocks: readonly string[], at: number) =>
  Boolean(blocks[at]?.startsWith('- ') && /^\*\*[^*]+\*\*$/.test(blocks[at - 1] ?? ''))

function lineOf(line: string, width: number): string[] {
  const item = /^- (.*)$/.exec(line)?.[1]
  return item === undefined ? wrapped(inline(line), width) : hanging('• ', inline(item), width)
}

/** What stands between two pairs of asterisks is bold; an escaped asterisk is none. */
function inline(text: string): string {
  return text
    .split(/(?<!\\)\*\*/)
    .map((part, at) => (at % 2 === 1 ? coloured(unescaped(part), pc.bold) : unescaped(part)))
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  '#58': ':',
  '#46': '.',
  '#64': '@',
}

const unescaped = (text: string) =>
  text
    .replace(/\\([\\`*_[\]{}()#|~!+])/g, '$1')
    .replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
