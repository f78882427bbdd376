/** A handout as it is put together, before it is set as HTML or PDF. No patient is in it. */

import { withoutClosingSlashes } from '../bounds.ts'
import type { Content } from '../pathway/content.ts'
import type { Drawing } from '../pathway/handouts/drawings.ts'
import { type HandoutText, type Library, originalLanguage } from '../pathway/handouts/library.ts'
import type { Section } from '../pathway/handouts/text.ts'
import type { HandoutPhraseName, HandoutWords, Level } from '../pathway/schema.ts'

// Which of our languages a person reads, and how dates and sentences are said in it.

/**
 * The first of these BCP 47 tags in which there are pages: `es-MX` is `es`, `zh-CN` is `zh-Hans`. English when there is
 * none, as for a person who needs an interpreter.
 */
export function languageFor({ languages }: Library, wanted: readonly string[]): string {
  for (const tag of wanted) {
    const found = namesOf(tag).find((name) => Object.hasOwn(languages, name))
    if (found !== undefined) return found
  }
  return originalLanguage
}

function namesOf(tag: string): string[] {
  try {
    const { language, script } = new Intl.Locale(tag.replaceAll('_', '-')).maximize()
    return [tag, `${language}-${script}`, language]
  } catch {
    return []
  }
}

export function say(
  { phrases }: HandoutWords,
  name: HandoutPhraseName,
  filled: Readonly<Record<string, string>> = {},
): string {
  return phrases[name].replace(/\{\{([^{}]*)\}\}/g, (_, word: string) => filled[word] ?? '')
}

/** `2026-11-22` as people write it. */
export function dateIn(language: string, day: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
}

type Direction = 'ltr' | 'rtl'

export interface HandoutSection extends Section {
  level: Level | undefined
  /** What the level is called, in the language of the section. */
  label: string | undefined
}

/** A page of the library, or those of its sections that were chosen. */
export interface HandoutPart {
  id: string
  title: string
  /** English where the page is not translated yet. */
  language: string
  direction: Direction
  sections: readonly HandoutSection[]
}

interface CarePlace {
  what: string
  name: string
  phone: string | undefined
}

export interface Handout {
  language: string
  direction: Direction
  title: string
  parts: readonly HandoutPart[]
  words: HandoutWords
  drawings: Readonly<Record<string, Drawing>>
  version: string
  /** The day on which the newest part was written, as 2026-11-22. */
  written: string
  /** What must be said about its standing, in the language of the page and, where that is another, in English. */
  standing: readonly { language: string; text: string }[]
  /** Labels of its sources, each once. */
  sources: readonly string[]
  places: readonly CarePlace[]
  programmes: readonly { name: string; url: string }[]
  clinicPhone: string | undefined
  interpreterPhone: string | undefined
  /** Where the public page stands; undefined when the site has not said where patients reach it. */
  address: string | undefined
}

/** Who is given it. Only when a clinician has ticked that it should stand on the paper. */
export interface GivenTo {
  name: string
  /** As 2026-11-22. */
  on: string
}

/** @throws Error when the pathway has no pages for patients; `readHandouts` allows for that. */
export function libraryOf({ handouts }: Pick<Content, 'handouts'>): Library {
  if (!handouts) throw new Error('this pathway has no pages for patients: there is no folder handouts/')
  return handouts
}

/** Names of the sources cited, as a page of this language writes them, each once and in the order of the bibliography. */
export function sourceNames(content: Content, language: string, cited: readonly string[]): string[] {
  const names = libraryOf(content).words[language]?.sources ?? {}
  return Object.entries(content.sources).flatMap(([id, { label }]) =>
    cited.includes(id) ? [names[id] ?? label] : [],
  )
}

/** Where patients reach the public pages, without a slash at its end, if the site has said so. */
export function publicUrlOf({ site }: Pick<Content, 'site'>): string | undefined {
  const set = site.handouts['public-url'] ?? site.callers?.['public-url']
  return set && withoutClosingSlashes(set)
}

/** The page in a language, or the original where it is not translated. */
export function textOf(
  library: Library,
  language: string,
  id: string,
): { language: string; text: HandoutText } | undefined {
  for (const each of [language, originalLanguage]) {
    const text = library.texts[each]?.[id]
    if (text) return { language: each, text }
  }
  return undefined
}

export const directionOf = (library: Library, language: string): Direction =>
  library.languages[language]?.direction ?? 'ltr'
