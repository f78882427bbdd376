/** What frames every page of the SMART app, and the headers that keep it where it belongs. */
import type { HumanName, Patient } from 'fhir/r4.js'
import { type Headers, ofOurOwn, securityHeaders } from '../http/headers.ts'
import { type Html, html } from '../pages/html.ts'
import { type SmartCode, smartFailures } from './failures.ts'
import type { Ehr } from './launch/ehrs.ts'
import { type Launch, whyIn } from './launch.ts'

// Whose chart this is: name, birth date and sex, on every page and printout unless the EHR shows them itself (R25).

/** In the order in which names are preferred. */
const uses = ['official', 'usual', undefined, 'temp', 'nickname', 'anonymous', 'old', 'maiden']

export function nameOf({ name: names = [] }: Patient): string {
  const [first] = [...names].sort((one, other) => uses.indexOf(one.use) - uses.indexOf(other.use))
  return first ? written(first) : 'Name not recorded'
}

function written({ text, prefix = [], given = [], family, suffix = [] }: HumanName): string {
  return text ?? [...prefix, ...given, family, ...suffix].filter(Boolean).join(' ')
}

export function banner(patient: Patient): Html {
  return html`<header>
<dl class="banner" aria-label="Patient">
<div><dt>Patient</dt><dd>${nameOf(patient)}</dd></div>
<div><dt>Born</dt><dd>${patient.birthDate ?? 'not recorded'}</dd></div>
<div><dt>Sex</dt><dd>${patient.gender ?? 'not recorded'}</dd></div>
</dl>
</header>`
}

// The way between the pages of one launch.

const pages = [
  { page: 'why', title: 'Why this advice' },
  { page: 'handout', title: 'Handout' },
  { page: 'checklist', title: 'Red-flag checklist' },
] as const

type Page = (typeof pages)[number]['page']

/** The page that says why is there where a card was opened. */
export function pagesOf({ path, appContext }: Pick<Launch, 'path' | 'appContext'>, here: Page): Html {
  const shown = pages.filter(
    ({ page }) => page !== 'why' || here === 'why' || whyIn(appContext) !== undefined,
  )
  const address = (page: Page) => (page === 'handout' ? `${path}?page=handout` : `${path}${page}`)
  return html`<nav class="pages" aria-label="Pages of this app">${shown.map(
    ({ page, title }) =>
      html`<a href="${address(page)}"${page === here && html` aria-current="page"`}>${title}</a> `,
  )}</nav>`
}

/** Who may show the pages in a frame is a matter of each EHR. */
export function pageHeaders(frameAncestors: readonly string[]): Headers {
  return {
    ...securityHeaders({
      contentSecurityPolicy: ofOurOwn(frameAncestors),
      // It cannot name origins, and would forbid what frame-ancestors allows.
      xFrameOptions: false,
      crossOriginOpenerPolicy: false,
    }),
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // What is shown is of one patient, for as long as the launch lasts.
    'cache-control': 'no-store',
  }
}

export const styleAddress = '/smart/style.css'

/** `style` and `more` are addresses of style sheets as browsers see them; `style` has the last word. */
export function frame(
  title: string,
  body: Html,
  style: string,
  more: readonly string[] = [],
  lang = 'en',
): string {
  return `<!doctype html>\n${
    html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
${[...more, style].map((address) => html`<link rel="stylesheet" href="${address}">\n`)}</head>
<body>
${body}
</body>
</html>
`.text
  }`
}

// The pages around a launch: a failure said safely, the choice of an EHR, and the chart until there is more to show.

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
