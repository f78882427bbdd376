/** A measurement, a score or a coded result. */

import type { Content } from '../../pathway/content.ts'
import { cannotTell, compare, type Evidence, type Known, type Range, yes } from '../../pathway/known.ts'
import type { FactOf } from '../../pathway/schema.ts'
import type { Case, Compile } from '../case.ts'
import { endedBy } from '../ended.ts'
import { absentAnswer, keysOf, parameterOf } from '../lookups.ts'
import { evidenceOf } from '../reading/evidence.ts'
import { toldBy } from '../reading/statuses.ts'
import { daysAgo, spanOf } from '../spans.ts'
import type { Statement } from '../statements.ts'
import { convert, unitAsWritten } from '../units.ts'
import { type Element, element, elements, number, text } from '../wire.ts'
import { affirmedTerms, saysOneOf, termsOfWhich } from '../words.ts'

type Fact = FactOf<'observation'>

export const observation: Compile<'observation'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const within = fact.within === undefined ? Number.POSITIVE_INFINITY : parameterOf(content, fact.within)
  const missing = ({ gaps }: Case) => gaps.among(['Observation'], within)
  const judge = judgement(fact, content)
  const ended = endedBy(fact['ended-by'])

  function find(about: Case): Known {
    const isEnded = ended(about)
    const recent = new Set<Statement>()
    const undated = new Set<Statement>()
    for (const key of keys) {
      for (const statement of about.index.statements(key)) {
        if (statement.type !== 'Observation') continue
        const isOver = isEnded(statement)
        if (isOver === true) continue
        const ago = daysAgo(statement.began ?? statement.recorded, about.today)
        if (isOver === 'unknown') undated.add(statement)
        else if (ago ? ago.low <= within : within === Number.POSITIVE_INFINITY) recent.add(statement)
        else if (!ago) undated.add(statement)
      }
    }
    const verdict = judge(
      [...recent].sort((a, b) => dayOf(b) - dayOf(a)),
      about.today,
    )
    if (verdict.holds) return yes(verdict.evidence)
    // Nobody knows whether a value without a date stands in the window, or was over before.
    const perhaps = undated.size > 0 ? judge([...undated], about.today) : nothing
    const gaps = missing(about)
    const isUnsure = verdict.unsure || perhaps.holds || perhaps.unsure
    if (isUnsure || gaps.length > 0) return cannotTell(gaps, [...verdict.evidence, ...perhaps.evidence])
    return absent
  }
  return { find, reads: ['Observation'], looksFor: { keys, absent, missing } }
}

const dayOf = ({ began, recorded }: Statement) => (began ?? recorded)?.last ?? 0

interface Verdict {
  holds: boolean
  unsure: boolean
  evidence: readonly Evidence[]
}

const nothing: Verdict = { holds: false, unsure: false, evidence: [] }

/** Does one observation hold, not hold, or can nobody tell? */
type Judge = (statement: Statement, today: number) => boolean | undefined

/** Newest first. */
function judgement(
  fact: Fact,
  content: Content,
): (newestFirst: readonly Statement[], today: number) => Verdict {
  const fall = fact['fall-in-percent']
  if (fall) return (list) => fell(list, fact.unit ?? '', parameterOf(content, fall))
  const judge = judgeOf(fact, content)
  const isLatestOnly = fact.latest || fact.value === undefined
  return (list, today) => {
    const judged = (isLatestOnly ? latestOf(list) : list).map((statement) => ({
      statement,
      holds: judge(statement, today),
    }))
    const hits = judged.filter(({ holds }) => holds === true)
    const chosen = hits.length > 0 ? hits : judged.filter(({ holds }) => holds === undefined)
    return {
      holds: hits.length > 0,
      unsure: hits.length === 0 && chosen.length > 0,
      evidence: chosen.map(({ statement }) => evidenceWithValue(statement)),
    }
  }
}

/** All of the newest day: of two answers on one day neither is the later one. */
function latestOf(list: readonly Statement[]): readonly Statement[] {
  const [newest] = list
  return newest ? list.filter((each) => dayOf(each) === dayOf(newest)) : []
}

/** A day as its value: ahead, but not further than so many days. */
function dayAhead(most: number): Judge {
  return ({ resource }, today) => {
    const { valueDateTime, valueString } = resource as unknown as Element
    const day = spanOf(text(valueDateTime) ?? text(valueString))
    if (!day || day.first - today > most) return undefined
    if (day.first >= today) return true
    return day.last < today ? false : undefined
  }
}

function judgeOf(fact: Fact, content: Content): Judge {
  if (fact['day-ahead']) return dayAhead(parameterOf(content, fact['day-ahead']))
  const lower = (codes: readonly string[] | undefined) => new Set(codes?.map((code) => code.toLowerCase()))
  const [yesCodes, noCodes] = [lower(fact.answers), lower(fact['answers-no'])]
  const inWords = fact['answers-in-words']
  const saidNo = fact['answers-no-in-words'] ?? []
  const limit =
    fact.value &&
    Object.fromEntries(
      Object.entries(fact.value).map(([name, ref]) => [name, parameterOf(content, ref as string | number)]),
    )
  const hasAnswers = fact.answers !== undefined || inWords !== undefined
  const laboratorySays = laboratoryOf(fact)
  return ({ resource, presence }) => {
    const source = resource as unknown as Element
    const flagged = laboratorySays(source)
    if (flagged !== undefined) return flagged
    const { codes, said } = toldBy(source.valueCodeableConcept)
    if (codes.some((code) => yesCodes.has(code))) return true
    const words = [said, text(source.valueString) ?? ''].filter((each) => each !== '').join(' | ')
    if (inWords && saysOneOf(words, inWords)) {
      const [sure] = termsOfWhich(words, inWords, content.words, (certainty) => certainty === 'affirmed')
      if (sure !== undefined) return true
      return affirmedTerms(words, inWords, content.words).length > 0 ? undefined : false
    }
    if (limit) {
      const value = valueIn(source, fact.unit)
      if (value === 'unread') return undefined
      if (value) return compare(value, limit)
    }
    if (!limit && !hasAnswers) return true
    if (codes.some((code) => noCodes.has(code)) || presence === 'absent' || saysOneOf(words, saidNo))
      return false
    // A score that is answered by another code than those that count: a coded answer list is whole.
    if (limit && codes.length > 0) return false
    return undefined
  }
}

/** Undefined where the laboratory says nothing of it. */
function laboratoryOf(fact: Fact): (source: Element) => boolean | undefined {
  const says = fact['laboratory-says']
  if (!says) return () => undefined
  const lower = (codes: readonly string[]) => new Set(codes.map((code) => code.toLowerCase()))
  const [high, notHigh] = [lower(says.high), lower(says['not-high'])]
  return (source) => {
    const { codes } = toldBy(source.interpretation)
    if (codes.some((code) => high.has(code))) return true
    if (codes.some((code) => notHigh.has(code))) return false
    const limits = elements(source.referenceRange).flatMap(({ high: end }) => {
      const limit = element(end)
      return limit ? [limit] : []
    })
    const value = element(source.valueQuantity)
    const unitOf = (quantity: Element) => text(quantity.code) ?? text(quantity.unit) ?? ''
    // Of several ranges nobody tells which one is meant for this patient.
    const [limit] = limits
    if (!value || !limit || limits.length > 1) return undefined
    const [measured, most] = [number(value.value), number(limit.value)]
    if (measured === undefined || most === undefined) return undefined
    const converted = unitOf(limit) === '' ? most : convert(most, unitOf(limit), unitOf(value))
    return converted === undefined ? undefined : measured > converted
  }
}

function fell(list: readonly Statement[], unit: string, percent: number): Verdict {
  // One alone tells of no fall, whatever it is.
  if (list.length < 2) return nothing
  const read = list.map((statement) => ({
    statement,
    value: valueIn(statement.resource as unknown as Element, unit),
  }))
  const measured = read.flatMap(({ statement, value }) =>
    typeof value === 'object' && value.low === value.high && value.low > 0
      ? [{ statement, value: value.low }]
      : [],
  )
  const unread = read.filter(({ value }) => value === 'unread')
  const latest = measured[0]
  const highest = measured.reduce((top, each) => (each.value > top.value ? each : top), latest ?? noMeasure)
  const loss = latest ? ((highest.value - latest.value) / highest.value) * 100 : 0
  if (latest && loss >= percent)
    return {
      holds: true,
      unsure: false,
      evidence: [evidenceWithValue(highest.statement), evidenceWithValue(latest.statement)],
    }
  return unread.length > 0
    ? { holds: false, unsure: true, evidence: unread.map(({ statement }) => evidenceWithValue(statement)) }
    : nothing
}

const noMeasure = { statement: undefined as never, value: 0 }

/** The value in the unit asked for; `unread` where there is one that cannot be read; undefined where there is none. */
function valueIn(source: Element, unit: string | undefined): Range | 'unread' | undefined {
  const quantity = element(source.valueQuantity)
  const value = number(quantity?.value) ?? number(source.valueInteger)
  if (value === undefined)
    return quantity || source.valueString !== undefined || startsWithNumber(source.valueCodeableConcept)
      ? readString(source, unit)
      : undefined
  return rangeOf(value, text(quantity?.comparator), text(quantity?.code) ?? text(quantity?.unit) ?? '', unit)
}

/** "Less than 15" is known from above only. */
function rangeOf(
  value: number,
  comparator: string | undefined,
  from: string,
  unit: string | undefined,
): Range | 'unread' {
  const converted = unit ? convert(value, from, unit) : value
  if (converted === undefined) return 'unread'
  if (comparator?.startsWith('<')) return { low: Number.NEGATIVE_INFINITY, high: converted }
  return { low: converted, high: comparator?.startsWith('>') ? Number.POSITIVE_INFINITY : converted }
}

/** A result in words where a coded answer has its place: "38.9 °C". */
const startsWithNumber = (answer: unknown) => /^[<>]?=? ?\d/.test(text(element(answer)?.text) ?? '')

/** "101.2 F", "< 15", "7/10": a number, and what stands behind it as its unit. */
function readString(source: Element, unit: string | undefined): Range | 'unread' {
  const written = text(source.valueString) ?? text(element(source.valueCodeableConcept)?.text)
  const whole = (written ?? '').trim().slice(0, 40)
  const comparator = /^[<>]=?/.exec(whole)?.[0]
  const value = whole.slice(comparator?.length ?? 0).trim()
  const digits = /^-?\d{1,6}(\.\d{1,4})?/.exec(value)?.[0]
  if (digits === undefined) return 'unread'
  const rest = value.slice(digits.length).trim()
  if (!unit && rest !== '' && !rest.startsWith('/')) return 'unread'
  const read = rangeOf(Number(digits), comparator, rest, unit)
  if (read !== 'unread') return read
  // "36.8 °C oral", "180 lb (81.6 kg)": a remark behind the unit.
  return rangeOf(Number(digits), comparator, rest.split(/[ (]/, 1)[0] ?? '', unit)
}

function evidenceWithValue(statement: Statement): Evidence {
  const evidence = evidenceOf(statement, statement.rows[0])
  const source = statement.resource as unknown as Element
  const quantity = element(source.valueQuantity)
  const value = number(quantity?.value) ?? number(source.valueInteger)
  if (value === undefined) return evidence
  const unit = unitAsWritten(text(quantity?.unit) ?? text(quantity?.code) ?? '')
  return {
    ...evidence,
    what: `${evidence.what} ${value} ${unit}`.trim(),
    amount: value,
    ...(unit ? { unit } : {}),
  }
}
