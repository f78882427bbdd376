/**
 * An observation's name and its answer in words: "Saddle sensation", "absent"; "EHL strength", "2/5"; "Substance use", "IV
 * heroin last week". A name that is a sign is answered by yes and no; what the body does ("tone", "strength") is well where
 * it is there, and a sign where it is not; and what an answer says itself is said, whatever was asked.
 */
import { wordGroups } from '../../grammar.ts'
import type { CodeRow } from '../../pathway/codes.ts'
import type { Functions } from '../../pathway/schema.ts'
import { type Concept, concepts, type Element, element, number, text, wordsOfConcept } from '../wire.ts'
import { saysOneOf, withoutRemark } from '../words.ts'
import { type Part, type Read, wordParts } from './concepts.ts'
import type { Reader } from './reader.ts'
import type { Said } from './said.ts'

export interface Answered {
  /** What the name says, which the answer affirms or denies. */
  named: Read
  /** What the answer says itself, or together with the name. */
  told: Read
  /** When name and answer say that it was: "Foot drop: yes, since 2012". By group. */
  times?: Said['times']
}

const nothing: Read = { parts: [], isUnread: false }

const isUnclear = ({ rows }: Part) => rows.every(({ set }) => set === wordGroups.set)

/** @param panel what the panel is called that it is a component of */
export function withAnswer(read: Read, source: Element, reader: Reader, panel?: string): Answered {
  const own = ownNames(source)
  const answer = answerIn(source)
  if (own.length === 0 || answer === undefined) return { named: read, told: nothing }
  const isCoded = read.parts.some(({ how }) => how !== 'words')
  const measured = isCoded ? [] : reader.measuredAs(own)
  const named = measured.length > 0 ? measuredBy(measured) : read
  const names = namesIn(own, panel)
  const { functions } = reader
  const isSign = isCoded || named.parts.some((part) => !isUnclear(part))
  if (isSign) {
    // A number measures what the name says.
    const more = answer.isNumber ? [] : clear(wordParts(reader.said(answer.text), named.parts))
    const rows = new Set(named.parts.flatMap((part) => part.rows))
    const told = { parts: beyond(more, reader.beyondCodes(rows)), isUnread: false }
    if (answer.isNumber) return { named, told }
    return { named, told, ...timed(reader.said(asked(names, answer.text, functions))) }
  }
  const isFunction = names.some((name) => isDoneByBody(name, functions))
  if (answer.isNumber && named.parts.length === 0 && !isFunction) return { named, told: nothing }
  const said = reader.said(asked(names, answer.text, functions))
  const isBeyond = named.isBeyond === true || said.isBeyond === true
  // "Rectal tone intact: no": what the name calls well is not.
  const denied = answer.isNo && named.parts.length === 0 ? reader.said(names.join(' | ')).denied : []
  const parts =
    denied.length > 0
      ? [{ rows: denied, how: 'words' as const, certainty: 'affirmed' as const }]
      : wordParts(said, [])
  const told = { parts, isUnread: named.isUnread && said.isEmpty, isBeyond }
  return { named: nothing, told, ...timed(said) }
}

const measuredBy = (rows: readonly CodeRow[]): Read => ({
  parts: [{ rows, how: 'words', certainty: 'affirmed' }],
  isUnread: false,
})

/** Only where they tell a time: of an answer that tells none the entry says when it was. */
const timed = ({ times }: Said) => (times.size > 0 ? { times } : {})

const asked = (names: readonly string[], answer: string, functions: Functions) =>
  names.map((name) => joined(name, answer, functions)).join(' | ')

const clear = (parts: readonly Part[]) => beyond(parts, ({ set }) => set !== wordGroups.set)

const beyond = (parts: readonly Part[], isMore: (row: Part['rows'][number]) => boolean) =>
  parts.flatMap((part) => {
    const rows = part.rows.filter(isMore)
    return rows.length > 0 ? [{ ...part, rows }] : []
  })

function ownNames(source: Element): readonly string[] {
  const own = new Set(concepts(source.code).flatMap((each) => wordsOfConcept(each).split(' | ')))
  return [...own].filter((name) => name !== '')
}

/** "Left" of "Ankle dorsiflexion strength". */
const namesIn = (own: readonly string[], panel: string | undefined) =>
  panel === undefined ? own : own.map((name) => (name.includes(' ') ? name : `${panel} ${name}`))

interface WrittenValue {
  text: string
  isNumber: boolean
  isNo: boolean
}

/** The answer as people write it, "420 mL"; undefined where there is none in words or numbers. */
function answerIn(source: Element): WrittenValue | undefined {
  const quantity = element(source.valueQuantity)
  const value = number(quantity?.value) ?? number(source.valueInteger)
  if (value !== undefined) {
    const unit = text(quantity?.unit) ?? text(quantity?.code) ?? ''
    return { text: `${value} ${isGrade(unit) ? '' : unit}`.trim(), isNumber: true, isNo: false }
  }
  if (typeof source.valueBoolean === 'boolean') return inWords(source.valueBoolean ? 'yes' : 'no')
  const written = text(source.valueString) ?? firstWords(concepts(source.valueCodeableConcept))
  if (written === undefined) return undefined
  return /^\W*\d[^a-z]*$/i.test(written.slice(0, longestNumber)) && written.length <= longestNumber
    ? { text: written.trim(), isNumber: true, isNo: false }
    : inWords(written)
}
const longestNumber = 40

const firstWords = ([first]: readonly Concept[]) =>
  first?.text ?? first?.codings.find(({ display }) => display !== undefined)?.display

const inWords = (written: string): WrittenValue => {
  const plain = withoutRemark(written.trim())
  return { text: plain, isNumber: false, isNo: /^(no|false)$/i.test(plain) }
}

/** No unit of its own: a score. */
const isGrade = (unit: string) => /^(?:1|\{.{0,20}\}|scores?|grade)$/i.test(unit)

/** Something that the body does, and no word in it for its failing. */
const isDoneByBody = (name: string, { named, faults }: Functions) =>
  saysOneOf(name, named) && !saysOneOf(name, faults)

/** Longer answers are sentences of their own behind the name. */
function joined(name: string, answer: string, functions: Functions): string {
  if (isDoneByBody(name, functions)) {
    const plain = answer.toLowerCase()
    if (functions.there.includes(plain)) return `${name} ${functions['written-there']}`
    if (functions.lost.includes(plain)) return `${name} ${functions['written-lost']}`
    if (/^[0-5]$/.test(plain) && saysOneOf(name, functions.graded)) return `${name} ${plain}/5`
  }
  return answer.length <= longestShort ? `${name} ${answer}` : `${name}: ${answer}`
}
const longestShort = 40
