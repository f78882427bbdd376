/** Something that was done, ordered or refused: therapy, surgery, imaging. */
import type { CodeRow } from '../../pathway/codes.ts'
import { cannotTell, type Evidence, type Known, yes } from '../../pathway/known.ts'
import type { FactOf } from '../../pathway/schema.ts'
import type { Case, Compile } from '../case.ts'
import { absentAnswer, keysOf, parameterOf } from '../lookups.ts'
import { evidenceOf, wordsOf } from '../reading/evidence.ts'
import { daysAgo } from '../spans.ts'
import type { Statement } from '../statements.ts'
import { saysOneOf } from '../words.ts'

type Fact = FactOf<'service'>

export const service: Compile<'service'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const types = new Set<string>(fact.in)
  const reports = new Set(keysOf(fact['unread-reports'] ?? {}))
  const wanted = rowFilter(fact)
  const speaksOfIt = wordCheck(fact)
  const within = fact.within === undefined ? Number.POSITIVE_INFINITY : parameterOf(content, fact.within)
  const missing = ({ gaps, episode }: Case) =>
    fact['adds-only']
      ? []
      : gaps.among(fact.in, fact['in-episode'] ? Math.min(within, episode.mayReachBackDays) : within)
  const startedAtLeast = fact['started-at-least'] && parameterOf(content, fact['started-at-least'])

  function find(about: Case): Known {
    const found: Evidence[] = []
    const unsure: Evidence[] = []
    for (const key of keys) {
      for (const statement of about.index.statements(key)) {
        if (!types.has(statement.type) || !isFarEnough(fact, statement) || isCalled(statement, about))
          continue
        const row = statement.rows.find((each) => each.key === key && wanted(each))
        if (!row || !speaksOfIt(statement, row) || statement.presence === 'absent') continue
        const judged = judge(statement, about)
        if (judged === 'counts' && isThere(statement)) found.push(evidenceOf(statement, row))
        else if (judged !== 'does-not') unsure.push(evidenceOf(statement, row))
      }
    }
    if (found.length > 0) return yes(found)
    const older: Evidence[] = []
    for (const statement of unreadReports(about)) {
      const ago = daysAgo(statement.began ?? statement.recorded, about.today)
      const isOfNow = !ago || ago.low <= about.episode.mayReachBackDays
      const list = isOfNow ? unsure : older
      list.push(evidenceOf(statement, undefined))
    }
    for (const statement of fact['adds-only'] ? [] : fact.in.flatMap((type) => about.index.unread(type))) {
      if (statement.unreadForm) continue
      if (judge(statement, about) !== 'does-not') unsure.push(evidenceOf(statement, undefined))
    }
    const gaps = missing(about)
    if (unsure.length > 0 || gaps.length > 0) return cannotTell(gaps, [...unsure, ...older])
    return older.length > 0 ? { ...absent, evidence: older } : absent
  }

  /** Reports about what the fact names, of which nobody knows what they conclude. */
  function unreadReports({ index }: Case): readonly Statement[] {
    if (reports.size === 0) return []
    return index
      .unread('DiagnosticReport')
      .filter(({ unreadForm, rows }) => unreadForm !== undefined && rows.some(({ key }) => reports.has(key)))
  }

  const isThere = ({ presence }: Statement) =>
    presence === 'present' || (presence === 'suspected' && fact.suspected === 'counts')

  function judge(statement: Statement, about: Case): 'counts' | 'unknown' | 'does-not' {
    const ago = daysAgo(statement.began ?? statement.recorded, about.today)
    if (!ago) return within === Number.POSITIVE_INFINITY ? 'counts' : 'unknown'
    if (ago.low > within) return 'does-not'
    if (fact['in-episode'] && ago.low > about.episode.mayReachBackDays) return 'does-not'
    if (startedAtLeast !== undefined && ago.high < Number(startedAtLeast)) return 'does-not'
    return ago.high <= within ? 'counts' : 'unknown'
  }

  return { find, reads: fact.in, reach: within, looksFor: { keys, absent, missing } }
}

/** The draft under review is no evidence of itself. */
const isCalled = (statement: Statement, about: Case) => statement.reference === about.order.draft.reference

const isFarEnough = (fact: Fact, statement: Statement) =>
  fact.progress !== 'done' || statement.progress === 'done'

/** Narrowed by words: one of them stands there, or (for a refusal that names no treatment) nothing is said at all. */
function wordCheck(fact: Fact): (statement: Statement, row: CodeRow) => boolean {
  const terms = fact['with-words']
  if (!terms) return () => true
  return (statement, row) => {
    const said = wordsOf(statement)
    return saysOneOf(said, terms) || (fact['or-unspecified'] && saysNothingBut(row.display, said))
  }
}

/** Every word of what was said stands in the code's own display. */
function saysNothingBut(display: string, said: string): boolean {
  const own = new Set(wordsIn(display))
  return wordsIn(said).every((word) => own.has(word))
}

const wordsIn = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? []

function rowFilter(fact: Fact): (row: CodeRow) => boolean {
  const except = new Set(fact['except-codes'])
  const where = Object.entries(fact.where ?? {})
  return (row) =>
    !except.has(row.code) && where.every(([column, values]) => values.includes(row.columns[column] ?? ''))
}
