/** What is true of a plan, counted by hand from its days: never from the FHIR that is written of it, nor from any query. */
import type { Person } from './people.ts'
import type { Episode, Plan } from './plan.ts'

/** `met`, `not met`, `excluded: why` or `unknown: why`, each with how many. */
type Counts = Record<string, number>
/** By measure, variant, what it is told by, and the value of that. */
type Totals = Record<string, Record<string, Record<string, Record<string, Counts>>>>

interface RehearsalTruth {
  orders: { imaging: number; opioid: number }
  /** The rule whose card heads the answer to an imaging order, `silent` where there is none; flags and minors left out. */
  imaging: Counts
  opioid: Counts
  /** "Not needed" was said, and a serious finding was recorded within 90 days; `done` where the study was done all the same. */
  notNeeded: number
  falseAlarms: number
  falseAlarmsDone: number
  /** Nothing was said, and such a finding was recorded within 90 days. */
  missed: number
  /** Of orders under a code that only the hospital knows. */
  localCodes: Counts
}

export interface Truth {
  patients: number
  resources: number
  episodes: number
  measures: Totals
  /** Lumbar imaging that was done, by need, as services and as people. */
  services: Counts
  people: Counts
  rehearsal: RehearsalTruth
}

export const emptyTruth = (): Truth => ({
  patients: 0,
  resources: 0,
  episodes: 0,
  measures: {},
  services: {},
  people: {},
  rehearsal: {
    orders: { imaging: 0, opioid: 0 },
    imaging: {},
    opioid: {},
    notNeeded: 0,
    falseAlarms: 0,
    falseAlarmsDone: 0,
    missed: 0,
    localCodes: {},
  },
})

const more = (counts: Counts, name: string) => {
  counts[name] = (counts[name] ?? 0) + 1
}

const payerKinds = { '5': 'commercial', '2': 'Medicaid', '1': 'Medicare' } as const

const ageBand = (age: number) => (age < 18 ? 'under 18' : age < 45 ? '18-44' : age < 65 ? '45-64' : '65+')

function strataOf(person: Person, episode: Episode, coverage: Plan['coverage']): [string, string][] {
  const kind = payerKinds[person.payer.code[0] as keyof typeof payerKinds]
  return [
    ['all', 'all'],
    ['payer', coverage === 'none' ? 'not recorded' : kind],
    ['race', person.race.display],
    ['ethnicity', person.ethnicity.display],
    ['language', person.language],
    ['sex', person.sex],
    ['age', ageBand(person.age)],
    ['place', episode.emergency ? 'emergency' : 'clinic'],
    ['clinic', person.clinician.clinic],
    ['clinician', person.clinician.id],
    ['empaneled', person.empaneled.id],
    // Two visits of years before outnumber the index visit, and a visit to an emergency department is none.
    ['seen', episode.regular?.id ?? (episode.emergency ? 'not recorded' : person.clinician.id)],
  ]
}

export function countPlan(truth: Truth, plan: Plan): void {
  truth.patients += 1
  const { episode, person } = plan
  if (!episode) return
  truth.episodes += 1
  const strata = strataOf(person, episode, plan.coverage)
  const count = (measure: string, variant: string, status: string) => {
    for (const [by, value] of strata) {
      truth.measures[measure] ??= {}
      const variants = truth.measures[measure] as Totals[string]
      variants[variant] ??= {}
      const bys = variants[variant] as Totals[string][string]
      bys[by] ??= {}
      const values = bys[by] as Record<string, Counts>
      values[value] ??= {}
      more(values[value] as Counts, status)
    }
  }
  countImaging(episode, plan, count)
  countOpioids(episode, person, count)
  countCare(episode, person, count)
  countFalseAlarms(episode, person, count)
  countServices(truth, episode, person)
  countRehearsal(truth.rehearsal, episode, person)
}

type Count = (measure: string, variant: string, status: string) => void
const met = (holds: boolean) => (holds ? 'met' : 'not met')
const studied = ({ imaging }: Episode) => (imaging?.local ? undefined : imaging)

function countImaging(episode: Episode, { person, coverage }: Plan, count: Count): void {
  const { flag, serious } = episode
  const by = (days: number) =>
    flag?.flag.name ?? (serious && serious.day <= days ? serious.finding.name : undefined)
  const excluded = !episode.principal
    ? 'excluded: back pain was not the first diagnosis'
    : person.age < 18 || person.age > 75
      ? 'excluded: age'
      : coverage === 'none'
        ? 'unknown: enrollment'
        : coverage === 'begins-late'
          ? 'excluded: not enrolled'
          : by(28)
            ? `excluded: ${by(28)}`
            : undefined
  const study = studied(episode)
  count('imaging-28', 'within 28 days', excluded ?? met((study?.performed ?? 999) <= 28))
  count('imaging-42', 'within 42 days', excluded ?? met(study !== undefined && study.day <= 42))
  const isLowValue = (study?.performed ?? 999) <= 42 && by(42) === undefined
  count('low-value-imaging', 'within 42 days', person.age < 18 ? 'excluded: age' : met(isLowValue))
}

function countOpioids(episode: Episode, { age }: Person, count: Count): void {
  const { opioid, earlierOpioid, flag } = episode
  const left = (naive: number) => {
    if (age < 18) return 'excluded: age'
    if (flag?.flag.name === 'cancer') return 'excluded: cancer'
    return (earlierOpioid ?? 999) <= naive ? 'excluded: opioid before' : undefined
  }
  for (const days of [3, 7, 14, 28, 42])
    count('opioid-early', `within ${days} days`, left(60) ?? met((opioid?.day ?? 99) <= days))
  for (const naive of [180, 365])
    count('opioid-early', `within 28 days, none for ${naive}`, left(naive) ?? met((opioid?.day ?? 99) <= 28))
  if (!opioid || left(60)) return
  count('opioid-high-dose', 'at least 50 MME a day', met(opioid.product.mme >= 50))
  count('opioid-high-dose', 'over 120 MED a day', met(opioid.product.mme > 120))
  count('opioid-safety', 'supply over 7 days', met(opioid.supply > 7))
  count('opioid-safety', 'supply over 14 days', met(opioid.supply > 14))
  count('opioid-safety', 'with a benzodiazepine', met(episode.sedative))
  count('opioid-safety', 'long-acting', 'not met')
  if (opioid.dispensed !== undefined) countLater(episode, opioid.day + opioid.dispensed, count)
}

/** `first`: day of the first fill, after the index visit. */
function countLater({ refills, opioid }: Episode, first: number, count: Count): void {
  const again = refills.some(({ day }) => day > first && day <= first + 30)
  const fills = [...refills, { day: first, supply: opioid?.supply ?? 0 }]
  let days = 0
  for (let day = 90; day <= 180; day += 1)
    days += fills.filter((fill) => fill.day <= day && day < fill.day + fill.supply).length
  count('opioid-use-later', 'filled again within 30 days', met(again))
  count('opioid-use-later', '60 days of supply from day 90 to 180', met(days >= 60))
}

function countCare(episode: Episode, { age, language }: Person, count: Count): void {
  const { therapy, handCare, education, flag, surgeon, injection, emergencyReturn, serious } = episode
  const minor = age < 18 ? 'excluded: age' : undefined
  for (const days of [14, 28, 42])
    count('therapy-referral', `within ${days} days`, minor ?? met((therapy?.day ?? 99) <= days))
  if (!minor && therapy) {
    const { firstVisit } = therapy
    count('therapy-completion', 'within 30 days', met((firstVisit ?? 999) - therapy.day <= 30))
    if (firstVisit !== undefined)
      count('therapy-first', 'before imaging', met(firstVisit < (studied(episode)?.performed ?? 999)))
  }
  for (const name of ['any', 'chiropractic', 'acupuncture', 'massage']) {
    const isIt = handCare !== undefined && (name === 'any' || name === handCare.kind.name)
    count('therapy-unordered', `${name} within 42 days`, minor ?? met(isIt && handCare.day <= 42))
  }
  count('education', 'at the index visit', minor ?? met(education !== undefined))
  if (!minor && education) count('education-language', 'as preferred', met(education.language === language))
  const complicated = minor ?? (flag ? 'excluded: red flag' : undefined)
  for (const days of [42, 90, 365]) {
    count('surgical-referral', `within ${days} days`, complicated ?? met((surgeon ?? 999) <= days))
    count('injection', `within ${days} days`, complicated ?? met((injection ?? 999) <= days))
  }
  count('emergency-return', 'within 30 days', minor ?? met((emergencyReturn ?? 99) <= 30))
  count('serious-later', 'within 90 days', complicated ?? met((serious?.day ?? 999) <= 90))
}

/** What a reader of the chart would hold of the order on its day. */
function needOf(episode: Episode, { age }: Person): { rule: string; need: string } | undefined {
  const { imaging, flag, onset, pain, therapy } = episode
  if (!imaging || imaging.local) return undefined
  if (age < 18) return { rule: 'minor', need: 'not classed' }
  if (flag) return { rule: 'flag', need: 'necessary' }
  if (onset + imaging.day < 42) return { rule: pain.leg ? 'IM06' : 'IM01', need: 'wasteful' }
  if (!therapy || (therapy.firstVisit ?? 999) > imaging.day) return { rule: 'IM03', need: 'likely wasteful' }
  return imaging.study.name === 'mri'
    ? { rule: 'silent', need: 'necessary' }
    : { rule: 'IM05', need: 'not classed' }
}

/** "Not needed" was said of an image, and something serious was found within 90 days. */
function countFalseAlarms(episode: Episode, person: Person, count: Count): void {
  const { imaging, serious } = episode
  if (!imaging || !notNeeded.has(needOf(episode, person)?.rule ?? '')) return
  const after = (serious?.day ?? 999) - imaging.day
  const isFound = after > 0 && after <= 90
  count('false-alarm', 'within 90 days', met(isFound))
  count('false-alarm', 'within 90 days, the image done', met(isFound && imaging.performed !== undefined))
}

function countServices({ services, people }: Truth, episode: Episode, person: Person): void {
  const need = needOf(episode, person)?.need
  if (!need || episode.imaging?.performed === undefined) return
  more(services, need)
  // One study a person in this population.
  more(people, need)
}

function countRehearsal(truth: RehearsalTruth, episode: Episode, person: Person): void {
  const { imaging, opioid, earlierOpioid } = episode
  if (imaging?.local) more(truth.localCodes, imaging.local.code)
  const need = needOf(episode, person)
  if (imaging && need) {
    truth.orders.imaging += 1
    more(truth.imaging, need.rule)
    countAfterwards(truth, episode, imaging.day, need.rule)
  }
  if (earlierOpioid !== undefined) {
    // For a tooth: another pain is none of this pathway.
    // A birthday is a hundred days before the index visit.
    const age = earlierOpioid > 100 ? person.age - 1 : person.age
    const rule = age < 18 ? 'minor' : 'other pain'
    truth.orders.opioid += 1
    more(truth.opioid, rule)
    countAfterwards(truth, episode, -earlierOpioid, rule)
  }
  if (opioid) {
    const rule = opioidRule(episode, person)
    truth.orders.opioid += 1
    more(truth.opioid, rule)
    countAfterwards(truth, episode, opioid.day, rule)
  }
}

function opioidRule({ opioid, flag, sedative, onset, earlierOpioid }: Episode, { age }: Person): string {
  const { day = 0, supply = 0, product } = opioid ?? {}
  if (age < 18) return 'minor'
  if (flag) return 'flag'
  if (sedative) return 'OP08'
  if (supply > 7 && onset + day < 42) return 'OP04'
  if (product && product.mme >= 50) return 'OP06'
  return earlierOpioid !== undefined && earlierOpioid + day <= 60 ? 'OP01r' : 'OP01'
}

const notNeeded: ReadonlySet<string> = new Set(['IM01', 'IM06', 'IM03'])

/** `day`: of the order, after the index visit. */
function countAfterwards(truth: RehearsalTruth, episode: Episode, day: number, rule: string): void {
  const { serious, imaging, flag } = episode
  // A flag of that kind may have been recorded after an order of long before the index visit.
  const early = flag && ['cancer', 'spinal-infection'].includes(flag.flag.name) ? -flag.before : undefined
  const found = [serious?.day, early].some((at) => at !== undefined && at > day && at - day <= 90)
  if (notNeeded.has(rule)) {
    truth.notNeeded += 1
    if (found) truth.falseAlarms += 1
    if (found && imaging?.performed !== undefined) truth.falseAlarmsDone += 1
  }
  if (found && ['silent', 'minor', 'other pain'].includes(rule)) truth.missed += 1
}
