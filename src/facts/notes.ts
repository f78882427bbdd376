/** Notes beside an entry of the chart, and what a problem was concluded from: "new foot drop today", under low back pain. */
import type { FhirResource } from 'fhir/r4.js'
import { wordGroups } from '../grammar.ts'
import type { CodeRow } from '../pathway/codes.ts'
import { rowsOf } from './reading/concepts.ts'
import type { Reader } from './reading/reader.ts'
import { statementShapes } from './reading/types.ts'
import { circumstances, type Statement, statementsOfReason } from './statements.ts'
import { type Concept, concepts, conceptsIn, type Element, elements, text } from './wire.ts'

const none: readonly Statement[] = []

interface Note {
  said: Concept
  time: unknown
}

/**
 * What the notes of an entry say that its code does not, as problems of the patient. Dated by the note, or else by when the
 * entry was written down: words tell of another day themselves.
 */
export function statementsOfNotes(resource: FhirResource, reader: Reader): readonly Statement[] {
  const source = resource as unknown as Element
  if (source.note === undefined && source.evidence === undefined) return none
  const notes = notesOf(source)
  if (notes.length === 0 || reader.statuses.isWithdrawn(source)) return none
  const { resourceType } = resource
  const coded = rowsOf(conceptsIn(source, statementShapes.get(resourceType)?.about ?? []), reader.codes)
  const isMore = moreThan(coded, reader)
  const about = { ...circumstances(resource, reader), type: 'Condition' }
  return notes.flatMap(({ said, time }) => {
    const dated = reader.believed([time])
    const recorded = dated?.span ?? about.recorded ?? about.began
    const date = dated?.written ?? about.date
    return statementsOfReason(said, { ...about, began: undefined, recorded, date }, reader).flatMap(
      (each) => {
        if (each.how === 'not-read') return each.isBeyond ? [each] : []
        const rows = each.rows.filter(isMore)
        return rows.length > 0 ? [{ ...each, rows }] : []
      },
    )
  })
}

function notesOf(source: Element): readonly Note[] {
  const written = elements(source.note).flatMap((note): Note[] => {
    const words = text(note.text)
    return words === undefined ? [] : [{ said: { codings: [], text: words }, time: note.time }]
  })
  // STU3 and R4 name the code of a piece of evidence; R5 has a CodeableReference.
  const evidence = elements(source.evidence).flatMap((each) => [
    ...concepts(each.code),
    ...concepts(each.concept),
  ])
  return [...written, ...evidence.map((said) => ({ said, time: undefined }))]
}

/** Beside a code that says little, words count too that only may tell of something; beside others they do not. */
function moreThan(coded: readonly CodeRow[], reader: Reader): (row: CodeRow) => boolean {
  if (coded.length === 0) return ({ set }) => set !== wordGroups.set
  return reader.beyondCodes(new Set(coded))
}
