/**
 * The text of a page for patients: sections of paragraphs, flat lists and drawings. Nothing else, so that it can be
 * set as HTML, as a PDF, and compared between languages.
 */
import { Marked, type Token, type Tokens } from 'marked'
import type { Place, Problems } from '../problems.ts'

export interface Run {
  text: string
  strong: boolean
}

/**
 * A sentence or an entry of a list. `safety` names the safety sentence that it is (`{!name}`), `only` the sentence that
 * some patients are told and others are not (`{?name}`), `own` one of what is shared that stands in no page (`{=name}`).
 */
export interface Line {
  runs: readonly Run[]
  safety?: string
  only?: string
  own?: string
}

export type Block =
  | ({ kind: 'paragraph' } & Line)
  | { kind: 'list'; ordered: boolean; items: readonly Line[] }
  | { kind: 'drawing'; name: string; description: string }

export interface Section {
  id: string
  title: string
  blocks: readonly Block[]
}

export interface PlacedSection extends Section {
  place: Place
  /** Where each block stands. */
  places: readonly Place[]
}

const marked = new Marked({ async: false, gfm: false })

/** `firstLine` is the line of the file on which the text begins. */
export function parseSections(
  file: string,
  text: string,
  firstLine: number,
  problems: Problems,
): PlacedSection[] {
  const sections: (PlacedSection & { blocks: Block[]; places: Place[] })[] = []
  let line = firstLine
  for (const token of marked.lexer(text)) {
    const place = { file, line }
    line += token.raw.split('\n').length - 1
    if (token.type === 'space') continue
    if (token.type === 'heading') {
      const heading = headingOf(token as Tokens.Heading, place, problems)
      if (heading) sections.push({ ...heading, blocks: [], place, places: [] })
      continue
    }
    const block = blockOf(token, place, problems)
    const section = sections.at(-1)
    if (!section) problems.add(place, 'stands before the first heading: put it under a "## Title {#name}"')
    else if (block) {
      section.blocks.push(block)
      section.places.push(place)
    }
  }
  return sections
}

function headingOf({ depth, text }: Tokens.Heading, place: Place, problems: Problems) {
  const [, title, id] = /^(.*\S)\s*\{#([a-z0-9-]+)\}$/.exec(text) ?? []
  if (depth === 2 && title !== undefined && id !== undefined) return { id, title }
  problems.add(
    place,
    'must be a heading of the second level with the name of its section: "## Title {#name}"',
  )
  return undefined
}

function blockOf(token: Token, place: Place, problems: Problems): Block | undefined {
  if (token.type === 'paragraph') {
    const { tokens = [] } = token as Tokens.Paragraph
    const [only, ...more] = tokens
    if (only?.type === 'image' && more.length === 0) {
      const { href, text } = only as Tokens.Image
      return { kind: 'drawing', name: href, description: text }
    }
    return { kind: 'paragraph', ...lineOf(tokens, place, problems) }
  }
  if (token.type === 'list') {
    const { items, ordered } = token as Tokens.List
    let { line } = place
    const lines = items.map((item) => {
      const here = { ...place, line }
      line += item.raw.replace(/\n$/, '').split('\n').length
      const [text, ...more] = item.tokens
      if (text?.type !== 'text' || more.length > 0)
        problems.add(here, 'an entry of a list may hold one line of words: no list within a list')
      return lineOf((text as Tokens.Text | undefined)?.tokens ?? [], here, problems)
    })
    return { kind: 'list', ordered, items: lines }
  }
  problems.add(place, `a page holds headings, paragraphs, lists and drawings only, no ${token.type}`)
  return undefined
}

function lineOf(tokens: readonly Token[], place: Place, problems: Problems): Line {
  const runs = joined(tokens.flatMap((token) => runsOf(token, false, place, problems)))
  const last = runs.at(-1)
  const [mark, kind, name] = /\{([!?=])([a-z0-9-]+)\}$/.exec(last?.text ?? '') ?? []
  if (!last || mark === undefined || name === undefined) return { runs }
  const text = last.text.slice(0, -mark.length).trimEnd()
  const named = kind === '!' ? { safety: name } : kind === '?' ? { only: name } : { own: name }
  return { runs: [...runs.slice(0, -1), ...(text ? [{ ...last, text }] : [])], ...named }
}

function runsOf(token: Token, strong: boolean, place: Place, problems: Problems): Run[] {
  switch (token.type) {
    case 'text':
    case 'escape':
      return [{ text: token.text.replace(/\s+/g, ' '), strong }]
    case 'strong':
      return (token.tokens ?? []).flatMap((inner) => runsOf(inner, true, place, problems))
    default:
      problems.add(place, `words may be plain or **strong**, no ${token.type}`)
      return []
  }
}

/** Neighbours that look the same are one. */
function joined(runs: readonly Run[]): Run[] {
  const together: Run[] = []
  for (const run of runs) {
    const last = together.at(-1)
    if (last?.strong === run.strong) last.text += run.text
    else together.push({ ...run })
  }
  return together
}

export const wordsOf = ({ runs }: Line) => runs.map(({ text }) => text).join('')

/** Every sentence and entry of a section. */
export const linesOf = ({ blocks }: Section): Line[] =>
  blocks.flatMap((block) => (block.kind === 'list' ? block.items : block.kind === 'paragraph' ? [block] : []))

/** The sentences of a line, each as it is looked for in a page: without what ends it. */
export const sentencesOf = (line: Line): string[] =>
  wordsOf(line)
    .replaceAll(/([.!?:])\s/g, '$1\n')
    .split('\n')
    .map((each) => bare(each.trim()))
    .filter((each) => each !== '')

export const bare = (text: string) => text.trim().replace(/[.:]$/, '')

/** By sentence, the sections (`opioids/risks`) in which it stands; headings too, so that they can be said in bold. */
export function sectionsBySentence(
  pages: Iterable<readonly [id: string, title: string, sections: readonly Section[]]>,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const [id, title, sections] of pages) {
    for (const section of sections) {
      const said = [title, section.title].map(bare)
      for (const sentence of [...said, ...linesOf(section).flatMap(sentencesOf)]) {
        const names = found.get(sentence) ?? new Set()
        found.set(sentence, names.add(`${id}/${section.id}`))
      }
    }
  }
  return found
}
