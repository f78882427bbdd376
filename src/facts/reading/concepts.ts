/** What some concepts say: every coding by the value sets, and words where no code says it. */
import { wordGroups } from '../../grammar.ts'
import type { CodeIndex, CodeRow } from '../../pathway/codes.ts'
import type { Evidence } from '../../pathway/known.ts'
import { type Concept, wordsOfConcept } from '../wire.ts'
import type { Reader } from './reader.ts'
import type { Said } from './said.ts'

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
  /** `unread`: what stands beside the code was not read. */
  certainty: 'affirmed' | 'suspected' | 'past' | 'unread'
}

const noParts: readonly Part[] = []
const noRows: readonly CodeRow[] = []
const nothingOfOurs: Read = { parts: [], isUnread: false }

/** Codes first: every coding counts. Words where no code is held, where a code may be wider than what was meant, or in `alsoWords`. */
export function readConcepts(
  said: readonly Concept[],
  reader: Reader,
  notes: () => string,
  alsoWords = false,
): Read {
  // Most codes are in no value set, so that nothing is made for them.
  let all: Set<CodeRow> | undefined
  let isHeld = false
  let how: Evidence['how'] = 'code'
  // Displays that are nobody's name of the code.
  let named: string[] | undefined
  for (const concept of said) {
    for (const coding of concept.codings) {
      const words = coding.system === undefined ? wordsOfConcept(concept) : undefined
      const found = reader.codes.read(coding, words)
      isHeld ||= found.isHeld
      if (coding.display !== undefined && isOwnName(coding.display, coding.system, found, concept, reader)) {
        named ??= []
        named.push(coding.display)
      }
      if (found.rows.length === 0) continue
      if (!all) how = found.how
      all ??= new Set()
      for (const row of found.rows) all.add(row)
    }
  }
  const coded = all ? asWritten([...all], said, reader).map((part) => ({ ...part, how })) : noParts
  const rows = coded.length === 0 ? noRows : coded.flatMap((part) => part.rows)
  // The display of a code that was taken back would be heard as words again.
  if (all && rows.length < all.size) return withMore(coded, all, said.flatMap(writtenIn), reader)
  if (all && !alsoWords) return withMore(coded, all, [...said.flatMap(writtenIn), ...(named ?? [])], reader)
  const mayMeanMore =
    alsoWords || !isHeld || named !== undefined || said.some((each) => writtenIn(each).length > 0)
  if (!mayMeanMore) return nothingOfOurs
  if (all && alsoWords) return withNames(coded, all, said, reader)
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

/**
 * A clinician who writes "cauda equina, ruled out" beside its code has taken the code back, "history of" puts it into the
 * past, and "suspected" says that nobody knows yet; displays do not count.
 */
function asWritten(rows: readonly CodeRow[], said: readonly Concept[], reader: Reader): Omit<Part, 'how'>[] {
  const written = said.flatMap(writtenIn)
  if (written.length === 0) return [{ rows, certainty: 'affirmed' }]
  const text = written.join(' | ')
  const words = reader.said(text)
  // Nobody read whether it is denied.
  if (words.isBeyond) return [{ rows, certainty: 'unread' }]
  const opening = written.length === 1 ? reader.opening(text) : 'affirmed'
  const keysOf = (list: readonly CodeRow[]) => new Set(list.map(({ key }) => key))
  const [affirmed, suspected, past, denied] = [words.affirmed, words.suspected, words.past, words.denied].map(
    keysOf,
  ) as [Set<string>, Set<string>, Set<string>, Set<string>]
  const certaintyOf = ({ key, display }: CodeRow) => {
    if (affirmed.has(key)) return 'affirmed'
    if (suspected.has(key)) return 'suspected'
    if (past.has(key)) return 'past'
    if (denied.has(key)) return 'denied'
    // A code that itself says "history of" stands for now.
    return reader.opening(display) === 'past' ? 'affirmed' : opening
  }
  const parts = Map.groupBy(rows, certaintyOf)
  return (['affirmed', 'suspected', 'past'] as const).flatMap((certainty) => {
    const own = parts.get(certainty)
    return own ? [{ rows: own, certainty }] : []
  })
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

/**
 * Beside codes of ours in a reason: what people wrote counts, but for words that only may tell of something; what the
 * codes are called counts where it says more than they do.
 */
function withNames(
  coded: readonly Part[],
  all: ReadonlySet<CodeRow>,
  said: readonly Concept[],
  reader: Reader,
): Read {
  const tellsMore = reader.beyondCodes(all)
  const written = reader.said(said.flatMap(writtenIn).join(' | '))
  const named = reader.said(
    said.flatMap(({ codings }) => codings.flatMap(({ display }) => display ?? [])).join(' | '),
  )
  const wanted = (parts: readonly Part[], isWanted: (row: CodeRow) => boolean) =>
    parts.flatMap((part) => {
      const rows = part.rows.filter(isWanted)
      return rows.length > 0 ? [{ ...part, rows }] : []
    })
  const ofWritten = wanted(wordParts(written, coded), (row) => row.set !== wordGroups.set || tellsMore(row))
  const known = [...coded, ...ofWritten]
  const parts = [...known, ...wanted(wordParts(named, known), tellsMore)]
  return { parts, isUnread: false, isBeyond: written.isBeyond === true || named.isBeyond === true }
}

/** Words that say what the codes said already add nothing. */
export function wordParts(
  said: Pick<Said, 'affirmed' | 'suspected' | 'past'>,
  coded: readonly Part[],
): Part[] {
  const known = new Set(coded.flatMap(({ rows }) => rows.map(({ key }) => key)))
  return (['affirmed', 'suspected', 'past'] as const).flatMap((certainty) => {
    const rows = said[certainty].filter(({ key }) => !known.has(key))
    return rows.length > 0 ? [{ rows, how: 'words' as const, certainty }] : []
  })
}

/** Beside codes of ours: what people wrote tells of more signs, "Low back pain with urinary retention". */
function withMore(
  coded: readonly Part[],
  rows: ReadonlySet<CodeRow>,
  written: readonly string[],
  reader: Reader,
): Read {
  if (written.length === 0) return { parts: coded, isUnread: false }
  const inWords = reader.said(written.join(' | '))
  const tellsMore = reader.beyondCodes(rows)
  const parts = wordParts(inWords, coded).flatMap((part) => {
    const more = part.rows.filter(tellsMore)
    return more.length > 0 ? [{ ...part, rows: more }] : []
  })
  return { parts: [...coded, ...parts], isUnread: false, isBeyond: inWords.isBeyond === true }
}

/** Text that is not just the display of a coding. */
function writtenIn({ codings, text }: Concept): readonly string[] {
  return text !== undefined && !codings.some(({ display }) => isSame(display, text)) ? [text] : []
}

/**
 * A display is the name of a code that is held. Of SNOMED CT we hold a part only, and a code of ours may come under what
 * a hospital calls it.
 */
function isOwnName(
  display: string,
  system: string | undefined,
  { rows, isHeld }: { rows: readonly CodeRow[]; isHeld: boolean },
  { codings }: Concept,
  reader: Reader,
): boolean {
  if (rows.length > 0) return !rows.some((row) => isSame(row.display, display))
  if (isHeld) return system !== undefined && reader.codes.holdsInPart(system)
  // A hospital's code of its own often repeats the name of the code beside it, of which no name may have come.
  const others = codings.filter((each) => each.display !== display)
  return others.some((each) => each.display !== undefined || reader.codes.read(each, display).rows.length > 0)
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
