/** Exposure to a medicine: taken lately, for how long, by which route. */
import type { CodeRow } from '../../content/codes.ts'
import type { Content } from '../../content/content.ts'
import { cannotTell, type Evidence, type Known, yes } from '../../content/known.ts'
import type { FactOf } from '../../content/schema.ts'
import type { Case, Compile } from '../case.ts'
import type { Exposure } from '../exposures.ts'
import { absentAnswer, keysOf, parameterOf } from '../lookups.ts'
import { evidenceOf } from '../reading/evidence.ts'
import { daysAgo } from '../spans.ts'
import { coveredDays, longestRun, overlap, type Stretch } from '../supply.ts'
import { saysOneOf } from '../words.ts'

export const medication: Compile<'medication'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const wanted = rowFilter(fact)
  const routeOf = routeReader(content)
  const limits = limitsOf(fact, content)
  const reads = medicineTypes.filter((type) => content.queries[type])

  function find(about: Case): Known {
    const candidates = exposuresOf(about)
    const sure = candidates.filter(
      ({ exposure }) => fact.route === undefined || routeOf(exposure) === fact.route,
    )
    const evidence = judge(sure, about)
    if (evidence) return yes(evidence)
    const possible =
      fact.route === undefined
        ? sure
        : candidates.filter(({ exposure }) => isPossible(routeOf(exposure), fact.route))
    const perhaps = judge([...possible, ...undated(possible, about)], about)
    const gaps = about.gaps.among(reads)
    if (perhaps || gaps.length > 0) return cannotTell(gaps, perhaps ?? [])
    return absent
  }

  function exposuresOf(about: Case): Candidate[] {
    const candidates = new Map<Exposure, Candidate>()
    const add = (key: string, exposure: Exposure) => {
      const row = exposure.rows.find((each) => each.key === key && wanted(each))
      if (row && !candidates.has(exposure)) candidates.set(exposure, { exposure, row, drafted: false })
    }
    for (const key of keys) {
      for (const exposure of about.index.exposures(key)) add(key, exposure)
      if (!fact['co-drafted']) continue
      for (const exposure of about.index.drafted(key)) {
        if (exposure.reference !== about.order.draft.reference) add(key, exposure)
      }
    }
    return [...candidates.values()]
  }

  function judge(candidates: readonly Candidate[], about: Case): Evidence[] | undefined {
    // "In the last 60 days" reaches back to the day 60 days ago; "60 of the last 90 days" counts 90 days.
    const reach = limits.supply === undefined ? limits.within : limits.within - 1
    const window = { first: about.today - reach, last: about.today }
    const counted = candidates.flatMap(({ exposure, row }) => {
      const stretch = stretchOf(exposure, about.today)
      const within = stretch && overlap(stretch, window)
      return within && startsRight(exposure, about) ? [{ exposure, row, stretch: within }] : []
    })
    if (counted.length === 0) return undefined
    if (limits.supply !== undefined) {
      const stretches = counted.map(({ stretch }) => stretch)
      const days = limits.gap === undefined ? coveredDays(stretches) : longestRun(stretches, limits.gap)
      if (days < limits.supply) return undefined
    }
    return counted.map(({ exposure, row }) => evidenceOf(exposure, row))
  }

  function startsRight(exposure: Exposure, about: Case): boolean {
    const ago = daysAgo(exposure.starts, about.today)
    if (limits.startedAtLeast !== undefined && !(ago && ago.low >= limits.startedAtLeast)) return false
    return !fact['in-episode'] || (ago !== undefined && ago.low <= about.episode.mayReachBackDays)
  }

  return { find, reads, looksFor: { keys, absent } }
}

const medicineTypes = [
  'MedicationRequest',
  'MedicationDispense',
  'MedicationStatement',
  'MedicationAdministration',
]

interface Candidate {
  exposure: Exposure
  row: CodeRow
  drafted: boolean
}

/** Without a date nobody can say when: it may cover any day. */
function undated(candidates: readonly Candidate[], about: Case): Candidate[] {
  return candidates
    .filter(({ exposure }) => exposure.starts === undefined)
    .map((each) => ({
      ...each,
      exposure: { ...each.exposure, starts: { first: 0, last: 0 }, lastDay: about.today },
    }))
}

function stretchOf(exposure: Exposure, today: number): Stretch | undefined {
  if (!exposure.starts || exposure.starts.first > today + 1) return undefined
  const first = Math.min(exposure.starts.last, today)
  return { first, last: Math.min(Math.max(exposure.lastDay ?? first, first), today) }
}

function limitsOf(fact: FactOf<'medication'>, content: Content) {
  const value = (reference: string | undefined) =>
    reference === undefined ? undefined : parameterOf(content, reference)
  return {
    within: value(fact.within) ?? Number.MAX_SAFE_INTEGER,
    supply: value(fact.supply),
    gap: value(fact['without-gap']),
    startedAtLeast: value(fact['started-at-least']),
  }
}

function rowFilter(fact: FactOf<'medication'>): (row: CodeRow) => boolean {
  const except = new Set(fact['except-codes'])
  const names = fact['only-named']
  return (row) => !except.has(row.code) && (names === undefined || saysOneOf(row.display, names))
}

/** The route by code, then by words; undefined when neither says, `several` when they disagree. */
function routeReader(content: Content) {
  const routes = Object.entries(content.routes)
  return (exposure: Exposure): string | undefined => {
    const coded = routes.find(([, route]) => exposure.routeCodes.some((code) => route.codes.includes(code)))
    if (coded) return coded[0]
    const said = routes
      .filter(([, route]) => saysOneOf(exposure.routeWords, route.words))
      .map(([name]) => name)
    return said.length > 1 ? 'several' : said[0]
  }
}

const isPossible = (route: string | undefined, wanted: string | undefined) =>
  route === undefined || route === 'several' || route === wanted
