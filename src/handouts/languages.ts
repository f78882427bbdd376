/** Which of our languages a person reads, and how dates and sentences are said in it. */
import { type Library, originalLanguage } from '../pathway/handouts/library.ts'
import type { HandoutPhraseName, HandoutWords } from '../pathway/schema.ts'

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
