/** The sentence for the visit note: what was given, in which language and version, on which day. */
import type { Handout } from '../model.ts'

/** In English, as visit notes are. `on` as 2026-11-22. */
export function notePhrase({ parts, language, version }: Handout, on: string): string {
  const pages = parts.map(({ title }) => title)
  const tongue = new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language
  return `Back pain education given on ${on}, in ${tongue}: ${pages.join('; ')} (Lumbar handout, version ${version}). Warning signs and when to call are part of it.`
}
