/** The pages for patients, checked and joined. */
import type { HandoutFront, HandoutsFile, HandoutWords } from '../schema.ts'
import type { Drawing } from './drawings.ts'
import type { HandoutsDraft } from './read.ts'
import type { Section } from './text.ts'

export interface HandoutText extends HandoutFront {
  /** By name, in the order of the page. */
  sections: ReadonlyMap<string, Section>
}

export interface Library extends HandoutsFile {
  words: Readonly<Record<string, HandoutWords>>
  /** By language, then by the name of the page. */
  texts: Readonly<Record<string, Readonly<Record<string, HandoutText>>>>
  drawings: Readonly<Record<string, Drawing>>
}

/** The language of the original; every page exists in it. */
export const originalLanguage = 'en'

/** `undefined` where there is nothing. Only of a draft without problems. */
export function assembleLibrary(draft: HandoutsDraft | undefined): Library | undefined {
  if (!draft?.value) return undefined
  const words: Record<string, HandoutWords> = {}
  const texts: Record<string, Record<string, HandoutText>> = {}
  for (const [language, read] of draft.languages) {
    if (read.words) words[language] = read.words
    const pages = [...read.pages].flatMap(([id, { front, sections }]) =>
      front ? [[id, { ...front, sections: sectionsByName(sections) }] as const] : [],
    )
    texts[language] = Object.fromEntries(pages)
  }
  return { ...draft.value, words, texts, drawings: Object.fromEntries(draft.drawings) }
}

const sectionsByName = (sections: readonly Section[]) =>
  new Map(sections.map(({ id, title, blocks }) => [id, { id, title, blocks }]))
