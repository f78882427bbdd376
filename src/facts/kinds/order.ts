/** What the draft order itself says: its code's columns, its elements, its reasons, its words. */
import { columnOf } from '../../pathway/codes.ts'
import { answer, cannotTell, type Known, no, yes } from '../../pathway/known.ts'
import type { Case, Compile, OrderUnderReview } from '../case.ts'
import { waysOf } from '../exposures.ts'
import { formReader } from '../fitting.ts'
import { keysOf, parameterOf } from '../lookups.ts'
import { productOf } from '../product.ts'
import { readConcepts, rowsOf } from '../reading/concepts.ts'
import { compileNaming } from '../reading/naming.ts'
import type { Said } from '../reading/said.ts'
import { spanTold, type ToldTime } from '../reading/told-time.ts'
import type { RecordIndex } from '../record-index.ts'
import { type Concept, type Element, plainCode, wordsOfConcept } from '../wire.ts'
import { affirmedTerms, saysOneOf, termsOfWhich } from '../words.ts'

export const draftOrder: Compile<'draft-order'> = (fact, content) => {
  const words = Object.entries(fact.words)
  const named = Object.entries(fact.named ?? {})
  const { column, element, beside } = fact
  const sets = fact.codes && new Set(fact.codes)
  const formOf = formReader(content)
  const read = ({ order, record }: Pick<Case, 'order' | 'record'>): unknown => {
    if (fact.form) {
      const { resource } = order.draft
      const source = resource as unknown as Element
      const ways = waysOf(source, productOf(resource, source, record))
      const called = { ...ways, routeCodes: [], routeWords: namesOf({ ...order, name: '' }) }
      // A product says its form better than a dosage: a lozenge may be "by mouth".
      return formOf(called) ?? formOf(ways)
    }
    if (beside) return order.beside.has(beside)
    if (column === 'strength') return order.strength
    const row = column ? order.rows.find((each) => sets?.has(each.set) && columnOf(each, column)) : undefined
    if (column) return row && columnOf(row, column)
    if (!element) return undefined
    const value = (order.draft.resource as unknown as Element)[element]
    return typeof value === 'boolean' ? value : plainCode(value)
  }
  const wordInItsName = (order: OrderUnderReview): string | undefined =>
    named.find(([, list]) => saysOneOf(namesOf(order), content.medicines[list]))?.[0]
  return {
    reads: [],
    find: (about) => {
      const value = read(about)
      const word =
        words.find(([, meanings]) => meanings.some((meaning) => meaning === value))?.[0] ??
        wordInItsName(about.order) ??
        (about.order.isCut ? undefined : fact.otherwise)
      return word === undefined ? cannotTell() : answer(word)
    },
  }
}

/** What was written beside the code of a reason, where the value sets hold it: its own name says no more than it does. */
function wordsBeside(reason: Concept, { codes }: RecordIndex['reader']): string {
  const { codings, text = '' } = reason
  const isName = codings.some(
    (coding) => coding.display?.toLowerCase() === text.toLowerCase() && codes.read(coding).rows.length > 0,
  )
  return isName ? '' : text
}

/** What the order calls itself, and what its code is called. */
const namesOf = ({ name, rows }: Pick<OrderUnderReview, 'name' | 'rows'>) =>
  [name, ...rows.map(({ display }) => display)].join(' | ')

export const reason: Compile<'reason'> = (fact, content) => {
  const keys = new Set(keysOf(fact.codes))
  const { words, episode } = content
  const backPain = words.lists[episode.words]?.terms ?? []
  // An emergency of the spine is no other pain: it is why the back hurts.
  const isAboutOthers = fact.outside || fact['some-outside']
  const ours = new Set([...keys, ...(isAboutOthers ? keysOf(episode['emergency-flags']) : [])])
  const isOurs = (concept: Concept, { reader }: RecordIndex) =>
    readConcepts([concept], reader, () => '', true).parts.some(({ rows }) =>
      rows.some((row) => ours.has(row.key)),
    )
  const namedBy = compileNaming(content)
  const isAmong = ({ order, index }: Case) => order.reasons.some((concept) => isOurs(concept, index))
  const namesOther = (concept: Concept, index: RecordIndex) =>
    !isOurs(concept, index) &&
    affirmedTerms(wordsOfConcept(concept), backPain, words).length === 0 &&
    namedBy(concept) !== 'nothing'
  const isBeyond = ({ order, index }: Case) => order.reasons.some((concept) => namesOther(concept, index))
  return {
    reads: ['Condition'],
    find: (about): Known => {
      const { order } = about
      if (fact['or-note'] && order.notes !== '')
        return yes([{ reference: 'order', what: order.notes, how: 'element' }])
      if (fact['some-outside'])
        return isBeyond(about)
          ? yes(reasonEvidence(order))
          : order.reasonOutOfReach
            ? cannotTell(['Condition'])
            : no
      if (isAmong(about)) return fact.outside ? no : yes(reasonEvidence(order))
      if (order.reasonOutOfReach) return cannotTell(['Condition'])
      if (!fact.outside) return no
      const said = order.reasons.map(wordsOfConcept).join(' | ')
      if (!isBeyond(about) || affirmedTerms(said, backPain, words).length > 0) return no
      return yes(reasonEvidence(order))
    },
  }
}

const reasonEvidence = (order: OrderUnderReview) =>
  order.reasons.slice(0, 1).map((concept) => ({
    reference: 'order',
    what:
      concept.text ??
      concept.codings.find(({ display }) => display)?.display ??
      concept.codings[0]?.code ??
      '',
    how: 'element' as const,
  }))

export const words: Compile<'words'> = (fact, content) => {
  const terms = (fact.list && content.words.lists[fact.list]?.terms) || []
  const keys = new Set(keysOf(fact.codes ?? {}))
  const limits = new Map(
    fact['unless-older'].flatMap(({ codes, than }) =>
      keysOf(codes).map((key) => [key, parameterOf(content, than)] as const),
    ),
  )
  const within = fact.within === undefined ? undefined : parameterOf(content, fact.within)
  const toldWithin = fact['told-within'] === undefined ? undefined : parameterOf(content, fact['told-within'])
  const isOld = (
    time: ToldTime | undefined,
    limit: number | undefined,
    { today, longStandingDays }: RecordIndex['reader'],
  ) => {
    const span = limit === undefined || !time ? undefined : spanTold(time, today, longStandingDays)
    return limit !== undefined && span !== undefined && today - span.last > limit
  }
  /** What is long ago, and lasts: "for 5 years". */
  const isLasting = (time: ToldTime) => 'isLongStanding' in time || 'lasts' in time
  /** Groups of which the words say that they began too long ago. */
  const tooOld = (times: Said['times'], reader: RecordIndex['reader']) =>
    new Set(
      [...times].flatMap(([key, time]) =>
        isOld(time, within ?? limits.get(key), reader) ||
        (!isLasting(time) && isOld(time, toldWithin, reader))
          ? [key]
          : [],
      ),
    )
  const heardOf = ({ affirmed, suspected, past }: Said) => {
    if (fact['of-before']) return past
    if (fact['of-now']) return affirmed
    return within === undefined ? [...affirmed, ...suspected, ...past] : [...affirmed, ...suspected]
  }
  return {
    reads: [],
    find: ({ order, index: { reader } }) => {
      const coded = rowsOf(order.reasons, reader.codes)
      const said = [...order.reasons.map((reason) => wordsBeside(reason, reader)), order.notes].join(' | ')
      const read = reader.said(said)
      const { times, isBeyond } = read
      const old = tooOld(times, reader)
      // What a code of the order says is no free text.
      const isMore = coded.length === 0 ? () => true : reader.beyondCodes(new Set(coded))
      const meant = heardOf(read).filter((row) => keys.has(row.key) && !old.has(row.key) && isMore(row))
      // "mva" in the list is the "major injury" that the words put into the past.
      const isOldTerm = (term: string) =>
        old.size > 0 && reader.said(term).affirmed.some(({ key }) => old.has(key))
      const inList = termsOfWhich(
        said,
        terms,
        content.words,
        (certainty, time) => within === undefined || (certainty !== 'past' && !isOld(time, within, reader)),
      )
      // "Personal history of malignant melanoma" tells more than the "malignant" in it.
      const found = new Set([
        ...meant.map(({ display }) => display),
        ...inList.filter((term) => !isOldTerm(term)),
      ])
      return found.size > 0
        ? yes(
            asWritten([...found], said).map((what) => ({ reference: 'order', what, how: 'words' as const })),
          )
        : order.isCut || isBeyond
          ? cannotTell()
          : no
    },
  }
}

/** What stands there word for word is quoted before another form of it: "foot drop", not "foot dropped". */
function asWritten(terms: readonly string[], said: string): readonly string[] {
  const text = said.toLowerCase()
  const quoted = terms.filter((term) => text.includes(term.toLowerCase()))
  return quoted.length > 0 ? quoted : terms
}
