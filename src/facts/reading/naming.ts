/** What a reason names that is neither low back pain nor a red flag: nothing, what the back may cause, or another matter. */
import type { Content } from '../../pathway/content.ts'
import { wordsIn } from '../phrases.ts'
import type { Concept } from '../wire.ts'

/** "Pain", "see note" name nothing; "leg pain" may come from the back; anything else is taken for another matter. */
export type Named = 'nothing' | 'perhaps-the-back' | 'another-matter'

export function compileNaming({ episode, words, codes }: Content): (reason: Concept) => Named {
  const listed = [
    { named: 'nothing', ...episode['names-nothing'] },
    { named: 'perhaps-the-back', ...episode['may-be-the-back'] },
  ] as const
  const byWord = new Map<string, Named>()
  for (const { named, words: list } of listed)
    for (const term of words.lists[list]?.terms ?? [])
      for (const word of wordsIn(term)) byWord.set(word, named)
  /** Beginnings of codes, without their point, by system. */
  const bySystem = new Map<string, { named: Named; begins: string }[]>()
  for (const { named, codes: groups } of listed)
    for (const { system, below } of groups) {
      const begins = below.map((code) => ({ named, begins: code.replace('.', '') }))
      bySystem.set(system, [...(bySystem.get(system) ?? []), ...begins])
    }

  const ofCode = (system: string | undefined, code: string | undefined): Named | undefined => {
    if (system === undefined || code === undefined) return undefined
    const listedCodes = bySystem.get(codes.canonicalSystem(system) ?? '')
    if (!listedCodes) return undefined
    const written = code.toUpperCase().replace('.', '')
    // Of a system whose codes are listed any other is a place or a disease, whatever its words say.
    return listedCodes.find(({ begins }) => written.startsWith(begins))?.named ?? 'another-matter'
  }

  /** One word that is in no list may name any place and any disease. */
  const ofWords = (text: string): Named =>
    strongest(
      wordsIn(text).flatMap((word) => (isOfNoMeaning(word) ? [] : (byWord.get(word) ?? 'another-matter'))),
    )

  return ({ codings, text }) =>
    strongest([
      ...codings.flatMap((coding) => {
        const known = ofCode(coding.system, coding.code)
        if (known) return known
        if (coding.display !== undefined) return ofWords(coding.display)
        // A code of the hospital's own says no more than the words beside it.
        return text === undefined || codes.read(coding).isHeld ? 'another-matter' : []
      }),
      ...(text === undefined ? [] : [ofWords(text)]),
    ])
}

const order: readonly Named[] = ['another-matter', 'perhaps-the-back']
/** What is furthest from the back. */
export const strongest = (all: readonly Named[]): Named =>
  order.find((each) => all.includes(each)) ?? 'nothing'

/** Marks, single letters, and numbers with or without a unit: "8", "3d". */
const isOfNoMeaning = (word: string) => word.length === 1 || /^`?\d{1,4}[a-z]?$/.test(word)
