/** What ties an order to this back (G-04): its own reason, this visit, or a problem of lately. */
import { wordGroups } from '../grammar.ts'
import type { Content } from '../pathway/content.ts'
import { answer, cannotTell, type Evidence, type Known, no, yes } from '../pathway/known.ts'
import { evidenceOfReason, reasonsOfVisits, statementsIn } from './back-pain.ts'
import type { Episode, Situation } from './case.ts'
import { keysOf, parameterOf } from './lookups.ts'
import { readConcepts } from './reading/concepts.ts'
import { evidenceOf } from './reading/evidence.ts'
import { compileNaming, type Named, strongest } from './reading/naming.ts'
import { problemsOf } from './reading/reader.ts'
import { daysAgo } from './spans.ts'
import type { Statement } from './statements.ts'
import { type Element, wordsOfConcept } from './wire.ts'
import { affirmedTerms } from './words.ts'

const none = answer('none')
const mayBeSigns = (['nerve', 'sign'] as const).map((name) => `${wordGroups.set}/${name}`)

/** `keys`: what counts as back pain with this order; `problems`: those of the record that are. */
type GradeReason = (
  about: Situation,
  keys: ReadonlySet<string>,
  problems: readonly Statement[],
) => Pick<Episode, 'reason' | 'reasonNames' | 'backPain'>

export function compileReasonGrade(content: Content): GradeReason {
  const { episode } = content
  const spineFlags = new Set(keysOf(episode['spine-flags']))
  const emergencyFlags = new Set(keysOf(episode['emergency-flags']))
  const anyFlags = new Set([...spineFlags, ...keysOf(episode['other-flags'])])
  /** Pain of no named site, and words that may tell of a lost function or of a sign. */
  const perhapsBack = new Set([
    ...keysOf(episode['chronic-pain-anywhere']),
    ...keysOf(episode['site-unstated']),
    ...mayBeSigns,
  ])
  const lookback = episode['reason-lookback']
  const backPainWords = content.words.lists[episode.words]?.terms ?? []
  const otherWords = content.words.lists[episode['not-words']]?.terms ?? []
  const namedBy = compileNaming(content)

  return (about, keys, problems) => {
    const stated = statedBackPain(about, keys)
    const named = stated ? 'back-pain' : whatReasonsName(about)
    const backPain = stated ?? foundBackPain(about, keys, problems)
    // A visit for this back comes before what the order itself names.
    const isOther = named === 'another-matter' && backPain.value !== 'this-visit'
    return {
      reason: isOther
        ? isVisitUnknown(about)
          ? cannotTell([...conditionGaps(about), 'Encounter'])
          : none
        : backPain,
      reasonNames: answer(named),
      backPain:
        backPain.value === undefined ? backPain : backPain.value === 'none' ? no : yes(backPain.evidence),
    }
  }

  /** What began or was written down before the look-back is no recent problem. */
  function conditionGaps({ order, gaps }: Situation): readonly string[] {
    return gaps.among(['Condition'], parameterOf(content, lookback[order.kind]))
  }

  function isVisitUnknown(about: Situation): boolean {
    const { encounterId, encounter } = about.record
    return encounterId !== undefined && (conditionGaps(about).length > 0 || !encounter)
  }

  function statedBackPain({ order, index }: Situation, keys: ReadonlySet<string>): Known | undefined {
    // Whatever words stand beside a back-pain code, it is one.
    for (const reason of order.reasons)
      for (const coding of reason.codings) {
        const { rows, how } = content.codes.read(coding)
        if (rows.some((row) => keys.has(row.key))) return answer('order', [evidenceOfReason({ reason, how })])
      }
    const stated = [...order.reasons, ...order.pointedAt].flatMap((reason) =>
      readConcepts([reason], index.reader, () => '', true).parts.flatMap(({ rows, how }) =>
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
    return words.length > 0 && !isElsewhere
      ? answer('order-words', [{ reference: 'order', what: words[0] ?? '', how: 'words' }])
      : undefined
  }

  /** On this visit, or lately. */
  function foundBackPain(about: Situation, keys: ReadonlySet<string>, problems: readonly Statement[]): Known {
    const orFlags = new Set([...keys, ...emergencyFlags])
    const orEmergencies = [...problems, ...statementsIn(about.index, emergencyFlags, 'Condition')]
    const visit = reasonOfVisit(about, orFlags, orEmergencies)
    if (visit) return answer('this-visit', [visit])
    const gaps = conditionGaps(about)
    const recent = recentProblem(about, orEmergencies, gaps)
    return recent.value === 'none' && isVisitUnknown(about) ? cannotTell([...gaps, 'Encounter']) : recent
  }

  /** The furthest that any of the order's reasons is from the back. */
  function whatReasonsName({ order, index }: Situation): Named {
    const all = order.reasons.map((reason) => {
      const { parts } = readConcepts([reason], index.reader, () => '', true)
      const keys = parts.flatMap(({ rows }) => rows.map(({ key }) => key))
      // A fever or an earlier cancer is why this back is imaged, and no other reason than its pain.
      if (order.kind === 'lumbar-imaging' && keys.some((key) => anyFlags.has(key))) return 'nothing'
      const isPerhaps = keys.some((key) => perhapsBack.has(key))
      return isPerhaps ? 'perhaps-the-back' : namedBy(reason)
    })
    return strongest(all)
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
}
