/**
 * What an entry of the chart says beside its own name: notes ("new foot drop today", under low back pain), what a problem
 * was concluded from, why a treatment or a medicine was ordered, and what a clinician's impression sums up.
 */
import type { FhirResource } from 'fhir/r4.js'
import { wordGroups } from '../grammar.ts'
import type { CodeRow } from '../pathway/codes.ts'
import type { PatientRecord } from '../record/record.ts'
import { rowsOf } from './reading/concepts.ts'
import type { Reader } from './reading/reader.ts'
import { reasonsIn } from './reading/reasons.ts'
import { statementShapes } from './reading/types.ts'
import { circumstances, type Statement, statementsOfReason } from './statements.ts'
import { type Concept, concepts, conceptsIn, type Element, elements, text } from './wire.ts'

const none: readonly Statement[] = []

interface Note {
  said: Concept
  time: unknown
}
const noNotes: readonly Note[] = []

interface Entry {
  resource: FhirResource
  record: PatientRecord
  reader: Reader
}

/**
 * What the notes of an entry say that its code does not, as problems of the patient. Dated by the note, or else by when the
 * entry was written down: words tell of another day themselves.
 */
export function statementsOfNotes(
  resource: FhirResource,
  record: PatientRecord,
  reader: Reader,
): readonly Statement[] {
  const source = resource as unknown as Element
  const { resourceType } = resource
  const written = notesOf(source)
  const reasons = reasonsOf(resourceType, source, { resource, record, reader })
  const impression = impressionOf(resourceType, source)
  // Most entries say nothing beside their name, so that nothing is made for them.
  const notes =
    reasons.length === 0 && impression.length === 0 ? written : [...written, ...reasons, ...impression]
  if (notes.length === 0 || reader.statuses.isWithdrawn(source)) return none
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

/** A visit's own are read with it, and an order's of this call with that. What one refers to is read where it stands. */
function reasonsOf(type: string, source: Element, { resource, record, reader }: Entry): readonly Note[] {
  const isGiven = ['reasonCode', 'reasonReference', 'reason', 'indication'].some(
    (name) => source[name] !== undefined,
  )
  if (!isGiven || type === 'Encounter') return noNotes
  const { own } = reasonsIn(resource, record, reader.reportHeadings)
  return own.map((said) => ({ said, time: startOf(source) }))
}

const startOf = ({
  performedDateTime,
  occurrenceDateTime,
  authoredOn,
  effectiveDateTime,
  dateAsserted,
  started,
}: Element) =>
  performedDateTime ?? authoredOn ?? occurrenceDateTime ?? effectiveDateTime ?? dateAsserted ?? started

function impressionOf(type: string, source: Element): readonly Note[] {
  if (type !== 'ClinicalImpression') return noNotes
  const written = [source.summary, source.description].flatMap((each): Concept[] => {
    const words = text(each)
    return words === undefined ? [] : [{ codings: [], text: words }]
  })
  const found = elements(source.finding).flatMap((each) => [
    ...concepts(each.itemCodeableConcept),
    ...concepts(each.item),
  ])
  const time = source.effectiveDateTime ?? source.date
  return [...written, ...found].map((said) => ({ said, time }))
}

function notesOf(source: Element): readonly Note[] {
  if (source.note === undefined && source.evidence === undefined) return noNotes
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
