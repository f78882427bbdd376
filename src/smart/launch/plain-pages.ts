/** The pages around a launch: a failure said safely, the choice of an EHR, and the chart until there is more to show. */
import type { Patient } from 'fhir/r4.js'
import { html } from '../../pages/html.ts'
import { banner, nameOf } from '../banner.ts'
import { type SmartCode, smartFailures } from '../failures.ts'
import type { Launch } from '../launch.ts'
import { frame } from '../page.ts'
import type { Ehr } from './ehrs.ts'

/** Nothing of what was sent is on it (R14). */
export function failurePage(code: SmartCode, style: string): string {
  const { title, say } = smartFailures[code]
  return frame(title, html`<main><h1>${title}</h1><p>${say}</p></main>`, style)
}

export function choicePage(ehrs: readonly Ehr[], begin: (ehr: Ehr) => string, style: string): string {
  const choices = ehrs.map((ehr) => html`<li><a href="${begin(ehr)}">${ehr.name}</a></li>`)
  const title = 'Which EHR do you want to open?'
  return frame(title, html`<main><h1>${title}</h1><ul class="choices">${choices}</ul></main>`, style)
}

export function chartPage(launch: Launch, patient: Patient, style: string): string {
  const { ehr, encounter, user, intent, needPatientBanner } = launch
  const lines = [
    ['EHR', ehr.name],
    ['Visit', encounter],
    ['Opened by', user?.reference],
    ['Opened to', intent],
  ].flatMap(([name, value]) => (value ? [html`<dt>${name}</dt><dd>${value}</dd>`] : []))
  const title = `Chart of ${nameOf(patient)}`
  return frame(
    title,
    html`${needPatientBanner && banner(patient)}
<main><h1>The chart is open</h1><dl class="context">${lines}</dl></main>`,
    style,
  )
}
