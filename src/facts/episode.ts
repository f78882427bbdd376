/** This bout of back pain: when it began, how we know, and what ties it to the order. */
import type { Content } from '../pathway/content.ts'
import { answer, cannotTell, type Evidence, type Known, no, type Range, yes } from '../pathway/known.ts'
import { onsetByAge, statementsIn, visitsFor } from './back-pain.ts'
import type { Episode, Situation } from './case.ts'
import { keysOf, parameterOf } from './lookups.ts'
import { evidenceOf } from './reading/evidence.ts'
import { compileReasonGrade } from './reason-grade.ts'
import type { RecordIndex } from './record-index.ts'
import { daysAgo, type Span } from './spans.ts'
import type { Statement } from './statements.ts'

export type { Episode } from './case.ts'

const conditions = ['Condition']
const encounters = ['Encounter']

export type ReadEpisode = (about: Situation) => Episode

interface Course {
  problems: readonly Statement[]
  onset: { days: Known; basis: Known }
}

export function compileEpisode(content: Content): ReadEpisode {
  const { episode } = content
  const plain = new Set(keysOf(episode['back-pain']))
  const unstated = new Set(keysOf(episode['site-unstated']))
  const forImaging = new Set([...plain, ...unstated])
  const chronic = new Set(keysOf(episode.chronic))
  const chronicAnywhere = keysOf(episode['chronic-pain-anywhere'])
  const leg = new Set(keysOf(episode.sciatica))
  const gap = parameterOf(content, episode.gap)
  const chronicFrom = parameterOf(content, episode['chronic-from'])
  const gradeReason = compileReasonGrade(content)

  /** What the record says, whichever order of a kind is asked about: found once for a record. */
  const courses = new WeakMap<RecordIndex, Map<ReadonlySet<string>, Course>>()
  function courseOf(about: Situation, keys: ReadonlySet<string>): Course {
    const found = courses.get(about.index) ?? new Map<ReadonlySet<string>, Course>()
    courses.set(about.index, found)
    const known = found.get(keys)
    if (known) return known
    const problems = statementsIn(about.index, keys, 'Condition')
    const course = { problems, onset: onsetOf(about, problems, visitsFor(about.index, keys, problems)) }
    found.set(keys, course)
    return course
  }

  return (about) => {
    const keys = about.order.kind === 'opioid' ? plain : forImaging
    const { problems, onset } = courseOf(about, keys)
    const range = onset.days.value as Range | undefined
    return {
      onsetDays: onset.days,
      basis: onset.basis,
      ...gradeReason(about, keys, problems),
      sciatica: sciaticaOf(about, problems),
      startedDaysAgo: range?.low ?? 0,
      mayReachBackDays: range?.high ?? Number.POSITIVE_INFINITY,
    }
  }

  // ---------------------------------------------------------------- onset

  function onsetOf(about: Situation, problems: readonly Statement[], visits: readonly Statement[]) {
    const { record, index, today } = about
    const open = problems.filter((each) => each.standing !== 'past')
    const contacts = [...open.map((each) => each.recorded ?? each.began), ...visits.map((each) => each.began)]
    const chain = chainStart(contacts, today)
    const dated = open
      .map((statement) => ({
        statement,
        ago: daysAgo(statement.began ?? onsetByAge(statement, record), today),
      }))
      // A visit diagnosis of long ago, not said to be active, belongs to another episode.
      .filter(
        ({ statement, ago }) => ago && (statement.standing === 'active' || ago.low <= Math.max(chain, gap)),
      )
    const oldest = dated.reduce<(typeof dated)[number] | undefined>(
      (best, each) => (best?.ago && each.ago && best.ago.high >= each.ago.high ? best : each),
      undefined,
    )
    const gaps = about.gaps.among(conditions)
    if (oldest?.ago)
      return known(atLeastIf(gaps, oldest.ago), 'onset', [evidenceOf(oldest.statement, undefined)], gaps)

    const term =
      open.find((each) => each.rows.some((row) => chronic.has(row.key))) ?? chronicOnVisitOf(index, open)
    // An older visit belongs to this bout only if no longer gap than the clean period lies between.
    const allGaps = [...gaps, ...about.gaps.among(encounters, Math.max(chain, 0) + gap)]
    if (term)
      return known(
        { low: Math.max(chronicFrom, chain), high: Number.POSITIVE_INFINITY },
        'term',
        [evidenceOf(term, undefined)],
        [],
      )
    if (chain >= 0) {
      const first = [...open, ...visits].find((each) => firstRecorded(each, today) === chain)
      return known(
        atLeastIf(allGaps, { low: chain, high: chain }),
        'first-recorded',
        first ? [evidenceOf(first, undefined)] : [],
        allGaps,
      )
    }
    return { days: cannotTell(allGaps), basis: allGaps.length > 0 ? cannotTell(allGaps) : answer('none') }
  }

  /** Furthest day of the current episode among its contacts, or -1: no gap longer than the clean period. */
  function chainStart(contacts: readonly (Span | undefined)[], today: number): number {
    const days = contacts.flatMap((contact) => daysAgo(contact, today)?.low ?? []).sort((a, b) => a - b)
    let start = -1
    for (const day of days) {
      if (day - Math.max(start, 0) > gap) break
      start = day
    }
    return start
  }

  /** Chronic pain of any site, coded on the same visit as back pain. */
  function chronicOnVisitOf(index: RecordIndex, open: readonly Statement[]): Statement | undefined {
    const encounters = new Set(open.flatMap((each) => each.encounter ?? []))
    return chronicAnywhere
      .flatMap((key) => index.statements(key))
      .find(
        (each) =>
          each.type === 'Condition' &&
          each.standing !== 'past' &&
          each.encounter &&
          encounters.has(each.encounter),
      )
  }

  // ---------------------------------------------------------------- sciatica

  function sciaticaOf({ index, gaps: incomplete }: Situation, problems: readonly Statement[]): Known {
    const isLeg = (each: Statement) => each.rows.some((row) => leg.has(row.key))
    const stated = [...leg].flatMap((key) =>
      index.statements(key).filter(({ place, presence }) => place !== 'record' && presence === 'present'),
    )
    const found = [...problems, ...stated].find((each) => each.standing !== 'past' && isLeg(each))
    if (found) return yes([evidenceOf(found, undefined)])
    const gaps = incomplete.among(conditions)
    return gaps.length > 0 ? cannotTell(gaps) : no
  }
}

const known = (range: Range, basis: string, evidence: readonly Evidence[], gaps: readonly string[]) => ({
  days: { value: range, evidence, gaps } as Known,
  basis: answer(basis, evidence),
})

/** With data missing there may be an older entry: what is known is only "at least so long". */
const atLeastIf = (gaps: readonly string[], range: Range): Range =>
  gaps.length > 0 ? { low: range.low, high: Number.POSITIVE_INFINITY } : range

const firstRecorded = (statement: Statement, today: number) =>
  daysAgo(statement.type === 'Condition' ? (statement.recorded ?? statement.began) : statement.began, today)
    ?.low
