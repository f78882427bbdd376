/** What a patient is given: the parts that fit what is known, or those that a clinician has chosen. Pure. */

import { type Condition, compileCondition, factsIn, type Verdict } from '../decide/conditions.ts'
import { LumbarError } from '../errors.ts'
import type { Content } from '../pathway/content.ts'
import type { Library } from '../pathway/handouts/library.ts'
import type { Facts } from '../pathway/known.ts'
import type { When } from '../pathway/schema.ts'
import { assemble } from './assemble.ts'
import { wordsOn } from './html.ts'
import { type Handout, libraryOf, say } from './model.ts'

interface Wish {
  /** One of the library's; see `languageFor`. */
  language: string
  /** Pages (`exercises`) or sections (`exercises/walking`); the right ones for the facts when left out. */
  chosen?: readonly string[]
  /** The patient's payers, as site.yaml writes their names: their programmes are named too. */
  payers?: readonly string[]
  /** Names of sentences and places that are not for this patient; the facts tell when left out. */
  unsaid?: readonly string[]
}

/** A section that is not shown, and why, for the clinician who may add it. */
export interface LeftOut {
  /** `exercises/bridge` */
  name: string
  why: 'does-not-fit' | 'cannot-tell' | 'by-hand' | 'exception' | 'not-chosen' | 'more' | 'no-room'
  because: string
  /** Facts that nobody could tell and on which it hangs. */
  unknown: readonly string[]
}

export interface Composition {
  handout: Handout
  /** Names of the sections that are shown, in their order. */
  shown: readonly string[]
  leftOut: readonly LeftOut[]
  /** All that fits this patient, of which the short handout shows what matters most. */
  fitting: readonly string[]
  unsaid: readonly string[]
  /** Why only the warning signs are shown. */
  exception: string | undefined
}

/**
 * The warning signs are in every handout, and no page is given without its cautions, whatever was chosen.
 * @throws LumbarError `invalid-request` for a language, page or section that does not exist
 */
export function composeHandout(content: Content, facts: Facts, wish: Wish): Composition {
  const library = libraryOf(content)
  const words = Object.hasOwn(library.words, wish.language) ? library.words[wish.language] : undefined
  if (!words) {
    const known = Object.keys(library.words).join(', ')
    throw new LumbarError('invalid-request', `There are no pages in that language. There are ${known}.`)
  }
  const judged = judge(content, library, facts)
  const unsaid = wish.unsaid ?? unsaidOf(content, facts)
  const assembled = (sections: readonly string[]) =>
    assemble(content, sections, {
      language: wish.language,
      title: say(words, 'your-pages'),
      path: `/handouts/${wish.language}`,
      payers: wish.payers,
      unsaid,
    })
  const fits = (sections: readonly string[]) =>
    wordsOn(assembled(safely(library, sections))) <= library['most-words']
  const wanted = wish.chosen ? sectionsMeant(library, wish.chosen) : short(judged, fits)
  const shown = safely(library, wanted)
  return {
    handout: assembled(shown),
    shown,
    fitting: safely(library, judged.fitting),
    unsaid,
    leftOut: namesIn(library).flatMap((name) => {
      if (shown.includes(name)) return []
      const left = judged.leftOut.get(name)
      if (left) return left
      if (wish.chosen) return { name, why: 'not-chosen', because: 'Not chosen.', unknown: [] }
      return { name, why: judged.ranks.has(name) ? 'no-room' : 'more', because: moreOf(library), unknown: [] }
    }),
    exception: wish.chosen ? undefined : judged.exception,
  }
}

/** One page of the library, whole. `undefined` when there is none of this name in this language. */
export function wholePage(content: Content, language: string, id: string): Handout | undefined {
  const library = libraryOf(content)
  const text = Object.hasOwn(library.texts, language) ? library.texts[language]?.[id] : undefined
  if (!text || !Object.hasOwn(library.handouts, id)) return undefined
  const chosen = namesIn(library).filter((name) => name.startsWith(`${id}/`))
  const unsaid = unsaidOf(content, new Map()).filter((name) => !name.startsWith('place '))
  return assemble(content, chosen, {
    language,
    title: text.title,
    path: `/handouts/${language}/${id}`,
    unsaid,
  })
}

/** Names of sentences, and of places as `place chiropractic`. Of nobody in particular nothing is known. */
function unsaidOf(content: Content, facts: Facts): string[] {
  const { sentences, places } = libraryOf(content).choices
  const holds = (when: When) => conditionOf(content, when)(facts)
  return [
    ...sentences.flatMap(({ say, when, 'if-unknown': unknown }) =>
      (holds(when) ?? unknown === 'show') ? [] : [say],
    ),
    ...places.flatMap(({ for: order, when }) => (holds(when) === true ? [] : [`place ${order}`])),
  ]
}

const moreOf = (library: Library) =>
  `The handout is kept to ${library['most-words']} words. Add it where it helps.`

/** By rank, as long as there is room; the warning signs come first. */
function short({ fitting, ranks }: Judged, fits: (sections: string[]) => boolean): string[] {
  const byRank = Map.groupBy(
    fitting.filter((name) => ranks.has(name)),
    (name) => ranks.get(name) ?? 0,
  )
  let shown: string[] = []
  for (const [, names] of [...byRank].sort(([one], [other]) => one - other)) {
    for (const name of names) {
      const more = [...shown, name]
      if (fits(more)) shown = more
    }
  }
  return shown
}

/** The facts that decide who is given what: what a caller should find before it asks for a handout. */
export function factsAsked(content: Content): readonly string[] {
  const { exceptions, usual, places, sentences } = libraryOf(content).choices
  const conditions = [...exceptions, ...usual, ...places, ...sentences].flatMap(({ when }): When[] =>
    when ? [when] : [],
  )
  return [...new Set(conditions.flatMap(factsIn))]
}

/** Every section, in the order in which a handout holds it. */
export function namesIn(library: Library): readonly string[] {
  return library.choices.usual.flatMap(({ show }) => show.flatMap((part) => sectionsOf(library, part)))
}

interface Judged {
  fitting: readonly string[]
  /** Of the sections that a short handout may hold. */
  ranks: ReadonlyMap<string, number>
  leftOut: ReadonlyMap<string, LeftOut>
  exception: string | undefined
}

function judge(content: Content, library: Library, facts: Facts): Judged {
  const { exceptions, usual } = library.choices
  const holds = (when: When) => conditionOf(content, when)(facts)
  const unknownIn = (when: When) => factsIn(when).filter((name) => facts.get(name)?.value === undefined)
  const leftOut = new Map<string, LeftOut>()
  const leave = (left: LeftOut) => leftOut.set(left.name, left)
  const exception = exceptions.find(({ when }) => holds(when) === true)
  if (exception) {
    const shown = exception.show.flatMap((part) => sectionsOf(library, part))
    const { because } = exception
    for (const name of namesIn(library)) leave({ name, why: 'exception', because, unknown: [] })
    return { fitting: shown, ranks: new Map(shown.map((name) => [name, 1])), leftOut, exception: because }
  }
  const fitting: string[] = []
  const ranks = new Map<string, number>()
  for (const choice of usual) {
    const names = choice.show.flatMap((part) => sectionsOf(library, part))
    const verdict: Verdict = choice['by-hand'] ? false : choice.when ? holds(choice.when) : true
    if (verdict ?? choice['if-unknown'] === 'show') {
      fitting.push(...names)
      for (const name of names) if (choice.rank !== undefined) ranks.set(name, choice.rank)
      continue
    }
    const why = choice['by-hand'] ? 'by-hand' : verdict === undefined ? 'cannot-tell' : 'does-not-fit'
    const unknown = choice.when && verdict === undefined ? unknownIn(choice.when) : []
    for (const name of names) leave({ name, why, because: choice.because, unknown })
  }
  return { fitting, ranks, leftOut, exception: undefined }
}

function conditionOf({ parameters }: Content, when: When): Condition {
  return compileCondition(when, (reference) => {
    if (typeof reference === 'number') return reference
    const parameter = parameters[reference.slice(1)]
    if (!parameter) throw new Error(`no parameter ${reference}`)
    return parameter.value
  })
}

/** In the order of the library, with the warning signs, and with the cautions of every page of which a part is shown. */
function safely(library: Library, wanted: readonly string[]): string[] {
  const pages = new Set(wanted.map(pageOf))
  return namesIn(library).filter((name) => {
    const level = library.handouts[pageOf(name)]?.sections[name.split('/')[1] ?? '']?.level
    if (level === 'emergency' || level === 'same-day') return true
    return wanted.includes(name) || (level === 'caution' && pages.has(pageOf(name)))
  })
}

const pageOf = (name: string) => name.split('/')[0] ?? name

function sectionsMeant(library: Library, chosen: readonly string[]): string[] {
  const all = namesIn(library)
  return chosen.flatMap((part) => {
    const meant = sectionsOf(library, part).filter((name) => all.includes(name))
    if (meant.length === 0) {
      throw new LumbarError('invalid-request', 'There is no page or section of that name for patients.')
    }
    return meant
  })
}

/** Of a page all; of a section itself. */
function sectionsOf(library: Library, part: string): string[] {
  const [page = '', section] = part.split('/')
  const declared = Object.hasOwn(library.handouts, page) ? library.handouts[page] : undefined
  return Object.keys(declared?.sections ?? {})
    .filter((name) => section === undefined || name === section)
    .map((name) => `${page}/${name}`)
}
