/** A measurement, a score or a coded result. */
import { cannotTell, compare, type Evidence, type Known, yes } from '../../content/known.ts'
import type { FactOf } from '../../content/schema.ts'
import type { Case, Compile } from '../case.ts'
import { absentAnswer, keysOf, parameterOf } from '../lookups.ts'
import { daysAgo } from '../spans.ts'
import { evidenceOf, type Statement } from '../statements.ts'
import { convert } from '../units.ts'
import { concepts, type Element, element, number, text } from '../wire.ts'

type Fact = FactOf<'observation'>

export const observation: Compile<'observation'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const within = fact.within === undefined ? Number.POSITIVE_INFINITY : parameterOf(content, fact.within)
  const missing = ({ gaps }: Case) => gaps.among(['Observation'], within)
  const judge = judgement(fact, (reference) => parameterOf(content, reference))

  function find(about: Case): Known {
    const recent: Statement[] = []
    for (const key of keys) {
      for (const statement of about.index.statements(key)) {
        const ago = daysAgo(statement.began, about.today)
        const counts = ago ? ago.low <= within : within === Number.POSITIVE_INFINITY
        if (statement.type === 'Observation' && counts && !recent.includes(statement)) recent.push(statement)
      }
    }
    const verdict = judge(recent.sort((a, b) => (b.began?.last ?? 0) - (a.began?.last ?? 0)))
    if (verdict.holds) return yes(verdict.evidence)
    const gaps = missing(about)
    if (verdict.unsure || gaps.length > 0) return cannotTell(gaps, verdict.evidence)
    return absent
  }
  return { find, reads: ['Observation'], looksFor: { keys, absent, missing } }
}

interface Verdict {
  holds: boolean
  unsure: boolean
  evidence: readonly Evidence[]
}

const nothing: Verdict = { holds: false, unsure: false, evidence: [] }

/** Newest first. */
function judgement(
  fact: Fact,
  numberOf: (reference: string) => number,
): (newestFirst: readonly Statement[]) => Verdict {
  const answers = fact.answers && new Set(fact.answers)
  if (answers && !fact.value)
    return ([latest]) =>
      latest && answersOf(latest).some((code) => answers.has(code)) ? holds(latest) : nothing
  const fall = fact['fall-in-percent']
  if (fall) return (list) => fell(list, fact.unit ?? '', numberOf(fall))
  const { value } = fact
  if (!value) return ([latest]) => (latest ? holds(latest) : nothing)
  const limit = Object.fromEntries(
    Object.entries(value).map(([name, ref]) => [name, typeof ref === 'string' ? numberOf(ref) : ref]),
  )
  return (all) => {
    const list = fact.latest ? all.slice(0, 1) : all
    const measured = list.map((statement) => ({ statement, value: valueIn(statement, fact.unit) }))
    const hits = measured.filter(
      (each) =>
        (typeof each.value === 'number' && compare({ low: each.value, high: each.value }, limit) === true) ||
        answersOf(each.statement).some((code) => answers?.has(code)),
    )
    if (hits.length > 0)
      return {
        holds: true,
        unsure: false,
        evidence: hits.map(({ statement }) => evidenceWithValue(statement)),
      }
    const unread = measured.filter((each) => each.value === 'unread')
    return {
      holds: false,
      unsure: unread.length > 0,
      evidence: unread.map(({ statement }) => evidenceWithValue(statement)),
    }
  }
}

const holds = (statement: Statement): Verdict => ({
  holds: true,
  unsure: false,
  evidence: [evidenceWithValue(statement)],
})

function fell(list: readonly Statement[], unit: string, percent: number): Verdict {
  const measured = list.flatMap((statement) => {
    const value = valueIn(statement, unit)
    return typeof value === 'number' && value > 0 ? [{ statement, value }] : []
  })
  const latest = measured[0]
  if (!latest) return nothing
  const highest = measured.reduce((top, each) => (each.value > top.value ? each : top))
  const loss = ((highest.value - latest.value) / highest.value) * 100
  return loss >= percent
    ? {
        holds: true,
        unsure: false,
        evidence: [evidenceWithValue(highest.statement), evidenceWithValue(latest.statement)],
      }
    : nothing
}

/** The value in the unit asked for; `unread` where there is one that cannot be read; undefined where there is none. */
function valueIn(statement: Statement, unit: string | undefined): number | 'unread' | undefined {
  const source = statement.resource as unknown as Element
  const quantity = element(source.valueQuantity)
  const value = number(quantity?.value) ?? number(source.valueInteger)
  if (value === undefined) return quantity || source.valueString !== undefined ? 'unread' : undefined
  if (text(quantity?.comparator)?.startsWith('<')) return 'unread'
  if (!unit) return value
  return convert(value, text(quantity?.code) ?? text(quantity?.unit) ?? '', unit) ?? 'unread'
}

function answersOf(statement: Statement): string[] {
  const source = statement.resource as unknown as Element
  return concepts(source.valueCodeableConcept).flatMap(({ codings }) =>
    codings.flatMap(({ code }) => (code ? [code] : [])),
  )
}

function evidenceWithValue(statement: Statement): Evidence {
  const evidence = evidenceOf(statement, statement.rows[0])
  const quantity = element((statement.resource as unknown as Element).valueQuantity)
  const value = number(quantity?.value)
  if (value === undefined) return evidence
  return {
    ...evidence,
    what: `${evidence.what} ${value} ${text(quantity?.unit) ?? text(quantity?.code) ?? ''}`.trim(),
  }
}
