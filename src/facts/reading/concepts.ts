/** What some concepts say: every coding by the value sets, and words where no code says it. */
import type { CodeIndex, CodeRow } from '../../content/codes.ts'
import type { Evidence } from '../../content/known.ts'
import { type Concept, wordsOfConcept } from '../wire.ts'
import type { Said } from './lexicon.ts'
import type { Reader } from './reader.ts'

/** What was read of some concepts: groups by what is said of them, and how. */
export interface Read {
  parts: readonly Part[]
  isUnread: boolean
  /** Its words were not read, because the record brings more than is read of one: they may say more, or take back. */
  isBeyond?: boolean
}

export interface Part {
  rows: readonly CodeRow[]
  how: Evidence['how']
  certainty: 'affirmed' | 'suspected' | 'past'
}

const none: readonly CodeRow[] = []
const nothingRead: NotDenied = { rows: none, isBeyond: false }
const nothingOfOurs: Read = { parts: [], isUnread: false }

/** Codes first: every coding counts. Words where no code is held, where a code may be wider than what was meant, or in `alsoWords`. */
export function readConcepts(
  said: readonly Concept[],
  reader: Reader,
  notes: () => string,
  alsoWords = false,
): Read {
  const all = new Set<CodeRow>()
  let isHeld = false
  let how: Evidence['how'] = 'code'
  for (const concept of said) {
    for (const coding of concept.codings) {
      const words = coding.system === undefined ? wordsOfConcept(concept) : undefined
      const found = reader.codes.read(coding, words)
      isHeld ||= found.isHeld
      if (found.rows.length > 0 && all.size === 0) how = found.how
      for (const row of found.rows) all.add(row)
    }
  }
  const { rows, isBeyond } = all.size > 0 ? notDenied([...all], said, reader) : nothingRead
  const coded: Part[] = rows.length > 0 ? [{ rows, how, certainty: isBeyond ? 'suspected' : 'affirmed' }] : []
  // The display of a code that was taken back would be heard as words again.
  if (rows.length < all.size) return { parts: coded, isUnread: false }
  const mayMeanMore = alsoWords || (isHeld ? hasOwnWords(said, reader) : true)
  if (!mayMeanMore) return coded.length > 0 ? { parts: coded, isUnread: false } : nothingOfOurs
  if (rows.length > 0 && !alsoWords) return { parts: coded, isUnread: false }
  const text = [...said.map(wordsOfConcept), ...(isHeld ? [] : [notes()])]
    .filter((each) => each !== '')
    .join(' | ')
  const inWords = reader.said(text)
  const parts = [...coded, ...wordParts(inWords, coded)]
  return {
    parts,
    isUnread: parts.length === 0 && !isHeld && inWords.isEmpty,
    isBeyond: inWords.isBeyond === true,
  }
}

interface NotDenied {
  rows: readonly CodeRow[]
  /** Nobody read whether they are denied. */
  isBeyond: boolean
}

/** A clinician who writes "cauda equina, ruled out" beside its code has taken the code back; displays do not count. */
function notDenied(rows: CodeRow[], said: readonly Concept[], reader: Reader): NotDenied {
  const written = said.flatMap(({ codings, text }) =>
    text !== undefined && !codings.some(({ display }) => isSame(display, text)) ? [text] : [],
  )
  if (written.length === 0) return { rows, isBeyond: false }
  const { affirmed, suspected, past, denied, isBeyond = false } = reader.said(written.join(' | '))
  const keys = new Set(denied.map(({ key }) => key))
  for (const { key } of [...affirmed, ...suspected, ...past]) keys.delete(key)
  return { rows: keys.size === 0 ? rows : rows.filter(({ key }) => !keys.has(key)), isBeyond }
}

/** Types that tell of imaging; their codes are often a hospital's own. */
const imagingTypes = new Set(['ServiceRequest', 'Procedure', 'DiagnosticReport', 'ImagingStudy'])

export function withImaging(type: string, read: Read, said: readonly Concept[], reader: Reader): Read {
  if (!imagingTypes.has(type) || read.parts.some(({ how }) => how !== 'words')) return read
  const row = reader.imagingIn(said.map(wordsOfConcept).join(' | '))
  if (!row) return read
  const parts: Part[] = [...read.parts, { rows: [row], how: 'words', certainty: 'affirmed' }]
  return { ...read, parts, isUnread: false }
}

/** Words that say what the codes said already add nothing. */
function wordParts(said: Said, coded: readonly Part[]): Part[] {
  const known = new Set(coded.flatMap(({ rows }) => rows.map(({ key }) => key)))
  return (['affirmed', 'suspected', 'past'] as const).flatMap((certainty) => {
    const rows = said[certainty].filter(({ key }) => !known.has(key))
    return rows.length > 0 ? [{ rows, how: 'words' as const, certainty }] : []
  })
}

/** Text that is not just the display of a coding; and every display of SNOMED CT, of which we hold a part only. */
function hasOwnWords(said: readonly Concept[], reader: Reader): boolean {
  return said.some(({ codings, text }) => {
    if (text !== undefined && !codings.some(({ display }) => isSame(display, text))) return true
    return codings.some(
      ({ system, display }) =>
        display !== undefined && system !== undefined && reader.codes.holdsInPart(system),
    )
  })
}

const isSame = (display: string | undefined, said: string) =>
  display === said || display?.toLowerCase() === said.toLowerCase()

export function rowsOf(said: readonly Concept[], codes: CodeIndex): readonly CodeRow[] {
  const rows = new Set<CodeRow>()
  for (const concept of said) {
    for (const coding of concept.codings)
      for (const row of codes.read(coding, wordsOfConcept(concept)).rows) rows.add(row)
  }
  return [...rows]
}
