/** Which draft orders does the pathway look at, and what do they say of themselves (G-01)? */
import type { FhirResource } from 'fhir/r4.js'
import { orderKinds } from '../grammar.ts'
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { OrderKind, OrderKindDeclaration, ReportHeadings } from '../pathway/schema.ts'
import type { DraftOrder, PatientRecord } from '../record/record.ts'
import type { OrderUnderReview } from './case.ts'
import { keysOf } from './lookups.ts'
import { compileMedicineReading } from './medicine-reading.ts'
import { wordsIn } from './phrases.ts'
import { productOf } from './product.ts'
import { rowsOf } from './reading/concepts.ts'
import { imagingReader } from './reading/imaging.ts'
import { reasonsIn } from './reading/reasons.ts'
import { type Concept, concepts, type Element, elements, text, wordsOfConcept } from './wire.ts'
import { saysOneOf } from './words.ts'

export interface OrdersRead {
  orders: OrderUnderReview[]
  /** How many more there are than are judged: beyond the limit, or beyond what is read of one order. */
  passedOver: number
}

type OrderReader = (record: PatientRecord) => OrdersRead

export function compileOrders(content: Content): OrderReader {
  const readers = orderKinds.flatMap((kind) => {
    const declaration = content.orderKinds[kind]
    return declaration ? [{ kind, declaration, match: matcher(declaration, content) }] : []
  })
  const medicines = compileMedicineReading(content)
  const backPain = content.words.lists[content.episode.words]?.terms ?? []
  const saysWhy = (words: string) =>
    saysOneOf(words, backPain) || saysOneOf(words, content.words['taken-for-elsewhere'])
  return (record) => {
    const beside = new Set<OrderKind>()
    let notRead = 0
    const orders = record.draftOrders.flatMap((draft) => {
      const order = read(draft, record)
      if (!order) {
        // What says which order it is may stand where nobody read on.
        if (draft.selected && isOfAKind(draft) && record.isCut(draft.resource)) notRead += 1
        return []
      }
      if (order.kind !== 'chart-view' && order.rows.length > 0) beside.add(order.kind)
      return draft.selected ? [{ ...order, beside }] : []
    })
    const most = content.site.limits['drafts-judged']
    return { orders: orders.slice(0, most), passedOver: Math.max(0, orders.length - most) + notRead }
  }

  function isOfAKind({ resource }: DraftOrder): boolean {
    return readers.some(({ declaration }) => declaration.resource === resource.resourceType)
  }

  function read(draft: DraftOrder, record: PatientRecord): Omit<OrderUnderReview, 'beside'> | undefined {
    const source = draft.resource as unknown as Element
    for (const { kind, declaration, match } of readers) {
      if (draft.resource.resourceType !== declaration.resource) continue
      const said = whatIsOrdered(draft.resource, source, record)
      const matched = match(said) ?? unread(declaration, draft, record)
      if (matched)
        return {
          draft,
          kind,
          ...matched,
          name: nameOf(said, matched.rows),
          ...reasonsOf(draft.resource, source, record, saysWhy, content.words['report-headings']),
          isCut: isCut(draft.resource, source, record),
        }
    }
    return undefined
  }

  /** A medicine that nobody can name may be of this kind: that gets a word, and not silence. */
  function unread(
    declaration: OrderKindDeclaration,
    { resource }: DraftOrder,
    record: PatientRecord,
  ): Matched | undefined {
    const strength = declaration['not-read']
    if (strength === undefined) return undefined
    const named = medicines.name(productOf(resource, resource as unknown as Element, record))
    return named !== 'irrelevant' && named.how === 'not-read' ? { strength, rows: [] } : undefined
  }
}

const isCut = (resource: FhirResource, source: Element, record: PatientRecord) =>
  record.isCut(resource) || productOf(resource, source, record).isCut

function whatIsOrdered(resource: FhirResource, source: Element, record: PatientRecord): readonly Concept[] {
  return resource.resourceType === 'MedicationRequest'
    ? productOf(resource, source, record).said
    : concepts(source.code)
}

interface Matched {
  strength: string
  rows: readonly CodeRow[]
}

/**
 * Clinical drug before ingredient before name: the first value set that knows the code decides, and in it the
 * trigger that is named first.
 */
function matcher(
  declaration: OrderKindDeclaration,
  content: Content,
): (said: readonly Concept[]) => Matched | undefined {
  const sets = [...new Set(declaration.triggers.flatMap(({ codes }) => Object.keys(codes)))]
  const triggers = declaration.triggers.map(({ codes, strength }) => ({
    strength,
    keys: new Set(keysOf(codes)),
  }))
  const named = new Set(declaration['by-name'])
  const imagingIn = declaration['in-words'] ? imagingReader(content.meanings) : undefined
  const decide = (rows: readonly CodeRow[]): Matched | undefined => {
    const trigger = triggers.find(({ keys }) => rows.some((row) => keys.has(row.key)))
    return trigger && { strength: trigger.strength, rows }
  }
  const firstKnown = (rows: readonly CodeRow[]) => {
    const first = sets.find((set) => rows.some((row) => row.set === set))
    return first === undefined ? undefined : rows.filter((row) => row.set === first)
  }
  return (said) => {
    const coded = firstKnown(rowsOf(said, content.codes))
    if (coded) return decide(coded)
    const words = said.map(wordsOfConcept).join(' | ')
    const inWords = imagingIn?.(words)
    if (inWords) return decide([inWords])
    return decide((named.size > 0 && firstKnown(content.codes.lookupByName(words, named))) || [])
  }
}

/** What it is taken for, where a dosage alone says so: "q6h prn low back pain"; "prn pain" says nothing of where it hurts. */
function takenFor(source: Element): readonly Concept[] {
  return elements(source.dosageInstruction).flatMap((dosage) => [
    ...concepts(dosage.asNeededCodeableConcept),
    ...concepts(dosage.asNeededFor),
    ...[dosage.text, dosage.patientInstruction].flatMap((each) => {
      const words = whyIn(wordsIn((text(each) ?? '').slice(0, longestDosage)))
      return words === '' ? [] : [{ codings: [], text: words }]
    }),
  ])
}
const longestDosage = 600

/** Behind "prn", "as needed" or "for", up to a mark or a number. */
function whyIn(words: readonly string[]): string {
  const at = words.findIndex(
    (word) => word === 'prn' || word === 'for' || word === 'needed' || word === 'para',
  )
  const rest = at < 0 ? [] : words.slice(at + 1)
  const end = rest.findIndex((word) => /^[,:?\d]/.test(word))
  return rest.slice(0, end < 0 ? mostWords : Math.min(end, mostWords)).join(' ')
}
const mostWords = 10

/** The order in its sender's words, else in ours. */
function nameOf(said: readonly Concept[], rows: readonly CodeRow[]): string {
  const own = said
    .map((concept) => concept.text ?? concept.codings.find(({ display }) => display)?.display)
    .find((each) => each)
  return own ?? rows[0]?.display.replace(/^\(no AMA text\) /, '') ?? ''
}

function reasonsOf(
  resource: FhirResource,
  source: Element,
  record: PatientRecord,
  saysWhy: (words: string) => boolean,
  headings: ReportHeadings,
) {
  const { said: stated, pointedAt, isOutOfReach } = reasonsIn(resource, record, headings)
  const said = stated.length > 0 ? stated : takenFor(source).filter((each) => saysWhy(wordsOfConcept(each)))
  // Questions of order entry come as details too, each in words of its own.
  const notes = [
    ...elements(source.note).map((note) => text(note.text) ?? ''),
    ...concepts(source.orderDetail).map(wordsOfConcept),
  ]
    .filter((each) => each !== '')
    .join(' | ')
  return { reasons: said, pointedAt, reasonOutOfReach: isOutOfReach, notes }
}
