/** How a card calls what was found. */
import type { CodeRow } from '../../pathway/codes.ts'
import type { Evidence } from '../../pathway/known.ts'
import type { Statement } from '../statements.ts'
import { concepts, type Element, elements, text, wordsOfConcept } from '../wire.ts'

/** Reason or note in words, for narrowing an unspecific code. */
export function wordsOf(statement: Statement): string {
  const source = statement.resource as unknown as Element
  const notes = elements(source.note).map((note) => text(note.text))
  const reasons = ['reasonCode', 'statusReason', 'bodySite'].flatMap((name) =>
    concepts(source[name]).map(wordsOfConcept),
  )
  return [...statement.concepts.map(wordsOfConcept), ...notes, ...reasons]
    .filter((each) => each !== undefined)
    .join(' | ')
}

/** What the card calls it: our own value set's words, else the record's. */
export function evidenceOf(statement: Statement, row: CodeRow | undefined): Evidence {
  const said = statement.concepts[0]
  const own = row && nameOf(statement, row)
  const written = said?.text ?? said?.codings.find((coding) => coding.display)?.display
  const isInWords = statement.how === 'words' || statement.how === 'not-read'
  return {
    reference: statement.reference,
    what:
      (isInWords ? undefined : own) ??
      written?.slice(0, longestWords) ??
      row?.display.replace(/^\(no AMA text\) /, '') ??
      said?.codings[0]?.code ??
      statement.type,
    date: statement.date,
    how: statement.how,
    ...(statement.unreadForm ? { form: statement.unreadForm } : {}),
  }
}

/** Of a code such as C50 or Z85, which holds dozens: the record's words for its own code say more. */
const categoryLength = 3

function nameOf({ concepts }: Statement, row: CodeRow): string | undefined {
  if (row.code.length === categoryLength) {
    const codings = concepts.flatMap((concept) => concept.codings)
    const within = codings.find(({ code, display }) => display && code?.startsWith(row.code))
    if (within) return within.display?.slice(0, longestWords)
  }
  return row.display.startsWith('(') || row.display === '' ? undefined : row.display
}

/** Characters of a record's own words that are shown. */
const longestWords = 120
