/**
 * What an entry of the chart says beside its own name: notes ("new foot drop today", under low back pain), what a problem
 * was concluded from, why a treatment or a medicine was ordered, and what a clinician's impression sums up.
 */
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
  const { resourceType } = resource
  const notes = [
    ...notesOf(source),
    ...reasonsOf(resourceType, source),
    ...impressionOf(resourceType, source),
  ]
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

/** A visit's own are read with it, and an order's of this call with that. */
const withReasons = new Set(['Procedure', 'ServiceRequest', 'MedicationRequest', 'MedicationStatement'])
const withoutReasons: readonly Note[] = []

function reasonsOf(type: string, source: Element): readonly Note[] {
  if (!withReasons.has(type)) return withoutReasons
  const said = [...concepts(source.reasonCode), ...concepts(source.reason)]
  return said.map((each) => ({ said: each, time: startOf(source) }))
}

const startOf = ({
  performedDateTime,
  occurrenceDateTime,
  authoredOn,
  effectiveDateTime,
  dateAsserted,
}: Element) => performedDateTime ?? authoredOn ?? occurrenceDateTime ?? effectiveDateTime ?? dateAsserted

function impressionOf(type: string, source: Element): readonly Note[] {
  if (type !== 'ClinicalImpression') return withoutReasons
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
  if (source.note === undefined && source.evidence === undefined) return withoutReasons
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
