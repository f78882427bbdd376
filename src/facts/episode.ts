/** This bout of back pain: when it began, how we know, and what ties it to the order. */
import type { Content } from '../pathway/content.ts'
import { answer, cannotTell, type Evidence, type Known, no, type Range, yes } from '../pathway/known.ts'
import type { PatientRecord } from '../record/record.ts'
import { evidenceOfReason, onsetByAge, reasonsOfVisits, statementsIn, visitsFor } from './back-pain.ts'
import type { Episode, OrderUnderReview } from './case.ts'
import { type Gaps, keysOf, parameterOf } from './lookups.ts'
import { readConcepts } from './reading/concepts.ts'
import { evidenceOf } from './reading/evidence.ts'
import { problemsOf } from './reading/reader.ts'
import type { RecordIndex } from './record-index.ts'
import { daysAgo, type Span } from './spans.ts'
import type { Statement } from './statements.ts'
import { type Concept, type Element, wordsOfConcept } from './wire.ts'
import { affirmedTerms } from './words.ts'

export type { Episode } from './case.ts'

const conditions = ['Condition']
const encounters = ['Encounter']

interface Situation {
  record: PatientRecord
  index: RecordIndex
  gaps: Gaps
  order: OrderUnderReview
  today: number
}

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
  const spineFlags = new Set(keysOf(episode['spine-flags']))
  const emergencyFlags = new Set(keysOf(episode['emergency-flags']))
  const anyFlags = new Set([...spineFlags, ...keysOf(episode['other-flags'])])
  const gap = parameterOf(content, episode.gap)
  const chronicFrom = parameterOf(content, episode['chronic-from'])
  const lookback = episode['reason-lookback']
  const backPainWords = content.words.lists[episode.words]?.terms ?? []
  const otherWords = content.words.lists[episode['not-words']]?.terms ?? []

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
      reason: reasonOf(about, keys, problems),
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

  // ---------------------------------------------------------------- the reason for the order

  function reasonOf(about: Situation, keys: ReadonlySet<string>, problems: readonly Statement[]): Known {
    const { order, record } = about
    const stated = order.reasons.flatMap((reason) =>
      readConcepts([reason], about.index.reader, () => '', true).parts.flatMap(({ rows, how }) =>
        rows.some((row) => keys.has(row.key) || spineFlags.has(row.key)) ? [{ reason, how }] : [],
      ),
    )
    const coded = stated.find(({ how }) => how !== 'words')
    if (coded) return answer('order', [evidenceOfReason(coded)])
    const said = order.reasons.map(wordsOfConcept).join(' | ')
    const isElsewhere = affirmedTerms(said, otherWords, content.words).length > 0
    const [worded] = stated
    if (worded && !isElsewhere) return answer('order-words', [evidenceOfReason(worded)])
    const words = affirmedTerms(said, backPainWords, content.words)
    if (words.length > 0 && !isElsewhere)
      return answer('order-words', [{ reference: 'order', what: words[0] ?? '', how: 'words' }])
    const orFlags = new Set([...keys, ...emergencyFlags])
    const orEmergencies = [...problems, ...statementsIn(about.index, emergencyFlags, 'Condition')]
    const visit = reasonOfVisit(about, orFlags, orEmergencies)
    if (visit) return answer('this-visit', [visit])
    // What began or was written down before the look-back is no recent problem.
    const gaps = about.gaps.among(conditions, parameterOf(content, lookback[order.kind]))
    const visitUnknown = record.encounterId !== undefined && (gaps.length > 0 || !record.encounter)
    if (order.reasons.some((reason) => competes(reason, about)) || order.reasonOutOfReach) {
      return order.reasonOutOfReach || visitUnknown ? cannotTell([...gaps, 'Encounter']) : answer('none')
    }
    const recent = recentProblem(about, orEmergencies, gaps)
    return recent.value === 'none' && visitUnknown ? cannotTell([...gaps, 'Encounter']) : recent
  }

  /** A fever or an earlier cancer is why this back is imaged, and no other reason than its pain. */
  function competes(reason: Concept, { order, index }: Situation): boolean {
    if (order.kind !== 'lumbar-imaging') return true
    return !readConcepts([reason], index.reader, () => '', true).parts.some(({ rows }) =>
      rows.some((row) => anyFlags.has(row.key)),
    )
  }

  function reasonOfVisit(
    { record, index }: Situation,
    keys: ReadonlySet<string>,
    problems: readonly Statement[],
  ): Evidence | undefined {
    const { encounterId } = record
    if (!encounterId) return undefined
    const named = new Set(problemsOf(record.encounter as unknown as Element | undefined))
    const linked = problems.find(
      (each) => each.encounter === encounterId || named.has(each.reference.split('/')[1] ?? ''),
    )
    if (linked) return evidenceOf(linked, undefined)
    const reference = `Encounter/${encounterId}`
    const visit = [...index.visits, ...reasonsOfVisits(index, keys)].find(
      (each) => each.reference === reference && each.rows.some((row) => keys.has(row.key)),
    )
    return visit && evidenceOf(visit, undefined)
  }

  function recentProblem(
    { order, today }: Situation,
    problems: readonly Statement[],
    gaps: readonly string[],
  ): Known {
    const limit = parameterOf(content, lookback[order.kind])
    let unsure = false
    for (const problem of problems) {
      if (problem.standing === 'past') continue
      const dates = [problem.began, problem.recorded].flatMap((span) => daysAgo(span, today) ?? [])
      // With an imaging order a problem counts that may be recent: knowing the year says no less than knowing nothing.
      const mayBeRecent = dates.length === 0 || dates.some((ago) => ago.low <= limit)
      const isRecent = dates.some((ago) => ago.high <= limit)
      if (isRecent || (mayBeRecent && order.kind === 'lumbar-imaging'))
        return answer('recent-problem', [evidenceOf(problem, undefined)])
      if (dates.length > 0 && mayBeRecent) unsure = true
    }
    return gaps.length > 0 || unsure ? cannotTell(gaps) : answer('none')
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
