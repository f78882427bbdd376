/** Exposure to a medicine: taken lately, in use now, for how long, by which route. */
import type { CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import { cannotTell, type Evidence, type Known, yes } from '../../pathway/known.ts'
import type { FactOf } from '../../pathway/schema.ts'
import type { Case, Compile } from '../case.ts'
import type { Exposure } from '../exposures.ts'
import { type Age, type Fit, fitting, inUse, isStale, possibly, surely } from '../fitting.ts'
import { absentAnswer, keysOf, parameterOf } from '../lookups.ts'
import { evidenceOf } from '../reading/evidence.ts'
import { daysAgo } from '../spans.ts'
import { coveredDays, longestRun, overlap, type Stretch } from '../supply.ts'

export const medication: Compile<'medication'> = (fact, content) => {
  const keys = keysOf(fact.codes)
  const absent = absentAnswer(fact)
  const fits = fitting(fact, content)
  const limits = limitsOf(fact, content)
  const reads = medicineTypes.filter((type) => content.queries[type])

  const missing = ({ gaps }: Case) => gaps.among(reads, limits.reachDays)

  function find(about: Case): Known {
    const age = { today: about.today, staleDays: limits.staleDays }
    const candidates = candidatesIn(about)
    const sure = judge(candidates, about, (each) => {
      const isUsed = limits.inUse === undefined || inUse(each.exposure, age, limits.inUse) === 'yes'
      return each.fits === 'yes' && isUsed ? surely(each.exposure, age) : undefined
    })
    if (sure) return yes(sure.map((each) => toldOf(each, age)))
    const perhaps = judge([...candidates, ...unreadIn(about)], about, ({ exposure }) => {
      const isUsed = limits.inUse === undefined || inUse(exposure, age, limits.inUse) !== 'no'
      return isUsed ? possibly(exposure, age) : undefined
    })
    const gaps = missing(about)
    if (perhaps || gaps.length > 0)
      return cannotTell(
        gaps,
        perhaps?.map((each) => toldOf(each, age)),
      )
    return absent
  }

  function candidatesIn(about: Case): Candidate[] {
    const candidates = new Map<Exposure, Candidate>()
    const add = (key: string, exposure: Exposure) => {
      if (candidates.has(exposure)) return
      const row = exposure.rows.find((each) => each.key === key && fits.isWanted(each))
      const fit = row ? fits.fit(exposure, about) : 'no'
      if (fit !== 'no') candidates.set(exposure, { exposure, row, fits: fit })
    }
    for (const key of keys) {
      for (const exposure of about.index.exposures(key)) add(key, exposure)
      if (!fact['co-drafted']) continue
      for (const exposure of about.index.drafted(key)) if (!isOwn(exposure, about)) add(key, exposure)
    }
    return [...candidates.values()]
  }

  /** A medicine that nobody can name may be the one. */
  function unreadIn(about: Case): Candidate[] {
    const { exposures, drafted } = about.index.unreadMedicines
    const others = fact['co-drafted'] ? drafted.filter((each) => !isOwn(each, about)) : []
    return [...exposures, ...others]
      .filter((exposure) => fits.mayFit(exposure))
      .map((exposure) => ({ exposure, row: undefined, fits: 'perhaps' }))
  }

  /** Those whose days in the window suffice. */
  function judge(
    candidates: readonly Candidate[],
    about: Case,
    daysOf: (candidate: Candidate) => Stretch | undefined,
  ): Candidate[] | undefined {
    // "In the last 60 days" reaches back to the day 60 days ago; "60 of the last 90 days" counts 90 days.
    const reach = limits.supply === undefined ? limits.within : limits.within - 1
    const window = { first: about.today - reach, last: about.today }
    const counted = candidates.flatMap((candidate) => {
      const stretch = startsRight(candidate.exposure, about) ? daysOf(candidate) : undefined
      const within = stretch && overlap(stretch, window)
      return within ? [{ candidate, stretch: within }] : []
    })
    if (counted.length === 0) return undefined
    if (limits.supply !== undefined) {
      const stretches = counted.map(({ stretch }) => stretch)
      const days = limits.gap === undefined ? coveredDays(stretches) : longestRun(stretches, limits.gap)
      if (days < limits.supply) return undefined
    }
    return counted.map(({ candidate }) => candidate)
  }

  function startsRight(exposure: Exposure, about: Case): boolean {
    const ago = daysAgo(exposure.starts, about.today)
    if (limits.startedAtLeast !== undefined && !(ago && ago.low >= limits.startedAtLeast)) return false
    return !fact['in-episode'] || (ago !== undefined && ago.low <= about.episode.mayReachBackDays)
  }

  return { find, reads, looksFor: { keys, absent, missing } }
}

interface Candidate {
  exposure: Exposure
  row: CodeRow | undefined
  fits: Exclude<Fit, 'no'>
}

const medicineTypes = [
  'MedicationRequest',
  'MedicationDispense',
  'MedicationStatement',
  'MedicationAdministration',
] as const

const isOwn = (exposure: Exposure, { order }: Pick<Case, 'order'>) =>
  exposure.reference === order.draft.reference

const toldOf = ({ exposure, row }: Candidate, age: Age): Evidence => ({
  ...evidenceOf(exposure, row),
  ...(isStale(exposure, age) ? { isOld: true } : {}),
})

function limitsOf(fact: FactOf<'medication'>, content: Content) {
  const value = (reference: string | undefined) =>
    reference === undefined ? undefined : parameterOf(content, reference)
  const inUse = value(fact['in-use'])
  const within = value(fact.within) ?? (inUse === undefined ? Number.MAX_SAFE_INTEGER : 0)
  const { 'stale-after': stale, 'prescription-life': life } = content.medicines
  const window = Math.max(within, inUse ?? 0)
  return {
    within,
    inUse,
    supply: value(fact.supply),
    gap: value(fact['without-gap']),
    startedAtLeast: value(fact['started-at-least']),
    staleDays: parameterOf(content, stale),
    /** What was ordered before the window may still be filled in it, or still be open without being stale. */
    reachDays:
      window === Number.MAX_SAFE_INTEGER
        ? undefined
        : Math.max(window + parameterOf(content, life), parameterOf(content, stale)),
  }
}
