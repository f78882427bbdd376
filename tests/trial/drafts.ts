/** The draft orders of the stories (orders.yaml), with what the story has the clinician write on them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource, MedicationRequest, ServiceRequest } from 'fhir/r4.js'
import { parse } from 'yaml'
import { z } from 'zod'
import { today } from './days.ts'
import { readEntry } from './entry.ts'
import { type Record as Chart, subject } from './record.ts'

const lists = z
  .strictObject({ imaging: z.record(z.string(), z.string()), opioid: z.record(z.string(), z.string()) })
  .parse(parse(readFileSync(join(import.meta.dirname, 'orders.yaml'), 'utf8')))

/** What the chart's house says of the order's reason; absent where it says nothing. */
function reasonsOf(chart: Chart) {
  return {
    ...(chart.reasonCode.length > 0 ? { reasonCode: chart.reasonCode } : {}),
    ...(chart.reasonReference.length > 0 ? { reasonReference: chart.reasonReference } : {}),
    ...(chart.notes.length > 0 ? { note: chart.notes.map((text) => ({ text })) } : {}),
  }
}

export function draftImaging(name: string, chart: Chart): FhirResource | undefined {
  const line = lists.imaging[name]
  if (line === undefined) return undefined
  const entry = readEntry(`x ${line}`)
  const draft: ServiceRequest = {
    resourceType: 'ServiceRequest',
    id: 'scan',
    status: 'draft',
    intent: 'order',
    ...(entry.flags.has('stat') ? { priority: 'stat' } : {}),
    code: chart.concept(entry),
    subject,
    encounter: { reference: 'Encounter/visit' },
    authoredOn: today,
    ...reasonsOf(chart),
  }
  if (chart.details.length > 0) draft.orderDetail = chart.details.map((text) => ({ text }))
  if (chart.supporting.length > 0) {
    draft.contained = chart.supporting
    draft.supportingInfo = chart.supporting.map(({ id }) => ({ reference: `#${id}` }))
  }
  return draft
}

export function draftOpioid(name: string, chart: Chart, index: number): FhirResource {
  const line = lists.opioid[name]
  if (line === undefined) throw new Error(`There is no order "${name}" in orders.yaml`)
  const entry = readEntry(`x ${line}`)
  const { values } = entry
  const tablets = {
    unit: 'TAB',
    system: 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm',
    code: 'TAB',
  }
  const sig = values.get('sig')?.replaceAll('_', ' ')
  const every = Number(values.get('every'))
  const reason = values.get('for')
  const draft: MedicationRequest = {
    resourceType: 'MedicationRequest',
    id: `medicine-${index + 1}`,
    status: 'draft',
    intent: 'order',
    medicationCodeableConcept: chart.concept(entry),
    subject,
    encounter: { reference: 'Encounter/visit' },
    authoredOn: today,
    ...(index === 0 ? reasonsOf(chart) : {}),
    dosageInstruction: [
      sig
        ? { text: sig }
        : {
            timing: { repeat: { frequency: 1, period: every, periodUnit: 'h' } },
            doseAndRate: [{ doseQuantity: { value: Number(values.get('dose')), ...tablets } }],
          },
    ],
    dispenseRequest: {
      quantity: { value: Number(values.get('qty')), ...tablets },
      expectedSupplyDuration: {
        value: Number(values.get('days')),
        unit: 'days',
        system: 'http://unitsofmeasure.org',
        code: 'd',
      },
    },
  }
  const why = values.get('why')?.replaceAll('_', ' ')
  if (why) draft.reasonCode = [{ text: why }]
  if (reason)
    draft.reasonCode = [chart.concept({ ...readEntry(`x ${reason}`), words: 'reason of the order' })]
  return draft
}
