/**
 * What happens to an invented person, in days before any FHIR is written of it: the resources and the truth are both made
 * of this plan, and neither of the other. Situations are those whose right answer nobody disputes.
 */
import type { Random } from '../../tests/support/random.ts'
import { byShare, type Clinician, type Person } from './people.ts'

/** Reasons for which the imaging measure leaves an episode out, each with a code of its own and when it was recorded. */
const flags = [
  { name: 'cancer', code: 'C50.911', words: 'Breast cancer, right', before: [30, 900] },
  { name: 'osteoporosis', code: 'M81.0', words: 'Age-related osteoporosis', before: [30, 900] },
  { name: 'hiv', code: 'B20', words: 'HIV disease', before: [100, 900] },
  { name: 'transplant', code: 'Z94.0', words: 'Kidney transplant status', before: [100, 900] },
  { name: 'spinal-infection', code: 'M46.46', words: 'Discitis, lumbar', before: [60, 300] },
] as const
type Flag = (typeof flags)[number]

/** Found afterwards, and looked for by the false-alarm rate. */
const seriousFindings = [
  { name: 'cancer', code: 'C79.51', words: 'Bone metastases' },
  { name: 'spinal-infection', code: 'M46.26', words: 'Vertebral osteomyelitis, lumbar' },
  { name: 'cauda-equina', code: 'G83.4', words: 'Cauda equina syndrome' },
  { name: 'fracture', code: 'S32.020A', words: 'Wedge compression fracture of second lumbar vertebra' },
] as const

const pains = [
  { code: 'M54.50', words: 'Low back pain, unspecified', leg: false, share: 0.55 },
  { code: 'S39.012A', words: 'Strain of lower back', leg: false, share: 0.2 },
  { code: 'M54.41', words: 'Lumbago with sciatica, right side', leg: true, share: 0.15 },
  { code: 'M54.16', words: 'Radiculopathy, lumbar region', leg: true, share: 0.1 },
] as const

const studies = [
  { name: 'xray', cpt: '72100', loinc: '24972-2', words: 'XR lumbar spine 2 or 3 views', share: 0.45 },
  {
    name: 'xray-views',
    cpt: '72110',
    loinc: '24970-6',
    words: 'X-ray lumbar spine minimum 4 views',
    share: 0.1,
  },
  { name: 'mri', cpt: '72148', loinc: '30679-5', words: 'MRI lumbar spine without contrast', share: 0.4 },
  { name: 'ct', cpt: '72131', loinc: '30620-9', words: 'CT lumbar spine without contrast', share: 0.05 },
] as const
/** Codes of a hospital's own, which no public list knows and whose words say nothing: to be found by the rehearsal. */
export const localSystem = 'urn:oid:1.2.840.114350.1.13.999.2.7.2.696580'
const localStudies = [
  { code: 'IMG4711', words: 'RAD EXAM 4711' },
  { code: 'IMG0815', words: 'RAD EXAM 0815' },
] as const

/** `mme`: morphine milligram equivalents a day, by the factors of CDC 2022. */
const opioids = [
  { code: '857002', words: 'hydrocodone-acetaminophen 5-325 mg tablet', perDay: 4, mme: 20, share: 0.4 },
  { code: '1049621', words: 'oxycodone 5 mg tablet', perDay: 3, mme: 22.5, share: 0.25 },
  { code: '835603', words: 'tramadol 50 mg tablet', perDay: 3, mme: 30, share: 0.25 },
  { code: '1049683', words: 'oxycodone 10 mg tablet', perDay: 4, mme: 60, share: 0.1 },
] as const
export const sedative = { code: '197901', words: 'lorazepam 1 MG Oral Tablet', perDay: 1 } as const

interface ImagingPlan {
  /** Days after the index visit. */
  day: number
  study: (typeof studies)[number]
  /** Ordered under a code of the hospital's own. */
  local?: (typeof localStudies)[number]
  byLoinc: boolean
  /** Days after the index visit; undefined where it was never done. */
  performed: number | undefined
}

interface OpioidPlan {
  day: number
  product: (typeof opioids)[number]
  supply: number
  /** Days after the order; undefined where it was never handed over. */
  dispensed: number | undefined
}

/** Care by hand that no order asks for; of people without an image, since it is a trial of care to those who judge one. */
const handCare = [
  { name: 'chiropractic', cpt: '98940', words: 'Chiropractic manipulation' },
  { name: 'acupuncture', cpt: '97810', words: 'Acupuncture' },
  { name: 'massage', cpt: '97124', words: 'Massage' },
] as const

export interface Episode {
  /** Day of the index visit, since 1970-01-01. */
  index: number
  pain: (typeof pains)[number]
  /** Days before the index visit on which the pain began. */
  onset: number
  emergency: boolean
  /** The back pain is the first diagnosis of the visit. */
  principal: boolean
  followUps: readonly number[]
  flag: { flag: Flag; before: number } | undefined
  imaging: ImagingPlan | undefined
  opioid: OpioidPlan | undefined
  /** Days before the index visit on which an earlier opioid, of seven days, was handed over. */
  earlierOpioid: number | undefined
  sedative: boolean
  therapy: { day: number; firstVisit: number | undefined } | undefined
  education: { language: string } | undefined
  surgeon: number | undefined
  injection: number | undefined
  emergencyReturn: number | undefined
  serious: { finding: (typeof seriousFindings)[number]; day: number } | undefined
  handCare: { kind: (typeof handCare)[number]; day: number } | undefined
  /** The opioid was filled again, without a new order: days after the index visit, each a supply of seven or thirty. */
  refills: readonly { day: number; supply: 7 | 30 }[]
  /** Seen twice in the years before, for something else: oftener than who saw the pain first. */
  regular: Clinician | undefined
}

export interface Plan {
  person: Person
  /** First day of coverage before the index visit; `none` where nothing is known of it. */
  coverage: 'whole' | 'begins-late' | 'none'
  /** A visit for back pain before the period, so that the visit in it is no index. */
  notClean: boolean
  /** None for somebody who came for something else. */
  episode: Episode | undefined
  /** Of somebody who came for something else or was not clean. */
  otherVisit: number
}

/** `from` and `to`: first and last day on which an index visit may be. */
export function planFor(
  person: Person,
  from: number,
  to: number,
  random: Random,
  clinicians: readonly Clinician[],
): Plan {
  const coverage = byShare(
    [
      { is: 'whole' as const, share: 0.92 },
      { is: 'begins-late' as const, share: 0.05 },
      { is: 'none' as const, share: 0.03 },
    ],
    random,
  ).is
  const kind = random.next()
  if (kind < 0.2)
    return {
      person,
      coverage,
      notClean: false,
      episode: undefined,
      otherVisit: from + random.below(to - from),
    }
  if (kind < 0.26)
    return { person, coverage, notClean: true, episode: undefined, otherVisit: from + random.below(60) }
  return {
    person,
    coverage,
    notClean: false,
    episode: episodeFor(person, from, to, random, clinicians),
    otherVisit: 0,
  }
}

function episodeFor(
  person: Person,
  from: number,
  to: number,
  random: Random,
  clinicians: readonly Clinician[],
): Episode {
  const { habits } = person.clinician
  const flag = random.chance(0.16) ? random.pick(flags) : undefined
  const therapy = random.chance(habits.therapy)
    ? { day: random.pick([0, 0, 4, 10, 18, 25, 33, 40]), firstVisit: undefined as number | undefined }
    : undefined
  if (therapy && random.chance(0.75)) therapy.firstVisit = therapy.day + random.pick([3, 7, 14, 21, 38])
  const onset = random.pick([0, 1, 2, 3, 5, 7])
  const imaging = random.chance(habits.imaging) ? imagingFor(person, random) : undefined
  // After six weeks either care was clearly tried before the order or none was.
  if (imaging && imaging.day >= 42 && therapy && (therapy.firstVisit ?? 99) > imaging.day - 9) {
    therapy.day = 4
    therapy.firstVisit = 18
  }
  const opioid = random.chance(habits.opioid) ? opioidFor(random) : undefined
  const lastOrder = Math.max(imaging?.day ?? 0, opioid?.day ?? 0)
  const serious =
    !flag && (imaging || opioid) && random.chance(0.04)
      ? { finding: random.pick(seriousFindings), day: lastOrder + 6 + random.below(130) }
      : undefined
  return {
    index: from + random.below(to - from + 1),
    pain: byShare(pains, random),
    onset,
    emergency: random.chance(0.12),
    principal: random.chance(0.9),
    followUps: random.chance(0.5) ? [12 + random.below(20)] : [],
    flag: flag && { flag, before: flag.before[0] + random.below(flag.before[1] - flag.before[0]) },
    imaging,
    opioid,
    earlierOpioid: opioid && random.chance(0.15) ? random.pick([25, 90, 270]) : undefined,
    sedative: opioid !== undefined && random.chance(0.06),
    therapy,
    education: random.chance(habits.education)
      ? { language: random.chance(0.85) ? person.language : 'en' }
      : undefined,
    surgeon: random.chance(0.05) ? random.pick([15, 40, 70, 85, 150, 300]) : undefined,
    injection: random.chance(0.04) ? random.pick([30, 60, 88, 200, 350]) : undefined,
    emergencyReturn: random.chance(0.05) ? random.pick([4, 15, 28, 45]) : undefined,
    serious,
    handCare:
      !imaging && random.chance(0.2)
        ? { kind: random.pick(handCare), day: random.pick([0, 6, 20, 41, 42, 43, 70]) }
        : undefined,
    refills: opioid ? refillsOf(opioid, random) : [],
    regular: random.chance(0.25) ? random.pick(clinicians) : undefined,
  }
}

function refillsOf({ day, dispensed }: OpioidPlan, random: Random): Episode['refills'] {
  if (dispensed === undefined) return []
  const soon = random.chance(0.15)
    ? [{ day: day + dispensed + random.pick([12, 30, 31]), supply: 7 as const }]
    : []
  // From day 90 to 180: 60 days of supply, or 59.
  const long = random.chance(0.1)
    ? [random.pick([90, 91, 60]), 120, random.pick([151, 152])].map((later) => ({
        day: later,
        supply: 30 as const,
      }))
    : []
  return [...soon, ...long]
}

/** Over 50 a month of pain without gain is a sign of its own, so that older people are imaged early or not at all. */
function imagingFor({ age }: Person, random: Random): ImagingPlan {
  const day = random.pick(age > 50 ? [0, 0, 3, 8, 14] : [0, 0, 0, 3, 8, 14, 20, 27, 31, 48, 60, 75])
  return {
    day,
    study: byShare(studies, random),
    ...(random.chance(0.04) ? { local: random.pick(localStudies) } : {}),
    byLoinc: random.chance(0.3),
    performed: random.chance(0.85) ? day + random.pick([0, 0, 2, 5, 9]) : undefined,
  }
}

const opioidFor = (random: Random): OpioidPlan => ({
  day: random.pick([0, 0, 0, 2, 5, 9, 20, 26]),
  product: byShare(opioids, random),
  supply: random.pick([3, 5, 5, 7, 7, 10, 14, 30]),
  dispensed: random.chance(0.95) ? random.pick([0, 0, 1]) : undefined,
})
