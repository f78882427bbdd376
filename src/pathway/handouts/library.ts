/** The pages for patients, checked and joined. */
import type { HandoutFront, HandoutsFile, HandoutWords, ShareFile, ShareWords } from '../schema.ts'
import type { Art, Drawing } from './drawings.ts'
import type { HandoutsDraft } from './read.ts'
import type { HandoutPage, ShareDraft, Shared } from './share.ts'
import type { Section } from './text.ts'

/** The language of the pages for patients in which every one of them exists. */
export const originalLanguage = 'en'

export interface HandoutText extends HandoutFront {
  /** By name, in the order of the page. */
  sections: ReadonlyMap<string, Section>
}

export interface Library extends HandoutsFile {
  words: Readonly<Record<string, HandoutWords>>
  /** By language, then by the name of the page. */
  texts: Readonly<Record<string, Readonly<Record<string, HandoutText>>>>
  drawings: Readonly<Record<string, Drawing>>
  /** What health plans and employers are given to send. */
  share: Share | undefined
}

export interface Share extends ShareFile {
  /** By language: those in which there is something to send. */
  words: Readonly<Record<string, ShareWords>>
  texts: Readonly<Record<string, Readonly<Record<Shared, HandoutText>>>>
  art: Art
}

/** `undefined` where there is nothing. Only of a draft without problems. */
export function assembleLibrary(draft: HandoutsDraft | undefined): Library | undefined {
  if (!draft?.value) return undefined
  const words: Record<string, HandoutWords> = {}
  const texts: Record<string, Record<string, HandoutText>> = {}
  for (const [language, read] of draft.languages) {
    if (read.words) words[language] = read.words
    texts[language] = textsOf(read.pages)
  }
  const share = assembleShare(draft.share)
  return { ...draft.value, words, texts, drawings: Object.fromEntries(draft.drawings), share }
}

function assembleShare(draft: ShareDraft | undefined): Share | undefined {
  if (!draft?.value) return undefined
  const words: Record<string, ShareWords> = {}
  const texts: Record<string, Record<Shared, HandoutText>> = {}
  for (const [language, read] of draft.languages) {
    if (read.words) words[language] = read.words
    texts[language] = textsOf(read.pages) as Record<Shared, HandoutText>
  }
  return { ...draft.value, words, texts, art: draft.art }
}

const textsOf = (pages: ReadonlyMap<string, HandoutPage>): Record<string, HandoutText> =>
  Object.fromEntries(
    [...pages].flatMap(([id, { front, sections }]) =>
      front ? [[id, { ...front, sections: sectionsByName(sections) }]] : [],
    ),
  )

const sectionsByName = (sections: readonly Section[]) =>
  new Map(sections.map(({ id, title, blocks }) => [id, { id, title, blocks }]))
