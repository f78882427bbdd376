/** What a page of the mock EHR is made of, and small parts that all of it uses. */
import { type Html, html, type Part } from '../../../src/pages/html.ts'
import type { CatalogEntry } from '../catalog.ts'
import type { Chart } from '../chart.ts'
import type { Desk } from '../desk.ts'
import type { Session } from '../sessions.ts'

export const address = '/sandbox'

/** One of the invented patients. */
export interface PatientEntry {
  id: string
  name: string
  age: number | undefined
  sex: string
  /** The situation, in words. */
  sentence: string
  /** What an order for an MRI brings. */
  brings: string
}

export interface View {
  patients: readonly PatientEntry[]
  session: Session
  /** Which patient was asked for; none on the first page. */
  patientId: string | undefined
  /** Undefined when the FHIR server does not know the patient. */
  chart: Chart | undefined
  desk: Desk | undefined
  /** What was searched for, and found. */
  search: { words: string; found: readonly CatalogEntry[] }
  /** The call that the drawer shows; the latest when none was asked for. */
  exchange: string | undefined
  /** Prefetch keys of all services, with their templates. */
  templates: Readonly<Record<string, string>>
  /** What stands in the way, in words. */
  problem: string | undefined
  fhirBase: string
  today: string
}

export const doing = (move: string, patientId: string) =>
  `${address}/do/${move}?patient=${encodeURIComponent(patientId)}`

export const chartAddress = (patientId: string) => `${address}?patient=${encodeURIComponent(patientId)}`

/** A panel with a heading. */
export function panel(id: string, title: string, ...parts: Part[]): Html {
  return html`<section class="panel" aria-labelledby="${id}-title" id="${id}"><h2 id="${id}-title">${title}</h2>${parts}</section>`
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
