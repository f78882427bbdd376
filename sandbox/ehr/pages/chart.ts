/** The chart: who the patient is, and what the FHIR server has about them. */
import type { Condition, MedicationRequest, Observation } from 'fhir/r4.js'
import { type Html, html, type Part } from '../../../src/pages/html.ts'
import { ageOf, type Chart, dayOf, performed, personName } from '../chart.ts'
import { nameOf, textOf } from '../drafts.ts'
import { address, doing, panel, type View } from './view.ts'

export function banner({ patient, coverage, allergies, encounter }: Chart, { today, patients }: View): Html {
  const age = ageOf(patient, today)
  const facts = [
    [age === undefined ? '' : `${age} y`, patient.gender].filter(Boolean).join(' · '),
    patient.birthDate && `born ${patient.birthDate}`,
    patient.identifier?.[0]?.value && `MRN ${patient.identifier[0].value}`,
    coverage[0]?.payor?.[0]?.display,
  ].filter(Boolean)
  const allergy = allergies.map(({ code }) => textOf(code)).filter(Boolean)
  const situation = patients.find(({ id }) => id === patient.id)?.sentence
  return html`<header class="banner">
<a class="back" href="${address}">Patients</a>
<div class="banner-top"><h1>${personName(patient)}</h1>
<div class="banner-tools"><a href="${address}/launch?patient=${encodeURIComponent(patient.id ?? '')}" target="_blank" rel="noopener" class="open-app">Open the Lumbar app</a>
<form method="post" action="${doing('clear', patient.id ?? '')}"><button class="quiet-button">Start over</button></form></div></div>
<ul class="banner-facts">${facts.map((fact) => html`<li>${fact}</li>`)}<li class="${allergy.length > 0 ? 'allergic' : 'quiet'}">${allergy.length > 0 ? `Allergy: ${allergy.join(', ')}` : 'No allergies recorded'}</li></ul>
<p class="banner-visit">${encounter && html`<span>${textOf(encounter.type?.[0]) ?? 'Visit'} ${dayOf(encounter.period?.start)}</span>`}${situation && html`<span class="situation">${situation}</span>`}</p>
</header>`
}

export function chartPanels(chart: Chart): Html {
  return html`<div class="chart" id="chart">
${panel('problems', 'Problems', list(chart.conditions.map(problem), 'No problems recorded.'))}
${panel('medicines', 'Medicines', list(chart.medications.map(medicine), 'No medicines recorded.'))}
${panel('results', 'Results', list(chart.observations.map(result), 'No results.'))}
${panel('orders', 'Orders and referrals', list(chart.orders.map(ordered), 'No orders.'))}
${panel('care', 'Procedures and visits', list([...chart.procedures.map(procedure), ...chart.encounters.map(visit)], 'None.'))}
</div>`
}

function list(rows: readonly Html[], nothing: string): Html {
  return rows.length > 0 ? html`<ul class="rows">${rows}</ul>` : html`<p class="nothing">${nothing}</p>`
}

const row = (what: Part, more: Part, when: string) =>
  html`<li><span class="what">${what}</span>${more && html` <span class="more">${more}</span>`}${when !== '' && html` <time datetime="${when}">${when}</time>`}</li>`

function problem({ code, onsetDateTime, recordedDate, clinicalStatus }: Condition): Html {
  const status = clinicalStatus?.coding?.[0]?.code
  const since = onsetDateTime ? `since ${dayOf(onsetDateTime)}` : 'no date of onset'
  return row(
    textOf(code) ?? 'Problem',
    [status, since].filter(Boolean).join(', '),
    dayOf(recordedDate ?? onsetDateTime),
  )
}

function medicine(order: MedicationRequest): Html {
  const supply = order.dispenseRequest?.expectedSupplyDuration?.value
  const sig = order.dosageInstruction?.[0]?.text
  return row(
    nameOf(order),
    [order.status, sig, supply === undefined ? '' : `${supply} days`].filter(Boolean).join(', '),
    dayOf(order.authoredOn),
  )
}

function result({ code, valueQuantity, valueCodeableConcept, effectiveDateTime }: Observation): Html {
  const unit = valueQuantity?.unit === 'Cel' ? '°C' : valueQuantity?.unit
  const value = valueQuantity ? `${valueQuantity.value} ${unit ?? ''}` : textOf(valueCodeableConcept)
  return row(
    textOf(code) ?? 'Result',
    html`<strong>${value?.trim() ?? ''}</strong>`,
    dayOf(effectiveDateTime),
  )
}

function ordered(order: Chart['orders'][number]): Html {
  const priority = order.priority === 'routine' ? undefined : order.priority
  return row(nameOf(order), [order.status, priority].filter(Boolean).join(', '), dayOf(order.authoredOn))
}

const procedure = (each: Chart['procedures'][number]) =>
  row(textOf(each.code) ?? 'Procedure', each.status, dayOf(performed(each)))

function visit({ type, period, status, reasonCode }: Chart['encounters'][number]): Html {
  const reason = textOf(reasonCode?.[0])
  return row(textOf(type?.[0]) ?? 'Visit', reason ?? status, dayOf(period?.start))
}
