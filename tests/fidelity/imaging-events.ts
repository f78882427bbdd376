/** Events in which lumbar imaging is drafted. */
import type { Queries } from '../../fhir-fixtures/load.ts'
import type { Random } from '../support/random.ts'
import { Chart } from './chart.ts'
import { bodyOf, type Classes, type Event, type Faults, plainClasses, type Style } from './event.ts'
import { type Placed, putFlag } from './flag-entries.ts'
import { putMedicine } from './medicine-entries.ts'
import { draftImaging, type Priority } from './orders.ts'
import {
  medicineOf,
  medicinesOf,
  person,
  putBackPain,
  putBystanders,
  putCare,
  putEarlierImaging,
  putNearMiss,
  putNsaidDanger,
  putOtherCare,
} from './story.ts'
import { type ImagingCase, truthOfImaging } from './truth.ts'
import { type Flag, flags, imagingOrders, type Level, nearMisses } from './vocabulary.ts'
import { strongestOf } from './worth.ts'

export const imagingStories = [
  'flag',
  'two flags',
  'medicine',
  'near miss',
  'denial',
  'plain',
  'nsaid danger',
  'duplicate id',
  'pages cut off',
] as const
type Story = (typeof imagingStories)[number]

interface Found {
  flags: ImagingCase['flags']
  classes: Classes
  told: string
}

export function imagingEvent(
  number: number,
  story: Story,
  style: Style,
  random: Random,
  queries: Queries,
): Event {
  const chosen =
    story === 'flag' || story === 'duplicate id' || story === 'pages cut off' ? random.pick(flags) : undefined
  const miss = story === 'near miss' ? random.pick(nearMisses['near-misses']) : undefined
  const sex = chosen?.sex ?? miss?.sex
  const chart = new Chart(
    person(random, { ages: chosen?.ages ?? miss?.ages ?? (random.chance(0.15) ? [65, 84] : [22, 64]), sex }),
    random,
  )
  const pain = random.pick(['recent', 'recent', 'recent', 'long', 'long', 'unknown'] as const)
  const painStyle = style === 'rough' && random.chance(0.35) ? 'rough' : 'coded'
  const { onset } = putBackPain(chart, pain, painStyle, random)
  putBystanders(chart, style, random)
  const found = put(chart, story, chosen, miss, style, random)
  const noNsaid = forbidsNsaid(chart, found, story)
  const careTried = pain === 'long' && random.chance(0.45)
  const careStyle = style === 'rough' && random.chance(0.5) ? 'rough' : 'coded'
  const tried = careTried ? putCare(chart, onset, careStyle, random) : undefined
  if (!tried && random.chance(0.15)) putOtherCare(chart, style, random)
  const imagedLately = careTried && random.chance(0.2)
  if (imagedLately) putEarlierImaging(chart, random)
  const study = random.pick(imagingOrders.orders)
  const priority: Priority = random.pick(['routine', 'routine', 'routine', 'stat', 'urgent'] as const)
  const orderStyle = style === 'rough' && random.chance(0.5) ? 'rough' : 'coded'
  const { order, system } = draftImaging(chart, study, priority, orderStyle, random)
  const faults = story === 'pages cut off' ? faultsOf(random) : {}
  const level = strongestOf(found.flags.map((each) => each.level))
  const truth = truthOfImaging({
    level,
    flags: found.flags,
    study,
    priority,
    pain,
    careTried,
    imagedLately,
    age: chart.age,
    incomplete: story === 'pages cut off',
    odd: style === 'rough',
    noNsaid,
  })
  const classes =
    level === 'nothing' && tried
      ? { ...plainClasses, flag: `care tried: ${tried.what}`, system: tried.way }
      : found.classes.system === 'none'
        ? { ...found.classes, system: orderStyle === 'rough' ? `order: ${system}` : 'none' }
        : found.classes
  return {
    number,
    order: 'imaging',
    style,
    classes,
    truth,
    told: `${study.name} ${priority}, pain ${pain === 'unknown' ? pain : `${onset} d`}${tried ? `, care tried: ${tried.what} (${tried.way})` : ''}; ${found.told}`,
    body: bodyOf(chart, [order], queries, number, faults),
  }
}

/** Bleeding, kidneys, heart, liver, allergy, pregnancy, or 75 years. */
const forbidsNsaid = (chart: Chart, { flags: found }: Found, story: Story) =>
  story === 'nsaid danger' ||
  chart.age >= 75 ||
  found.some(({ flag, level }) => flag.flag === 'pregnancy' && level === 'justified')

function faultsOf(random: Random): Faults {
  const key = random.pick(['conditions', 'conditions', 'medicationRequests', 'observations', 'procedures'])
  return random.chance(0.5) ? { truncated: [key] } : { failed: [key] }
}

function put(
  chart: Chart,
  story: Story,
  flag: Flag | undefined,
  miss: (typeof nearMisses)['near-misses'][number] | undefined,
  style: Style,
  random: Random,
): Found {
  if (story === 'two flags') return twoFlags(chart, style, random)
  if (story === 'medicine') return medicineFlag(chart, style, random)
  if (story === 'denial') {
    const denial = random.pick(nearMisses.denials)
    chart.notes.push(denial)
    return {
      flags: [],
      classes: { ...plainClasses, flag: 'denied in the note', system: 'words', place: 'note of the order' },
      told: denial,
    }
  }
  if (story === 'nsaid danger') {
    const name = putNsaidDanger(chart, style, random)
    return { flags: [], classes: { ...plainClasses, flag: `nsaid danger: ${name}` }, told: name }
  }
  if (miss) {
    if (random.chance(0.3)) return medicineNearMiss(chart, style, random)
    const { way } = putNearMiss(chart, miss, style, random)
    return {
      flags: [],
      classes: {
        ...plainClasses,
        flag: `near miss: ${miss.name}`,
        system: way,
        place: 'problem list',
        status: 'active',
      },
      told: miss.name,
    }
  }
  if (!flag) return { flags: [], classes: plainClasses, told: 'no flag' }
  const placed = putFlag(chart, flag, style, random)
  if (story === 'duplicate id') shareId(chart, random)
  return foundOf([[flag, placed]])
}

function foundOf(pairs: readonly (readonly [Flag, Placed])[]): Found {
  const [, first] = pairs[0] ?? []
  const sorted = pairs.map(([flag, { level, state }]) => ({ flag, level, active: state === 'active' }))
  const classes = first
    ? { flag: first.flag, system: first.system, place: first.place, status: first.status, date: first.date }
    : plainClasses
  const told = pairs
    .map(
      ([, p]) =>
        `${p.flag} ${p.written} (${p.system}; ${p.place}; ${p.status}; ${p.date}${p.span ? `, ${p.span[0]} d` : ''}) is worth "${p.level}"`,
    )
    .join('; ')
  return { flags: sorted, classes, told }
}

const flagNamed = (name: string): Flag => {
  const found = flags.find(({ flag }) => flag === name)
  if (!found) throw new Error(`There is no flag ${name}`)
  return found
}

/** Pairs that together are an emergency: fever where the spine may be infected, and cancer with a new deficit. */
function twoFlags(chart: Chart, style: Style, random: Random): Found {
  const now = { active: true, age: 2 }
  const [one, other] = random.pick([
    ['fever', 'injecting-drugs'],
    ['fever', 'immunosuppression'],
    ['fever', 'blood-infection'],
    ['metastatic-cancer', 'motor-deficit'],
    ['metastatic-cancer', 'bladder-or-bowel'],
  ] as const)
  const first = putFlag(chart, flagNamed(one), style, random, now)
  const second = putFlag(chart, flagNamed(other), style, random, now)
  const both = [first, second].every(
    ({ state, level }) => state === 'active' && level !== 'nothing' && level !== 'either',
  )
  const found = foundOf([
    [flagNamed(one), first],
    [flagNamed(other), second],
  ])
  if (!both) return found
  const isDated =
    [first, second].every(({ span }) => span !== undefined && span[1] <= 14) || one === 'metastatic-cancer'
  const level: Level =
    isDated && ![first, second].some(({ level }) => level === 'maybe-emergency')
      ? 'emergency'
      : 'maybe-emergency'
  const strongest = second.level === 'emergency' ? 'emergency' : level
  return {
    ...found,
    flags: found.flags.map((each) => ({
      ...each,
      flag: { ...each.flag, best: 'mri' as const },
      level: strongest,
    })),
    classes: { ...found.classes, flag: `${one} + ${other}` },
  }
}

const medicineFlags: Readonly<Record<string, string>> = {
  'steroid-long': 'steroid-use',
  immunosuppressant: 'immunosuppression',
  'bone-medicine': 'osteoporosis',
}

function medicineFlag(chart: Chart, style: Style, random: Random): Found {
  const kind = random.pick(Object.keys(medicineFlags))
  const medicine = random.pick(medicinesOf(kind))
  const taken = putMedicine(
    chart,
    medicine,
    { began: random.pick([110, 150, 200]), days: 240 },
    style,
    random,
  )
  const base = flagNamed(medicineFlags[kind] ?? '')
  const flag = { ...base, flag: kind }
  return {
    flags: [{ flag, level: 'justified', active: true }],
    classes: {
      flag: `medicine: ${kind}`,
      system: taken.system,
      place: taken.place,
      status: 'active',
      date: taken.date,
    },
    told: `${medicine.name} as ${taken.place} (${taken.system})`,
  }
}

function medicineNearMiss(chart: Chart, style: Style, random: Random): Found {
  const name = random.pick(nearMisses['medicine-near-misses'])
  const [medicine, course] =
    name === 'sedative-years-ago'
      ? [random.pick(medicinesOf('sedative')), { began: 1500, days: 30, status: 'completed' as const }]
      : name === 'steroid-burst-past'
        ? [medicineOf(name), { began: 200, days: 5, status: 'completed' as const }]
        : [medicineOf(name), { began: 60, days: 120 }]
  const taken = putMedicine(chart, medicine, course, style, random)
  return {
    flags: [],
    classes: {
      flag: `near miss: ${name}`,
      system: taken.system,
      place: taken.place,
      status: 'active',
      date: taken.date,
    },
    told: `${name} as ${taken.place} (${taken.system})`,
  }
}

/** Two conditions that share an id, as converters make them: both are read. */
function shareId(chart: Chart, random: Random): void {
  const last = chart.resources.findLast(({ resourceType }) => resourceType === 'Condition')
  const harmless = nearMisses['near-misses'].find(({ name }) => name === 'osteoarthritis')
  if (!last?.id || !harmless) return
  putNearMiss(chart, harmless, 'coded', random)
  const twin = chart.resources.pop()
  if (!twin) return
  twin.id = last.id
  chart.resources.unshift(twin)
}
