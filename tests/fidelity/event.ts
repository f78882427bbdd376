/** One event of the trial: the request as an EHR would post it, its classes, and the truth of it. */
import type { FhirResource } from 'fhir/r4.js'
import { answerPrefetch, callBody, type HookBody, type Queries } from '../../fhir-fixtures/load.ts'
import { type Chart, patientId } from './chart.ts'
import type { Truth } from './truth.ts'

export type Style = 'coded' | 'rough'

/** What the figures are told by. */
export interface Classes {
  flag: string
  system: string
  place: string
  status: string
  date: string
}

export const plainClasses: Classes = {
  flag: 'none',
  system: 'none',
  place: 'none',
  status: 'none',
  date: 'none',
}

export interface Event {
  number: number
  order: 'imaging' | 'opioid'
  style: Style
  classes: Classes
  truth: Truth
  /** In a line, for people who read a list of them. */
  told: string
  body: HookBody
}

export interface Faults {
  /** Prefetch keys whose first page came alone. */
  truncated?: readonly string[]
  failed?: readonly string[]
}

export function bodyOf(
  chart: Chart,
  drafts: readonly FhirResource[],
  queries: Queries,
  number: number,
  faults: Faults = {},
): HookBody {
  const resources = [chart.patient, ...chart.resources, chart.visit]
  return callBody({
    hook: number % 3 === 0 ? 'order-select' : 'order-sign',
    hookInstance: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    patientId,
    encounter: chart.visit,
    drafts,
    prefetch: answerPrefetch(queries, resources, chart.visit, faults),
  })
}
