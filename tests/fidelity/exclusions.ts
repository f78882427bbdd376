/** Events of which nothing should be said: another patient, another setting, another reason. */
import type { FhirResource } from 'fhir/r4.js'
import type { Queries } from '../../fhir-fixtures/load.ts'
import { addDays } from '../language/when.ts'
import type { Random } from '../support/random.ts'
import { Chart, subject, today } from './chart.ts'
import { codedDates, dateOf } from './dates.ts'
import { bodyOf, type Event, plainClasses, type Style } from './event.ts'
import { productOf } from './medicine-entries.ts'
import { draftImaging, draftOpioid } from './orders.ts'
import { spell } from './spelling.ts'
import { activeStatus, person, putBackPain, putBystanders } from './story.ts'
import { silent } from './truth.ts'
import {
  type Concept,
  type DraftProduct,
  type Exclusion,
  exclusions,
  imagingOrders,
  opioidOrders,
} from './vocabulary.ts'

export function excludedEvent(
  number: number,
  order: 'imaging' | 'opioid',
  style: Style,
  random: Random,
  queries: Queries,
): Event {
  const exclusion = random.pick(exclusions.exclusions.filter((each) => each.for.includes(order)))
  const { how, name } = exclusion
  const chart = new Chart(person(random, how === 'age' ? { ages: [9, 16] } : {}), random)
  const withPain = !['nothing', 'order-reason', 'other-imaging', 'cough-opioid', 'oud-medicine'].includes(how)
  if (withPain) putBackPain(chart, random.pick(['recent', 'long'] as const), 'coded', random)
  putBystanders(chart, style, random)
  const system = put(chart, exclusion, style, random)
  const drafts = draftOf(chart, order, exclusion, style, random)
  return {
    number,
    order,
    style,
    classes: { ...plainClasses, flag: `out of scope: ${name}`, system },
    truth: silent(`Out of scope: ${name}`),
    told: `${name} (${system})`,
    body: bodyOf(chart, drafts, queries, number),
  }
}

function put(chart: Chart, { how, concepts }: Exclusion, style: Style, random: Random): string {
  if (how === 'encounter-class') return admit(chart, style, random)
  if (concepts.length === 0) return 'none'
  const concept = random.pick(concepts)
  const code = spell(concept, style, random) ?? spell(concept, 'rough', random)
  if (!code) return 'none'
  if (how === 'order-reason') chart.reasonCode.push(code.concept)
  else if (how === 'service') {
    chart.add({
      resourceType: 'ServiceRequest',
      id: chart.id('referral'),
      status: 'active',
      intent: 'order',
      code: code.concept,
      subject,
      authoredOn: addDays(today, -40),
    })
  } else {
    const dated = dateOf(
      random.pick(codedDates),
      random.pick([10, 60, 150]),
      { today, born: chart.born },
      random,
    )
    chart.condition({ code: code.concept, dated, status: activeStatus })
  }
  return code.way
}

function admit(chart: Chart, style: Style, random: Random): string {
  const code = random.pick(
    style === 'coded' ? ['IMP', 'ACUTE', 'OBSENC', 'NONAC'] : ['imp', 'inpatient', 'Inpatient', 'IMP'],
  )
  const system =
    style === 'coded'
      ? 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
      : random.pick([
          'http://hl7.org/fhir/v3/ActCode',
          'urn:oid:2.16.840.1.113883.5.4',
          'urn:oid:1.2.840.114350.1.72.1.7.7.10.696784.13260',
        ])
  chart.visit.class = { system, code, ...(style === 'rough' ? { display: 'Inpatient' } : {}) }
  chart.visit.period = { start: `${addDays(today, -2)}T08:30:00-08:00` }
  return style === 'coded' ? 'class' : 'class, odd'
}

function draftOf(
  chart: Chart,
  order: 'imaging' | 'opioid',
  { how }: Exclusion,
  style: Style,
  random: Random,
): FhirResource[] {
  if (how === 'other-imaging') {
    const other = random.pick(imagingOrders.others)
    const pain = exclusions['other-pains'][other.pain ?? 0] as Concept
    const code = spell(pain, style, random)
    if (code) chart.reasonCode.push(code.concept)
    return [draftImaging(chart, other, 'routine', style, random).order]
  }
  if (how === 'oud-medicine') return [treatment(random.pick(opioidOrders['oud-medicines']), style, random)]
  if (how === 'cough-opioid') return [treatment(random.pick(opioidOrders['cough-opioids']), 'rough', random)]
  if (order === 'imaging')
    return [draftImaging(chart, random.pick(imagingOrders.orders), 'routine', style, random).order]
  const product = random.pick(opioidOrders.products.filter(({ release }) => release === 'immediate'))
  const sig = opioidOrders.sigs[0]
  if (!sig) throw new Error('There is no sig')
  return [
    draftOpioid(chart, { product, sig, supply: random.pick(opioidOrders.supplies.short) }, style, random)
      .order,
  ]
}

function treatment(product: DraftProduct, style: Style, random: Random): FhirResource {
  const reason = product.reason && spell(product.reason, style, random)
  return {
    resourceType: 'MedicationRequest',
    id: 'draft-1',
    status: 'draft',
    intent: 'order',
    subject,
    encounter: { reference: 'Encounter/this-visit' },
    authoredOn: today,
    medicationCodeableConcept: productOf(product, style, random).concept,
    ...(reason ? { reasonCode: [reason.concept] } : {}),
    dosageInstruction: [{ text: 'once daily' }],
    dispenseRequest: { quantity: { value: 30, unit: 'tablet' } },
  }
}
