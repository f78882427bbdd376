/** A finding on record: a diagnosis, a symptom, a status, wherever it may be written down. */
import type { CodeRow } from '../../pathway/codes.ts'
import { cannotTell, type Evidence, type Known, no, yes } from '../../pathway/known.ts'
import type { FactOf } from '../../pathway/schema.ts'
import type { Case, Compile } from '../case.ts'
import { endedBy } from '../ended.ts'
import { absentAnswer, keysOf, parameterOf } from '../lookups.ts'
import { evidenceOf, wordsOf } from '../reading/evidence.ts'
import { daysAgo, type Span, spanOf } from '../spans.ts'
import type { Statement } from '../statements.ts'
import { saysOneOf } from '../words.ts'

type Judged = 'counts' | 'unknown' | 'does-not'

export const condition: Compile<'condition'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const wanted = rowFilter(fact)
  // A finding may be charted as an observation too; its list is asked for only where a fact says so.
  const types = new Set<string>(
    fact.in.includes('Condition') && fact.observed ? [...fact.in, 'Observation'] : fact.in,
  )
  const terms = fact['with-words']
  const speaksOfIt = (statement: Statement) => !terms || saysOneOf(wordsOf(statement), terms)
  const isThere = ({ presence }: Statement) =>
    presence === 'present' || (presence === 'suspected' && fact.suspected === 'counts')
  const judge = judgement(fact, (reference) => parameterOf(content, reference))
  const ended = endedBy(fact['ended-by'])
  const missing = missingFrom(fact, (reference) => parameterOf(content, reference))

  function find(about: Case): Known {
    const isEnded = ended(about)
    const found = new Map<string, Evidence>()
    const unsure = new Map<string, Evidence>()
    const note = (statement: Statement, row: CodeRow | undefined) => {
      const judged = judge(statement, about)
      const isOver = judged !== 'does-not' && isEnded(statement)
      if (judged === 'does-not' || isOver === true) return
      const isSure = judged === 'counts' && isThere(statement) && isOver !== 'unknown'
      const list = isSure ? found : unsure
      const key = `${statement.reference}|${row?.display ?? ''}`
      if (!list.has(key)) list.set(key, evidenceOf(statement, row))
    }
    for (const key of keys) {
      for (const statement of about.index.statements(key)) {
        if (!types.has(statement.type) || statement.presence === 'absent') continue
        const row = statement.rows.find((each) => each.key === key && wanted(each))
        if (row && speaksOfIt(statement)) note(statement, row)
      }
    }
    if (found.size + unsure.size > 0 && isOld(about, keys)) return no
    if (found.size > 0) return yes([...found.values()])
    for (const type of fact.in) for (const statement of about.index.unread(type)) note(statement, undefined)
    const gaps = missing(about)
    if (unsure.size > 0 || gaps.length > 0) return cannotTell(gaps, [...unsure.values()])
    return absent
  }

  /** First recorded long before this episode: then it is not new, whatever was written today. */
  function isOld(about: Case, groups: readonly string[]): boolean {
    const limit = fact['not-older-than-episode']
    if (!limit) return false
    const before = about.episode.startedDaysAgo + parameterOf(content, limit)
    return groups.some((key) =>
      about.index.statements(key).some((statement) => {
        const first = daysAgo(earliest(statement), about.today)
        return first !== undefined && first.low > before
      }),
    )
  }

  return { find, reads: fact.in, looksFor: { keys, absent, missing } }
}

/** Types that say of a finding whether it still holds. */
const withStanding = new Set(['Condition', 'AllergyIntolerance'])

/**
 * Which types did not come as far back as an entry may have been written down and still count. Nothing begins after it
 * was recorded, so a window by the beginning reaches no further than the same window by the record. What counts for
 * being active, or by the day on which it ended, may have been written down at any time.
 */
function missingFrom(fact: FactOf<'condition'>, numberOf: (reference: string) => number) {
  const isUndated = fact.undated === 'only'
  const anyTime = isUndated || fact['or-active'] || (fact['from-abatement'] && fact.status !== 'active')
  const standing = fact.in.filter((type) => anyTime && withStanding.has(type))
  const others = fact.in.filter((type) => !standing.includes(type))
  const within = fact.within && numberOf(fact.within)
  const ifActive = fact['within-if-active'] ? numberOf(fact['within-if-active']) : 0
  // Problems often have no date. Results and procedures have one: none is looked for behind the dated ones that came.
  const window = isUndated ? 0 : typeof within === 'number' ? Math.max(within, ifActive) : undefined
  return (about: Case): readonly string[] => {
    const reach = fact['or-this-encounter'] ? reachOfVisit(window, about) : window
    const gaps = about.gaps.among(others, reach)
    return standing.length === 0 ? gaps : [...gaps, ...about.gaps.among(standing)]
  }
}

/** What was written down during the visit of the call counts, however long it lasts. */
function reachOfVisit(window: number | undefined, { record, today }: Case): number | undefined {
  if (window === undefined || !record.encounterId) return window
  const ago = daysAgo(spanOf(record.encounter?.period?.start), today)
  return ago && Math.max(window, ago.high)
}

function rowFilter(fact: FactOf<'condition'>): (row: CodeRow) => boolean {
  const only = fact['only-codes'] && new Set(fact['only-codes'])
  const except = new Set(fact['except-codes'])
  const names = fact['only-named']
  return (row) =>
    !except.has(row.code) &&
    (only === undefined || only.has(row.code)) &&
    (names === undefined || saysOneOf(row.display, names))
}

function judgement(fact: FactOf<'condition'>, numberOf: (reference: string) => number) {
  const within = fact.within ? numberOf(fact.within) : fact.beyond ? Number.POSITIVE_INFINITY : undefined
  const withinIfActive = fact['within-if-active'] ? numberOf(fact['within-if-active']) : undefined
  const beyond = fact.beyond ? numberOf(fact.beyond) : -1

  return (statement: Statement, about: Case): Judged => {
    if (fact.status === 'active' && statement.standing === 'past') return 'does-not'
    if (fact.status === 'past' && statement.standing !== 'past') return 'does-not'
    if (fact.undated === 'only') {
      if (statement.standing === 'past') return 'does-not'
      const ago = daysAgo(dateFor(fact, statement), about.today)
      // Of days that reach from now to long ago nobody knows which one it was.
      const isVague = ago && within !== undefined && ago.low <= within && ago.high > within
      return !ago || isVague ? 'counts' : 'does-not'
    }
    if (fact['or-active'] && statement.standing === 'active') return 'counts'
    if (fact['or-this-encounter'] && statement.encounter && statement.encounter === about.record.encounterId)
      return 'counts'
    if (within === undefined) return 'counts'
    const limit = statement.standing === 'active' ? (withinIfActive ?? within) : within
    const date = dateFor(fact, statement)
    // Over, and nobody knows when: that is not "lately".
    if (!date && statement.standing === 'past' && fact.status !== 'past') return 'does-not'
    return inWindow(fact, date, about.today, limit, beyond)
  }
}

function inWindow(
  fact: FactOf<'condition'>,
  date: Span | undefined,
  today: number,
  within: number,
  beyond: number,
): Judged {
  const ago = daysAgo(date, today)
  if (!ago) return fact.undated === 'counts' ? 'counts' : 'unknown'
  if (ago.low > within || ago.high <= beyond) return 'does-not'
  return ago.high <= within && ago.low > beyond ? 'counts' : 'unknown'
}

const dateFor = (fact: FactOf<'condition'>, statement: Statement) =>
  fact['from-abatement'] && statement.standing === 'past'
    ? (statement.ended ?? earliest(statement))
    : earliest(statement)

/** When it began; without that, when it was first written down. */
const earliest = (statement: Statement): Span | undefined => statement.began ?? statement.recorded
