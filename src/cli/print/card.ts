/** A card as a clinician would read it, with its buttons, reasons and links. */
import pc from 'picocolors'
import type { Card } from '../../cards/render.ts'
import type { Indicator } from '../../pathway/schema.ts'
import { coloured, hanging, harmless, terminalWidth, wrapped } from './text.ts'

// The Markdown of a card for a terminal: paragraphs, bullets, bold, and the escapes that the renderer made.

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

/** What any CDS Hooks service may send; ours sends all of it. */
export type ShownCard = Pick<Card, 'summary' | 'indicator'> & Partial<Omit<Card, 'summary' | 'indicator'>>

type Colour = (text: string) => string
const colours: Readonly<Record<Indicator, Colour>> = { info: pc.cyan, warning: pc.yellow, critical: pc.red }

export function cardLines(card: ShownCard, width = terminalWidth()): string[] {
  const colour = colours[card.indicator] ?? pc.white
  const bar = colour('▌ ')
  const inner = width - 2
  const label = colour(pc.inverse(` ${harmless(String(card.indicator)).toUpperCase()} `))
  const body = [
    ...hanging(`${label} `, coloured(harmless(card.summary), pc.bold), inner),
    ...(card.detail ? ['', ...markdownLines(card.detail, inner)] : []),
    ...buttons(card, inner),
    ...reasons(card, inner),
    ...links(card, inner),
  ]
  return body.map((line) => (bar + line).trimEnd())
}

function buttons({ suggestions = [] }: ShownCard, width: number): string[] {
  if (suggestions.length === 0) return []
  return [
    '',
    ...suggestions.flatMap(({ label, isRecommended, actions }) => [
      `${pc.inverse(` ${harmless(label)} `)}${isRecommended ? pc.green('  recommended') : ''}`,
      ...actions.flatMap(({ type, description }) =>
        hanging('    ', coloured(`${type}: ${harmless(description)}`, pc.dim), width),
      ),
    ]),
  ]
}

function reasons({ overrideReasons = [] }: ShownCard, width: number): string[] {
  if (overrideReasons.length === 0) return []
  const list = overrideReasons.map(({ display }) => harmless(display)).join(' · ')
  return ['', ...hanging(pc.bold('Keep the order because '), list, width)]
}

/** The source is the first link where a service sends both. */
function links({ source, links = [] }: ShownCard, width: number): string[] {
  const all = [...(source ? [{ label: source.label, url: source.url }] : []), ...links]
  const once = all.filter(
    ({ url, label }, at) => all.findIndex((each) => (each.url ?? each.label) === (url ?? label)) === at,
  )
  if (once.length === 0) return []
  return [
    '',
    ...once.flatMap(({ label, url }) =>
      hanging(pc.dim('↗ '), `${harmless(label)} ${coloured(harmless(url ?? ''), pc.underline)}`, width),
    ),
  ]
}
