/** The newsletter as plain text: to be copied into whatever a plan or an employer sends. */
import { type Block, wordsOf } from '../../content/handouts/text.ts'
import type { SharedText } from './sheet.ts'

export function plainText({ title, sections, standing, version, sources, address }: SharedText): string {
  const told = sections.map(({ title: heading, blocks }) => [heading, ...blocks.map(plain)].join('\n\n'))
  const foot = [standing, version, sources, address].filter((each) => each !== undefined)
  return `${[title, ...told, '---', ...foot].join('\n\n')}\n`
}

function plain(block: Block): string {
  if (block.kind === 'drawing') return ''
  if (block.kind === 'paragraph') return wordsOf(block)
  return block.items.map((item) => `- ${wordsOf(item)}`).join('\n')
}
