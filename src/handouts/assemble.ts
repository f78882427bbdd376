/** Makes a handout of chosen sections: their words, what must be said about them, and what the site adds. */

import type { Content } from '../pathway/content.ts'
import { type HandoutText, type Library, originalLanguage } from '../pathway/handouts/library.ts'
import type { Block, Line } from '../pathway/handouts/text.ts'
import {
  dateIn,
  directionOf,
  type Handout,
  type HandoutPart,
  libraryOf,
  publicUrlOf,
  say,
  sourceNames,
  textOf,
} from './model.ts'

interface Frame {
  language: string
  title: string
  /** Path of the public page, such as /handouts/es. */
  path: string
  /** Names of the patient's payers, whose programmes are shown too. */
  payers?: readonly string[] | undefined
  /** Names of sentences, and of places as `place chiropractic`, that are not for this patient. */
  unsaid?: readonly string[]
}

/** `chosen` are names such as `exercises/walking`, in the order of the page. */
export function assemble(content: Content, chosen: readonly string[], frame: Frame): Handout {
  const library = libraryOf(content)
  const { site } = content
  const { language, title, path, payers = [], unsaid = [] } = frame
  const words = library.words[language]
  if (!words) throw new Error(`there are no words for pages in ${language}`)
  const parts = partsOf(library, chosen, language, unsaid)
  const texts = parts.flatMap(({ id }) => textOf(library, language, id) ?? [])
  const cited = parts.flatMap(({ id, sections }) =>
    sections.flatMap((section) => library.handouts[id]?.sections[section.id]?.cites ?? []),
  )
  const base = publicUrlOf(content)
  return {
    language,
    direction: directionOf(library, language),
    title,
    parts,
    words,
    drawings: library.drawings,
    version: library.version,
    written:
      texts
        .map(({ text }) => text.written)
        .sort()
        .at(-1) ?? '',
    standing: standingOf(library, language, texts),
    sources: sourceNames(content, language, cited),
    places: site.directory.flatMap(({ for: order, name, phone }) => {
      const what = words.places[order]
      return what === undefined || unsaid.includes(`place ${order}`) ? [] : [{ what, name, phone }]
    }),
    programmes: site.programmes.filter(
      (each) => !each.payers || each.payers.some((payer) => payers.includes(payer)),
    ),
    clinicPhone: site.handouts['clinic-phone'],
    interpreterPhone: language === originalLanguage ? undefined : site.handouts['interpreter-phone'],
    address: base && `${base}${path}`,
  }
}

function partsOf(
  library: Library,
  chosen: readonly string[],
  language: string,
  unsaid: readonly string[],
): HandoutPart[] {
  const byPage = Map.groupBy(chosen, (name) => name.split('/')[0] ?? name)
  return [...byPage].flatMap(([id, names]) => {
    const found = textOf(library, language, id)
    const declared = library.handouts[id]
    if (!found || !declared) return []
    const sections = [...found.text.sections.values()].filter((each) => names.includes(`${id}/${each.id}`))
    return {
      id,
      title: found.text.title,
      language: found.language,
      direction: directionOf(library, found.language),
      sections: sections.map((each) => {
        const level = declared.sections[each.id]?.level
        const blocks = said(each.blocks, unsaid)
        return { ...each, blocks, level, label: level && library.words[found.language]?.phrases[level] }
      }),
    }
  })
}

/** Without the sentences that are not for this patient, and without what they leave empty. */
function said(blocks: readonly Block[], unsaid: readonly string[]): Block[] {
  const isSaid = ({ safety, only }: Line) => !unsaid.includes(safety ?? only ?? '')
  return blocks.flatMap((block): Block[] => {
    if (block.kind === 'drawing') return [block]
    if (block.kind === 'paragraph') return isSaid(block) ? [block] : []
    const items = block.items.filter(isSaid)
    return items.length > 0 ? [{ ...block, items }] : []
  })
}

type Found = readonly { language: string; text: HandoutText }[]

/** A page is as good as its least reviewed part. In a language that still borrows English pages it is said in both. */
export function standingOf(library: Library, language: string, texts: Found): Handout['standing'] {
  const tongues = library.languages[language]?.complete ? [language] : [language, originalLanguage]
  return tongues.flatMap((tongue) => {
    const words = library.words[tongue]
    if (!words) return []
    const review = texts.map(({ text }) => text.status).filter((status) => typeof status === 'object')
    const first = review.map(({ reviewed }) => reviewed).sort((a, b) => (a.again < b.again ? -1 : 1))[0]
    const signed = first && review.length === texts.length
    const translations = texts.flatMap(({ text }) => text.translation ?? [])
    const checked = translations.flatMap((each) => (typeof each === 'object' ? each.reviewed : []))[0]
    const said = [
      signed
        ? `${say(words, 'reviewed', { by: first.by, date: dateIn(tongue, first.on) })} ${say(words, 'look-again', { date: dateIn(tongue, first.again) })}`
        : say(words, 'draft'),
      translations.includes('machine-drafted') && say(words, 'machine-drafted'),
      checked &&
        !translations.includes('machine-drafted') &&
        say(words, 'translation-reviewed', { by: checked.by, date: dateIn(tongue, checked.on) }),
      texts.some((each) => each.language !== language) && say(words, 'untranslated'),
    ]
    return [{ language: tongue, text: said.filter((each) => typeof each === 'string').join(' ') }]
  })
}
