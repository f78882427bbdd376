/** The checklist as a page of its own: the questions first, the advice with the answers below. */
import type { Patient } from 'fhir/r4.js'
import { type Html, html } from '../pages/html.ts'
import { markdown } from '../pages/markdown.ts'
import { banner } from '../smart/banner.ts'
import type { Launch } from '../smart/launch.ts'
import { frame } from '../smart/page.ts'
import { pagesOf } from '../smart/pages-nav.ts'
import { askForm, openCount, savedNote } from './ask.ts'
import type { Checked, Shown } from './questions.ts'
import type { Outcome } from './recording.ts'

export interface ChecklistPage {
  title: string
  launch: Launch
  patient: Patient | undefined
  checked: Checked
  /** The order that is judged. */
  asIf: string
  /** When answers were given before. */
  answeredAt: string | undefined
  /** What became of the answers in the chart, just after they were given. */
  saved: Outcome | undefined
  style: string
}

export function checklistPage(page: ChecklistPage): string {
  const { title, launch, patient, checked, asIf, answeredAt, saved, style } = page
  return frame(
    title,
    html`${launch.needPatientBanner && patient && banner(patient)}
${pagesOf(launch, 'checklist')}
<main class="checklist">
<h1>${title}</h1>
${saved && savedNote(saved)}
<p>${openCount(checked)} Answer what you know. What you leave alone stays as it is.</p>
${askForm({ launch, checked, from: 'checklist' })}
<section aria-labelledby="advice">
<h2 id="advice">Advice ${answeredAt === undefined ? 'as it stands' : `with the answers of ${answeredAt}`}</h2>
<p>As if ${asIf} were ordered for low back pain now. The EHR is told when it asks again.</p>
${checked.cards.length > 0 ? checked.cards.map(cardOf) : html`<p class="advice">No card: the pathway says nothing about this order.</p>`}
</section>
</main>`,
    style,
  )
}

export const cardOf = ({ summary, detail, indicator }: Shown): Html =>
  html`<article class="advice advice-${indicator}"><h3><span class="indicator">${indicator}</span> ${summary}</h3>${markdown(detail)}</article>`
