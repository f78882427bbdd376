/** Events in which an opioid is drafted for back pain. */
import type { Queries } from '../../fhir-fixtures/load.ts'
import type { Random } from '../support/random.ts'
import { Chart, today } from './chart.ts'
import { dateOf } from './dates.ts'
import { bodyOf, type Classes, type Event, plainClasses, type Style } from './event.ts'
import { putFlag } from './flag-entries.ts'
import { putMedicine } from './medicine-entries.ts'
import { draftOpioid, type OpioidDraft, patchSig } from './orders.ts'
import { spell } from './spelling.ts'
import {
  activeStatus,
  medicinesOf,
  type Pain,
  person,
  putBackPain,
  putBystanders,
  putNsaidDanger,
} from './story.ts'
import { type OpioidCase, silent, truthOfOpioid } from './truth.ts'
import { care, type DraftProduct, flags, opioidOrders, type Sig } from './vocabulary.ts'

export const opioidStories = [
  'plain',
  'flag',
  'sedative',
  'sedative years ago',
  'risk',
  'remission',
  'at home',
  'nsaid danger',
  'naloxone at home',
] as const
type Story = (typeof opioidStories)[number]

interface Setting {
  classes: Classes
  told: string
  flags: OpioidCase['flags']
  safety: string[]
  safetyMaybe: string[]
  naive: boolean
  longTerm: boolean
  homeMme: number
  excluded: boolean
  noNsaid: boolean
}

const simple = (): Setting => ({
  classes: plainClasses,
  told: 'no flag, no risk',
  flags: [],
  safety: [],
  safetyMaybe: [],
  naive: true,
  longTerm: false,
  homeMme: 0,
  excluded: false,
  noNsaid: false,
})

export function opioidEvent(
  number: number,
  story: Story,
  style: Style,
  random: Random,
  queries: Queries,
): Event {
  const flag = story === 'flag' ? random.pick(flags) : undefined
  const chart = new Chart(
    person(random, { ages: flag?.ages ?? (random.chance(0.12) ? [66, 84] : [22, 62]), sex: flag?.sex }),
    random,
  )
  const pain: Pain = random.pick(['recent', 'recent', 'recent', 'long', 'unknown'] as const)
  const { onset } = putBackPain(
    chart,
    pain,
    style === 'rough' && random.chance(0.35) ? 'rough' : 'coded',
    random,
  )
  putBystanders(chart, style, random)
  const setting = simple()
  if (flag) putFlagOf(chart, flag, setting, style, random)
  else tell(chart, story, setting, style, random)
  const draft = draftOf(chart, style, random)
  const safety = dangersOf(draft, setting, pain, onset)
  const level = setting.flags[0]?.level ?? 'nothing'
  const truth = setting.excluded
    ? silent('Cancer in bone or spread: opioids for its pain are outside this pathway')
    : truthOfOpioid({
        level,
        flags: setting.flags,
        naive: setting.naive && !setting.longTerm,
        safety,
        safetyMaybe: [...setting.safetyMaybe, ...maybe(draft)],
        incomplete: false,
        noNsaid: setting.noNsaid || chart.age >= 75,
      })
  const classes =
    setting.classes.system === 'none'
      ? { ...setting.classes, system: `order: ${draft.system}` }
      : setting.classes
  return {
    number,
    order: 'opioid',
    style,
    classes,
    truth,
    told: `${draft.order.medicationCodeableConcept?.text ?? draft.order.medicationCodeableConcept?.coding?.[0]?.code} (${draft.system}), ${draft.supply} d, ${Math.round(draft.mme)} MME, pain ${pain === 'unknown' ? pain : `${onset} d`}; ${setting.told}`,
    body: bodyOf(chart, [draft.order], queries, number),
  }
}

function putFlagOf(
  chart: Chart,
  flag: (typeof flags)[number],
  setting: Setting,
  style: Style,
  random: Random,
): void {
  const placed = putFlag(chart, flag, style, random)
  const { system, place, status, date, level, state } = placed
  setting.classes = { flag: flag.flag, system, place, status, date }
  setting.told = `${flag.flag} ${placed.written} (${system}; ${place}; ${status}; ${date}) is worth "${level}"`
  setting.flags = [{ flag, level, active: state === 'active' }]
  const counts = level === 'justified'
  setting.excluded = flag.opioid === 'excluded' && counts && state !== 'past'
  if (flag.opioid === 'excluded' && !setting.excluded)
    setting.flags = [{ flag, level: level === 'nothing' ? 'nothing' : 'either', active: false }]
  // Injecting is no proof of an opioid use disorder; a pregnancy is one of a pregnancy.
  if (flag.flag === 'pregnancy' && counts) setting.safety.push('pregnancy')
  else if (flag.safety.length > 0 || flag.flag === 'pregnancy') setting.safetyMaybe.push(...flag.safety)
}

function tell(chart: Chart, story: Story, setting: Setting, style: Style, random: Random): void {
  const course = { began: random.pick([5, 15, 25]), days: 90 }
  const named = (flag: string, taken: { system: string; place: string }) => {
    setting.classes = { ...plainClasses, flag, system: taken.system, place: taken.place, status: 'active' }
    setting.told = `${flag} as ${taken.place} (${taken.system})`
  }
  switch (story) {
    case 'sedative': {
      const medicine = random.pick(medicinesOf('sedative'))
      named('sedative', putMedicine(chart, medicine, course, style, random))
      setting.safety.push('sedative')
      return
    }
    case 'sedative years ago':
      named(
        'sedative years ago',
        putMedicine(
          chart,
          random.pick(medicinesOf('sedative')),
          { began: 1500, days: 30, status: 'completed' },
          style,
          random,
        ),
      )
      return
    case 'at home': {
      const kind = random.pick(['long-term-opioid', 'recent-opioid'] as const)
      const medicine = random.pick(medicinesOf(kind))
      const longTerm = kind === 'long-term-opioid'
      named(
        kind,
        putMedicine(
          chart,
          medicine,
          longTerm ? { began: 100, days: 120 } : { began: 20, days: 7 },
          style,
          random,
        ),
      )
      setting.naive = false
      setting.longTerm = longTerm
      setting.homeMme = longTerm ? 60 : 0
      if (longTerm) setting.safety.push('long-term')
      else setting.safety.push('second-supply')
      return
    }
    case 'risk': {
      const risk = random.pick(care['opioid-risks'])
      const code = spell(risk, style, random) ?? spell(risk, 'rough', random)
      if (!code) return
      const age = risk.recent ? random.pick([20, 100]) : random.pick([30, 200, 600])
      chart.condition({
        code: code.concept,
        dated: dateOf('onset and recorded', age, { today, born: chart.born }, random),
        status: activeStatus,
      })
      setting.classes = {
        ...plainClasses,
        flag: `risk: ${risk.name}`,
        system: code.way,
        place: 'problem list',
        status: 'active',
        date: 'onset and recorded',
      }
      setting.told = `${risk.name} (${code.way})`
      setting.safety.push(risk.safety ?? '')
      return
    }
    case 'remission': {
      const concept = {
        icd10: 'F11.21',
        icd9: '304.03',
        snomed: '191821007',
        words: ['Opioid use disorder, in remission'],
      }
      const code = spell(concept, style, random)
      if (!code) return
      chart.condition({
        code: code.concept,
        dated: dateOf('onset and recorded', 900, { today, born: chart.born }, random),
        status: activeStatus,
      })
      setting.classes = {
        ...plainClasses,
        flag: 'opioid use disorder in remission',
        system: code.way,
        place: 'problem list',
        status: 'active',
      }
      setting.told = `in remission (${code.way})`
      setting.safetyMaybe.push('opioid-use-disorder-remission')
      return
    }
    case 'nsaid danger': {
      const name = putNsaidDanger(chart, style, random)
      setting.noNsaid = true
      setting.classes = { ...plainClasses, flag: `nsaid danger: ${name}` }
      setting.told = name
      return
    }
    case 'naloxone at home':
      putMedicine(chart, medicinesOf('naloxone')[0] as never, { began: 100, days: 365 }, style, random)
      named(
        'sedative with naloxone at home',
        putMedicine(chart, random.pick(medicinesOf('sedative')), course, style, random),
      )
      setting.safety.push('sedative')
  }
}

function draftOf(chart: Chart, style: Style, random: Random): OpioidDraft {
  const usual = random.chance(0.55)
  const product = usual ? pickImmediate(random) : random.pick(opioidOrders.products)
  const [low, twice, high, middle] = opioidOrders.sigs as [Sig, Sig, Sig, Sig]
  const sig = product.patch
    ? patchSig
    : product.release === 'long-acting'
      ? twice
      : product.release === 'fast-fentanyl'
        ? low
        : random.pick([low, low, middle, high])
  const supply = random.pick(random.chance(0.65) ? opioidOrders.supplies.short : opioidOrders.supplies.long)
  return draftOpioid(
    chart,
    { product, sig, supply },
    style === 'rough' && random.chance(0.6) ? 'rough' : 'coded',
    random,
  )
}

const pickImmediate = (random: Random): DraftProduct =>
  random.pick(opioidOrders.products.filter(({ release }) => release === 'immediate'))

/** Each danger of this order that a pharmacist would name. */
function dangersOf(draft: OpioidDraft, setting: Setting, pain: Pain, onset: number): string[] {
  const { longTerm, homeMme } = setting
  const dangers = [...setting.safety]
  if (draft.release === 'fast-fentanyl' && !longTerm) dangers.push('fast-fentanyl')
  if (draft.release === 'long-acting' && !longTerm) dangers.push('long-acting')
  if (draft.mme + homeMme >= 50) dangers.push('high-dose')
  if (!longTerm && pain === 'recent' && draft.supply > 7) dangers.push('long-supply')
  if (!longTerm && pain === 'long' && onset <= 84 && draft.supply > 14) dangers.push('long-supply')
  return dangers
}

/** What may be said, and need not: doses near the limit, and naloxone. */
const maybe = (draft: OpioidDraft): string[] => [
  ...(draft.mme >= 40 ? ['high-dose'] : []),
  // Patches and methadone are contraindicated in the naive patient like fast fentanyl: one card says so of all three.
  ...(draft.release === 'long-acting' ? ['fast-fentanyl'] : []),
  'naloxone',
  'long-term',
  'second-supply',
  'sleep-apnea',
  'long-supply',
  'depression',
]
