/** Puts a red flag into a chart: in one of the places where charts keep such things, in one of the ways they write them. */
import type { CodeableConcept } from 'fhir/r4.js'
import { addDays } from '../language/when.ts'
import type { Random } from '../support/random.ts'
import { type Chart, subject, today } from './chart.ts'
import { codedDates, type DateQuality, dateOf, oddDates, type Span } from './dates.ts'
import { type Spelled, spell } from './spelling.ts'
import { pickStatus, type Status } from './status.ts'
import { type Concept, conceptFor, conceptsOf, type Flag, type Level } from './vocabulary.ts'
import { type State, worthOf } from './worth.ts'

/** What was put in, and what it is worth; the names are the classes of the tables. */
export interface Placed {
  flag: string
  /** The codes or the words that stand in the chart. */
  written: string
  system: string
  place: string
  status: string
  date: string
  state: State
  span: Span
  level: Level
}

type Style = 'coded' | 'rough'

/** Ages of entries in days: away from every limit of flags.yaml, the young ones more often. */
const ages = [1, 2, 2, 4, 5, 5, 10, 12, 20, 20, 35, 60, 75, 160, 250, 500, 900, 2000]
/** What is over began some time ago, and stands in the problem list. */
const agesOfPast = [75, 160, 250, 500, 900, 2000]

/** `only`: for pairs of flags, an entry that stands now and is so many days old. */
export function putFlag(
  chart: Chart,
  flag: Flag,
  style: Style,
  random: Random,
  only: { active?: boolean; age?: number } = {},
): Placed {
  const concept = conceptFor(conceptsOf(flag), style, random)
  const place = placeFor(flag, concept, style, random)
  if (place === 'observation') return observe(chart, flag, concept, style, random)
  if (place === 'note of the order') return note(chart, flag, concept, random)
  const code = spell(concept, style, random) ?? spell(concept, 'rough', random)
  if (!code) throw new Error(`${flag.flag}: no way to write it`)
  if (place === 'procedure') return operate(chart, flag, code, random)
  if (place === 'reason of the visit' || place === 'reason of the order') {
    if (place === 'reason of the order') chart.reasonCode.push(code.concept)
    else chart.visit.reasonCode = [...(chart.visit.reasonCode ?? []), code.concept]
    const classes = { system: code.way, place, status: 'a reason', date: 'this visit' }
    return placed(flag, code.concept, classes, 'active', [0, 0])
  }
  const inWords = code.concept.text !== undefined && code.concept.coding === undefined
  const status = only.active ? pickActive(style, random) : pickStatus(style, inWords, random)
  return record(chart, flag, { code, status, place, age: only.age }, style, random)
}

/** As a Condition: in the problem list, of this visit, named by the visit, or named by the order as its reason. */
function record(
  chart: Chart,
  flag: Flag,
  entry: { code: Spelled; status: Status; place: string; age: number | undefined },
  style: Style,
  random: Random,
): Placed {
  const { code, status } = entry
  const isOver = status.state === 'past'
  // Nobody orders for, or comes with, what is over or was ruled out: that stands in the list of problems.
  const place = isOver || status.state === 'denied' ? 'problem list' : entry.place
  const thisVisit = place !== 'problem list'
  const age = entry.age ?? random.pick(isOver ? agesOfPast : ages)
  const quality = dateQuality(style, thisVisit, random)
  // A diagnosis of this visit was recorded at this visit, whenever it began.
  const isOfToday = quality === 'this visit' || (thisVisit && quality === 'recorded only')
  const dated = dateOf(quality, isOfToday ? 0 : age, { today, born: chart.born }, random)
  const worded = status.words ? { text: status.words(code.concept.text ?? '') } : code.concept
  const byEncounter = place === 'diagnosis of the visit, by reference'
  const condition = chart.condition({ code: worded, dated, status, thisVisit: thisVisit && !byEncounter })
  const reference = { reference: `Condition/${condition.id}` }
  if (byEncounter) chart.visit.diagnosis = [...(chart.visit.diagnosis ?? []), { condition: reference }]
  if (place === 'reason of the order, by reference') chart.reasonReference.push(reference)
  // An entry of this very visit is as old as the visit where nothing else tells.
  const span = dated.span ?? (thisVisit ? ([0, 0] as const) : undefined)
  const classes = { system: code.way, place, status: status.name, date: quality }
  const told = placed(flag, worded, classes, status.state, span)
  return thisVisit ? { ...told, level: atThisVisit(flag, told) } : told
}

/** What a reader would look at: codes of the world's systems, else words. */
const wordsOf = ({ coding = [], text = '' }: CodeableConcept): string =>
  coding
    .map(({ system, code, display }) => (system?.includes('1.2.840.114350') ? display : code) ?? '')
    .join(' and ') || text

/** What is recorded for today with an older beginning may have come back: nobody may say that there is nothing. */
function atThisVisit(flag: Flag, { state, level }: Placed): Level {
  const fresh = worthOf(flag, state, [0, 0])
  if (fresh === level || state === 'denied') return level
  return fresh === 'emergency' ? 'maybe-emergency' : 'either'
}

const placed = (
  flag: Flag,
  written: CodeableConcept,
  classes: Pick<Placed, 'system' | 'place' | 'status' | 'date'>,
  state: State,
  span: Span,
): Placed => ({
  flag: flag.flag,
  written: wordsOf(written),
  ...classes,
  state,
  span,
  level: worthOf(flag, state, span),
})

function pickActive(style: Style, random: Random): Status {
  for (;;) {
    const status = pickStatus(style, false, random)
    if (status.state === 'active') return status
  }
}

function placeFor(flag: Flag, concept: Concept, style: Style, random: Random): string {
  if (concept.procedure) return 'procedure'
  if (concept.observed && random.chance(0.4)) return 'observation'
  const notReasons = [
    'injecting-drugs',
    'osteoporosis',
    'steroid-use',
    'immunosuppression',
    'lumbar-surgery',
    'pregnancy',
    'cancer-history',
  ]
  const places = [
    'problem list',
    'problem list',
    'problem list',
    'diagnosis of the visit',
    'diagnosis of the visit, by reference',
    'reason of the order, by reference',
    ...(notReasons.includes(flag.flag) ? [] : ['reason of the visit', 'reason of the order']),
    ...(style === 'rough' ? ['note of the order'] : []),
  ]
  return random.pick(places)
}

function dateQuality(style: Style, thisVisit: boolean, random: Random): DateQuality {
  if (style === 'rough' && random.chance(0.4)) return random.pick(oddDates)
  if (thisVisit) return random.pick(['this visit', 'onset and recorded', 'recorded only'] as const)
  return random.pick(codedDates)
}

/** Words of a clinician on the order itself: what is suspected today. */
function note(chart: Chart, flag: Flag, concept: Concept, random: Random): Placed {
  const words = random.pick(concept.words)
  const said = random.pick([
    `r/o ${words.toLowerCase()}`,
    `${words}.`,
    `Pt with ${words.toLowerCase()}, please evaluate.`,
    `Hx: ${words}`,
  ])
  chart.notes.push(said)
  // "r/o" is a suspicion of today. "Hx" may be of long ago: it counts where the flag counts at any age.
  const isOfOld = said.startsWith('Hx')
  const ever = worthOf(flag, 'suspected', undefined)
  const lifelong = Object.keys(flag.worth.active).length === 1
  const level = isOfOld ? (lifelong ? ever : 'either') : worthOf(flag, 'suspected', [0, 0])
  return {
    ...placed(
      flag,
      { text: said },
      {
        system: concept.unlisted ? 'unlisted words' : 'words',
        place: 'note of the order',
        status: 'in words',
        date: 'this visit',
      },
      'suspected',
      [0, 0],
    ),
    level,
  }
}

function operate(
  chart: Chart,
  flag: Flag,
  code: { way: string; concept: CodeableConcept },
  random: Random,
): Placed {
  const age = random.pick([400, 900, 2500, 4000])
  chart.add({
    resourceType: 'Procedure',
    id: chart.id('procedure'),
    status: 'completed',
    code: code.concept,
    subject,
    performedDateTime: addDays(today, -age),
  })
  const classes = { system: code.way, place: 'procedure', status: 'completed', date: 'onset and recorded' }
  return placed(flag, code.concept, classes, 'active', [age, age])
}

const ucum = 'http://unitsofmeasure.org'
const answers = {
  present: [
    { system: 'http://snomed.info/sct', code: '52101004', display: 'Present' },
    { system: 'http://loinc.org', code: 'LA33-6', display: 'Yes' },
  ],
  absent: [
    { system: 'http://snomed.info/sct', code: '2667000', display: 'Absent' },
    { system: 'http://loinc.org', code: 'LA32-8', display: 'No' },
  ],
}

function observe(chart: Chart, flag: Flag, concept: Concept, style: Style, random: Random): Placed {
  const isThere = random.chance(0.65)
  const age = isThere ? random.pick([0, 1, 4]) : random.pick([0, 1])
  const base = {
    resourceType: 'Observation' as const,
    id: chart.id('observation'),
    status: 'final' as const,
    subject,
    effectiveDateTime: `${addDays(today, -age)}T08:00:00-08:00`,
  }
  const coded = (code: string, words: string): CodeableConcept => ({
    coding: [{ system: 'http://loinc.org', code, display: words }],
  })
  const number = (value: number, unit: string, code: string) => ({
    valueQuantity: { value, unit, ...(style === 'coded' ? { system: ucum, code } : {}) },
  })
  if (concept.observed === 'temperature') {
    const [celsius, fahrenheit] = isThere ? [38.6, 101.8] : [36.9, 98.4]
    const unit = random.pick(['Cel', '[degF]'])
    const value = unit === 'Cel' ? celsius : fahrenheit
    chart.add({ ...base, code: coded('8310-5', 'Body temperature'), ...number(value, unit, unit) })
  } else if (concept.observed === 'weight') {
    chart.add({
      ...base,
      id: chart.id('observation'),
      effectiveDateTime: addDays(today, -120),
      code: coded('29463-7', 'Body weight'),
      ...number(82, 'kg', 'kg'),
    })
    chart.add({ ...base, code: coded('29463-7', 'Body weight'), ...number(isThere ? 73 : 82, 'kg', 'kg') })
  } else if (concept.observed === 't-score') {
    chart.add({
      ...base,
      code: coded('38267-1', 'DXA Lumbar spine T-score'),
      ...number(isThere ? -3.1 : -0.8, '{T-score}', '{T-score}'),
    })
  } else if (concept.observed === 'pregnancy') {
    chart.add({
      ...base,
      code: coded('82810-3', 'Pregnancy status'),
      valueCodeableConcept: {
        coding: [
          isThere
            ? { system: 'http://loinc.org', code: 'LA15173-0', display: 'Pregnant' }
            : { system: 'http://loinc.org', code: 'LA26683-5', display: 'Not pregnant' },
        ],
      },
    })
  } else {
    const code = spell(concept, style, random) ?? {
      way: 'words',
      concept: { text: random.pick(concept.words) },
    }
    const answer = random.pick(isThere ? answers.present : answers.absent)
    const value = random.chance(0.3)
      ? { valueBoolean: isThere }
      : { valueCodeableConcept: { coding: [answer], ...(style === 'rough' ? { text: answer.display } : {}) } }
    chart.add({ ...base, code: code.concept, ...value })
  }
  const classes = {
    system: style === 'coded' ? 'observation' : 'observation, odd',
    place: 'observation',
    status: isThere ? 'present' : 'absent',
    date: 'onset and recorded',
  }
  return placed(flag, { text: random.pick(concept.words) }, classes, isThere ? 'active' : 'denied', [
    age,
    age,
  ])
}
