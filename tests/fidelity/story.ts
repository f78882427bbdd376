/** What every chart of the trial holds beside its flag: the back pain, how long it lasts, the care that was tried, bystanders. */
import type { CodeableConcept } from 'fhir/r4.js'
import { addDays } from '../language/when.ts'
import type { Random } from '../support/random.ts'
import { type Chart, type Person, subject, today } from './chart.ts'
import { dateOf } from './dates.ts'
import type { Style } from './event.ts'
import { putMedicine } from './medicine-entries.ts'
import { type Spelled, spell } from './spelling.ts'
import { codedStatuses } from './status.ts'
import { backPain, care, conceptFor, type Medicine, medicines, type Named, nearMisses } from './vocabulary.ts'

export type Pain = 'recent' | 'long' | 'unknown'

interface Told {
  pain: Pain
  onset: number
  spelled: Spelled
}

export const medicineOf = (name: string): Medicine => {
  const found = medicines.find((each) => each.name === name)
  if (!found) throw new Error(`There is no medicine ${name}`)
  return found
}
export const medicinesOf = (kind: string) => medicines.filter((each) => each.class === kind)

export function person(
  random: Random,
  {
    ages = [22, 64],
    sex,
  }: { ages?: readonly [number, number] | undefined; sex?: Person['sex'] | undefined } = {},
): Person {
  const [from, to] = ages
  return { age: from + random.below(to - from + 1), sex: sex ?? random.pick(['female', 'male']) }
}

const activeStatus = codedStatuses[0] ?? { name: 'active', state: 'active' as const, fields: {} }

/** The pain as the reason of the order, and as a diagnosis of the visit where its beginning is known. */
export function putBackPain(chart: Chart, pain: Pain, style: Style, random: Random): Told {
  const concept = conceptFor(backPain, style, random)
  const spelled = spell(concept, style, random) ?? spell(concept, 'coded', random)
  if (!spelled) throw new Error('Back pain that nobody can write')
  const onset = pain === 'long' ? random.pick([50, 56, 70, 120, 200]) : random.pick([2, 5, 9, 14, 20, 28])
  const place = random.pick(['reason of the order', 'reason of the order', 'diagnosis of the visit', 'both'])
  if (pain === 'unknown') {
    chart.reasonCode.push(spelled.concept)
    return { pain, onset: 0, spelled }
  }
  const quality = random.chance(0.7) || pain === 'long' ? 'onset and recorded' : 'recorded only'
  const dated = dateOf(quality, onset, { today, born: chart.born }, random)
  const atVisit = place !== 'reason of the order' || random.chance(0.5)
  chart.condition({ code: spelled.concept, dated, status: activeStatus, thisVisit: atVisit })
  if (place !== 'diagnosis of the visit') chart.reasonCode.push(spelled.concept)
  return { pain, onset, spelled }
}

/** Care within this pain, begun early enough to be a trial of it; tells what, and how it is written. */
export function putCare(
  chart: Chart,
  onset: number,
  style: Style,
  random: Random,
): { what: string; way: string } {
  const began = onset - 5
  if (random.chance(0.25)) {
    const medicine = random.pick([...medicinesOf('nsaid'), ...medicinesOf('relaxant')])
    const { system } = putMedicine(chart, medicine, { began, days: 30 }, style, random)
    return { what: medicine.class, way: system }
  }
  const entry = random.pick(care.care)
  return { what: entry.name, way: putService(chart, entry, began, style, random) }
}

/** An operation or a referral that is no care of a painful back. */
export function putOtherCare(chart: Chart, style: Style, random: Random): void {
  putService(chart, random.pick(care['not-care']), 200, style, random)
}

function putService(chart: Chart, entry: Named, daysAgo: number, style: Style, random: Random): string {
  const code = spell(entry, style, random) ?? spell(entry, 'rough', random)
  if (!code) return 'none'
  const on = addDays(today, -daysAgo)
  if (entry.kind === 'referral') {
    chart.add({
      resourceType: 'ServiceRequest',
      id: chart.id('referral'),
      status: 'completed',
      intent: 'order',
      code: code.concept,
      subject,
      authoredOn: on,
    })
    return code.way
  }
  for (let n = 0; n < 3; n += 1)
    chart.add({
      resourceType: 'Procedure',
      id: chart.id('procedure'),
      status: 'completed',
      code: code.concept,
      subject,
      performedDateTime: addDays(on, n * 7),
    })
  return code.way
}

/** Names of medicines and problems that change nothing, so that charts are as full as charts are. */
export function putBystanders(chart: Chart, style: Style, random: Random): void {
  if (random.chance(0.5))
    putMedicine(
      chart,
      medicineOf(random.pick(['statin', 'antihypertensive', 'levothyroxine'])),
      { began: 40, days: 90 },
      style,
      random,
    )
  if (random.chance(0.5)) {
    const harmless = nearMisses['near-misses'].filter(({ name }) =>
      ['hypertension', 'diabetes', 'asthma', 'carpal-tunnel'].includes(name),
    )
    const code = spell(random.pick(harmless), style, random)
    if (code)
      chart.condition({
        code: code.concept,
        dated: dateOf('onset and recorded', 900, { today, born: chart.born }, random),
        status: activeStatus,
      })
  }
}

/** An earlier MRI of the lumbar spine, read and reported. */
export function putEarlierImaging(chart: Chart, random: Random): void {
  const code: CodeableConcept = random.pick([
    { coding: [{ system: 'http://loinc.org', code: '30679-5', display: 'MR Lumbar spine WO contrast' }] },
    { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] },
  ])
  const on = addDays(today, -random.pick([45, 90, 150, 250]))
  chart.add({
    resourceType: 'DiagnosticReport',
    id: chart.id('report'),
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'RAD' }] }],
    code,
    subject,
    effectiveDateTime: on,
    conclusion: 'Degenerative disc disease L4-5, no compression.',
  })
}

/** Something that forbids an NSAID; tells what. */
export function putNsaidDanger(chart: Chart, style: Style, random: Random): string {
  const dangers = care['nsaid-dangers'].filter(({ kind }) => kind !== 'age')
  const danger = random.pick(dangers)
  const { kind, name } = danger
  if (kind === 'medicine') {
    putMedicine(chart, random.pick(medicinesOf(danger.class ?? '')), { began: 20, days: 90 }, style, random)
  } else if (kind === 'egfr') {
    chart.add({
      resourceType: 'Observation',
      id: chart.id('observation'),
      status: 'final',
      code: {
        coding: [
          { system: 'http://loinc.org', code: danger.loinc ?? '', display: 'GFR/1.73 sq M predicted' },
        ],
      },
      subject,
      effectiveDateTime: addDays(today, -30),
      valueQuantity: {
        value: 22,
        unit: 'mL/min/1.73m2',
        system: 'http://unitsofmeasure.org',
        code: 'mL/min/{1.73_m2}',
      },
    })
  } else if (kind === 'allergy') {
    const coding = random.pick([
      {
        system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
        code: danger.rxnorm ?? '',
        display: 'ibuprofen',
      },
      { system: 'http://snomed.info/sct', code: danger.snomed ?? '', display: 'Ibuprofen' },
    ])
    chart.add({
      resourceType: 'AllergyIntolerance',
      id: chart.id('allergy'),
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      code: style === 'coded' ? { coding: [coding] } : { text: random.pick(danger.words) },
      patient: subject,
    })
  } else {
    const code = spell(danger, style, random) ?? spell(danger, 'rough', random)
    const age = danger.recent ? 120 : random.pick([60, 400, 900])
    if (code)
      chart.condition({
        code: code.concept,
        dated: dateOf('onset and recorded', age, { today, born: chart.born }, random),
        status: activeStatus,
      })
  }
  return name
}

/** A problem that resembles a red flag and is none. */
export function putNearMiss(
  chart: Chart,
  miss: (typeof nearMisses)['near-misses'][number],
  style: Style,
  random: Random,
): Spelled {
  const code = spell(miss, style, random) ?? spell(miss, 'rough', random)
  if (!code) throw new Error(`${miss.name}: no way to write it`)
  const [from, to] = miss['age-of-entry'] ?? [200, 2000]
  const age = from + random.below(to - from)
  const status =
    miss.status === 'resolved'
      ? (codedStatuses.find(({ name }) => name === 'resolved') ?? activeStatus)
      : activeStatus
  chart.condition({
    code: code.concept,
    dated: dateOf('onset and recorded', age, { today, born: chart.born }, random),
    status,
  })
  return code
}

export { activeStatus }
