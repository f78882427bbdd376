/**
 * What a physician who has read the whole chart would want of the service: the truth that its answers are held against.
 * Stated from the flags' worth (flags.yaml), the pain's length, the care that was tried and the order; never from rules.
 */
import type { Priority } from './orders.ts'
import type { Flag, Level, Study } from './vocabulary.ts'

/** What a card is about, as the cards' own topics say. */
export type Topic =
  | 'emergency'
  | 'right-test'
  | 'xray-first'
  | 'ask'
  | 'not-now'
  | 'repeat'
  | 'opioid-first'
  | 'opioid-safety'
  | 'use-disorder'
  | 'safety'
  | 'not-checked'
  | 'care'

type Verdict =
  | 'emergency'
  | 'maybe emergency'
  | 'imaging justified'
  | 'wrong test'
  | 'appropriate'
  | 'not now'
  | 'either'
  | 'held back'
  | 'out of scope'
  | 'opioid'
  | 'opioid beside a flag'

export interface Truth {
  verdict: Verdict
  /** One of these must stand; nothing is demanded where it is empty. */
  must: readonly Topic[]
  never: readonly Topic[]
  /** Others than these are wrong cards; all are allowed where it is left out. */
  allowed?: readonly Topic[]
  /** Dangers of the opioid, each of which must be said, and those that may be. */
  safety: readonly string[]
  safetyMaybe: readonly string[]
  /** Nobody may name an NSAID as an option. */
  noNsaid: boolean
  why: string
}

const nothingSaid: Omit<Truth, 'verdict' | 'why'> = {
  must: [],
  never: [],
  safety: [],
  safetyMaybe: [],
  noNsaid: false,
}

const everything: readonly Topic[] = [
  'emergency',
  'right-test',
  'xray-first',
  'ask',
  'not-now',
  'repeat',
  'not-checked',
  'safety',
]
const allBut = (...topics: Topic[]) => everything.filter((topic) => !topics.includes(topic))

export interface ImagingCase {
  level: Level
  /** Flags that are worth something, strongest first. */
  flags: readonly { flag: Flag; level: Level; active: boolean }[]
  study: Study
  priority: Priority
  pain: 'recent' | 'long' | 'unknown'
  careTried: boolean
  imagedLately: boolean
  age: number
  /** Part of the chart did not come. */
  incomplete: boolean
  /** Words, aliases, odd dates: a card that says what could not be read is no mistake beside a flag. */
  odd: boolean
  noNsaid: boolean
}

export function truthOfImaging(of: ImagingCase): Truth {
  const base = { ...nothingSaid, noNsaid: of.noNsaid }
  const { level } = of
  if (level === 'emergency') return emergency(of, base)
  if (level === 'maybe-emergency')
    return {
      ...base,
      verdict: 'maybe emergency',
      never: ['not-now'],
      why: 'A sign that may be an emergency: how new it is cannot be told',
    }
  if (level === 'justified') return justified(of, base)
  if (of.incomplete)
    return {
      ...base,
      verdict: 'held back',
      never: ['not-now'],
      allowed: ['not-checked', 'ask', 'repeat', 'right-test'],
      why: 'Part of the chart did not come: nobody may say that there is no red flag',
    }
  if (level === 'either') return { ...base, verdict: 'either', why: 'Physicians would differ' }
  return simplePain(of, base)
}

type Base = Omit<Truth, 'verdict' | 'why'>

function emergency({ flags, study, priority, odd }: ImagingCase, base: Base): Truth {
  const strongest = flags.filter(({ level }) => level === 'emergency')
  const underWay =
    study.modality === 'mri' && priority !== 'routine' && strongest.every(({ flag }) => flag.best === 'mri')
  return {
    ...base,
    verdict: 'emergency',
    must: underWay ? [] : ['emergency'],
    never: ['not-now'],
    allowed: allBut('not-now', 'repeat', 'xray-first', ...(odd ? [] : (['not-checked'] as const))),
    why: underWay
      ? 'An emergency, and the right test is urgent already'
      : 'An emergency that this order does not answer',
  }
}

function justified({ flags, study, incomplete, odd }: ImagingCase, base: Base): Truth {
  const ours = flags.filter(({ level }) => level === 'justified')
  const wrong = ours.filter(({ flag, active }) => active && flag.wrong.includes(study.modality))
  const bests = new Set(ours.map(({ flag }) => flag.best))
  const xrayFits = bests.has('xray') || bests.has('any')
  const contrastInPregnancy = study.contrast === 'with' && ours.some(({ flag }) => flag.flag === 'pregnancy')
  const allowed: Topic[] = [
    'ask',
    'repeat',
    ...(incomplete || odd ? (['not-checked'] as const) : []),
    ...(study.modality !== 'mri' || xrayFits || bests.has('other') || contrastInPregnancy
      ? (['right-test'] as const)
      : []),
    ...(study.modality === 'xray' || xrayFits ? (['xray-first'] as const) : []),
  ]
  if (wrong.length > 0)
    return {
      ...base,
      verdict: 'wrong test',
      must: ['right-test'],
      never: ['not-now'],
      allowed,
      why: 'A red flag for which this is not the test',
    }
  return {
    ...base,
    verdict: 'imaging justified',
    never: ['not-now', 'emergency'],
    allowed,
    why: 'A red flag that makes imaging reasonable',
  }
}

function simplePain(of: ImagingCase, base: Base): Truth {
  const { study, pain, careTried, imagedLately, age } = of
  if (pain === 'long' && careTried) {
    if (imagedLately)
      return {
        ...base,
        verdict: 'wrong test',
        must: ['repeat', 'right-test', 'not-now'],
        never: ['emergency'],
        why: 'The spine was imaged within the year: read that first',
      }
    if (study.modality === 'mri' && study.contrast !== 'with')
      return {
        ...base,
        verdict: 'appropriate',
        never: ['not-now', 'emergency'],
        allowed: study.contrast === 'unknown' ? ['right-test'] : [],
        why: 'Six weeks and more, care was tried: MRI is the right test',
      }
    return {
      ...base,
      verdict: 'wrong test',
      must: ['right-test'],
      never: ['not-now', 'emergency'],
      allowed: ['right-test', 'xray-first'],
      why: 'Care was tried, and MRI without contrast is the better test',
    }
  }
  const older = age > 50 && (pain !== 'recent' || age >= 70)
  return {
    ...base,
    verdict: 'not now',
    must: older ? ['not-now', 'xray-first', 'ask'] : imagedLately ? ['not-now', 'repeat'] : ['not-now'],
    never: ['emergency'],
    allowed: older
      ? ['not-now', 'xray-first', 'ask', 'repeat']
      : imagedLately
        ? ['not-now', 'repeat']
        : ['not-now'],
    why:
      pain === 'recent'
        ? 'Pain of less than six weeks without a red flag'
        : 'No red flag, and no care was tried yet',
  }
}

export const silent = (why: string): Truth => ({
  ...nothingSaid,
  verdict: 'out of scope',
  allowed: ['safety'],
  why,
})

export interface OpioidCase {
  level: Level
  flags: readonly { flag: Flag; level: Level; active: boolean }[]
  naive: boolean
  safety: readonly string[]
  safetyMaybe: readonly string[]
  incomplete: boolean
  noNsaid: boolean
}

export function truthOfOpioid(of: OpioidCase): Truth {
  const { level, flags, naive } = of
  const base = { ...nothingSaid, safety: of.safety, safetyMaybe: of.safetyMaybe, noNsaid: of.noNsaid }
  const present = flags.filter((each) => each.level !== 'nothing')
  const never: Topic[] = present.some(
    ({ flag, level: worth }) => flag.opioid === 'no-first-line' && worth !== 'either',
  )
    ? ['opioid-first']
    : []
  if (level === 'emergency')
    return {
      ...base,
      verdict: 'emergency',
      must: ['emergency'],
      never,
      safety: [],
      safetyMaybe: [...of.safety, ...of.safetyMaybe],
      why: 'An emergency, and a pain medicine is ordered',
    }
  if (level === 'maybe-emergency')
    return {
      ...base,
      verdict: 'maybe emergency',
      never,
      safety: [],
      safetyMaybe: [...of.safety, ...of.safetyMaybe],
      why: 'A sign that may be an emergency',
    }
  if (level === 'justified' || never.length > 0)
    return {
      ...base,
      verdict: 'opioid beside a flag',
      never: [...never, 'emergency'],
      why: 'A red flag stands beside the opioid: no talk of staying active instead',
    }
  if (level === 'either')
    return {
      ...base,
      verdict: 'either',
      safety: [],
      safetyMaybe: [...of.safety, ...of.safetyMaybe],
      why: 'Physicians would differ',
    }
  if (of.incomplete)
    return { ...base, verdict: 'held back', never: ['opioid-first'], why: 'Part of the chart did not come' }
  const must: Topic[] = naive || of.safety.length > 0 ? ['opioid-first', 'opioid-safety'] : []
  return {
    ...base,
    verdict: 'opioid',
    must,
    never: ['emergency'],
    why: naive ? 'Opioid-naive, and an opioid is not first-line' : 'Opioids are taken already',
  }
}
