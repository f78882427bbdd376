/** What health plans and employers are given to send, put together: its words, its standing, its sources. Pure. */
import type { Content } from '../../pathway/content.ts'
import type { Art } from '../../pathway/handouts/drawings.ts'
import type { Library, Share } from '../../pathway/handouts/library.ts'
import type { Shared } from '../../pathway/handouts/share.ts'
import {
  type Block,
  type Line,
  linesOf,
  type Section,
  sectionsBySentence,
  sentencesOf,
} from '../../pathway/handouts/text.ts'
import type { Level, ShareWords } from '../../pathway/schema.ts'
import { standingOf } from '../assemble.ts'
import { dateIn, libraryOf, publicUrlOf, say, sourceNames } from '../model.ts'

export interface SharedSection extends Section {
  /** As in the pages for patients: the warning signs stand out. */
  level: Level | undefined
}

export interface SharedText {
  language: string
  title: string
  /** As 2026-11-29. */
  written: string
  sections: readonly SharedSection[]
  /** That it is a draft, or who has reviewed it. */
  standing: string
  version: string
  sources: string
  /** Where the pages for patients are; undefined where the site has not said it. */
  address: string | undefined
}

/** The infographic of one language, as plain data for the thread that sets it. */
export interface Sheet extends SharedText {
  art: Art
}

const shareOf = (content: Content): Share | undefined => libraryOf(content).share

/** Languages in which there is something to send, the original first. */
export const sharedLanguages = ({ languages, share }: Library): string[] =>
  Object.keys(languages).filter((name) => share && Object.hasOwn(share.texts, name))

export function wordsToShare(content: Content, language: string): ShareWords | undefined {
  const words = shareOf(content)?.words
  return words && Object.hasOwn(words, language) ? words[language] : undefined
}

export function sharedText(content: Content, language: string, name: Shared): SharedText | undefined {
  const library = libraryOf(content)
  const { share } = library
  const text = share && Object.hasOwn(share.texts, language) ? share.texts[language]?.[name] : undefined
  const words = library.words[language]
  if (!share || !text || !words) return undefined
  const isSaid = ({ own }: Line) => {
    const state = own === undefined ? undefined : share.own[own]?.state
    return state === undefined || state === content.site.state
  }
  const sections = [...text.sections.values()].map((section) => ({
    ...section,
    blocks: section.blocks.flatMap((block) => said(block, isSaid)),
    level: library.handouts['warning-signs']?.sections[section.id]?.level,
  }))
  const base = publicUrlOf(content)
  return {
    language,
    title: text.title,
    written: text.written,
    sections,
    standing: standingOf(library, language, [{ language, text }])
      .map((each) => each.text)
      .join(' '),
    version: say(words, 'version', { version: library.version, date: dateIn(language, text.written) }),
    sources: say(words, 'sources', { list: sourcesOf(content, language, sections).join('; ') }),
    address: base && `${base}/handouts/${language}`,
  }
}

export function sheetOf(content: Content, language: string): Sheet | undefined {
  const text = sharedText(content, language, 'infographic')
  const art = shareOf(content)?.art
  return text && art && { ...text, art }
}

function said(block: Block, isSaid: (line: Line) => boolean): Block[] {
  if (block.kind === 'drawing') return [block]
  if (block.kind === 'paragraph') return isSaid(block) ? [block] : []
  return [{ ...block, items: block.items.filter(isSaid) }]
}

/** Of the sections of pages whose sentences are taken, and of the sentences that stand in none. */
function sourcesOf(content: Content, language: string, sections: readonly Section[]): string[] {
  const library = libraryOf(content)
  const known = sectionsBySentence(
    Object.entries(library.texts[language] ?? {}).map(
      ([id, { title, sections: of }]) => [id, title, [...of.values()]] as const,
    ),
  )
  const cited = sections.flatMap(linesOf).flatMap((line) => {
    if (line.own !== undefined) return library.share?.own[line.own]?.cites ?? []
    return sentencesOf(line).flatMap((sentence) => {
      const [name = '', ...more] = known.get(sentence) ?? []
      const [page = '', section = ''] = name.split('/')
      // A heading of a page belongs to all its sections, and says nothing by itself.
      return more.length > 0 ? [] : (library.handouts[page]?.sections[section]?.cites ?? [])
    })
  })
  return sourceNames(content, language, cited)
}
