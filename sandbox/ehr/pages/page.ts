/** The whole page: frame, patients, chart and orders, cards beside them, and the drawer below. */
import { type Html, html } from '../../../src/pages/html.ts'
import { personName } from '../chart.ts'
import type { Said } from '../desk.ts'
import { advice } from './advice.ts'
import { banner, chartPanels } from './chart.ts'
import { composer, draftList } from './composer.ts'
import { drawer } from './drawer.ts'
import { home, patientNav } from './patients.ts'
import { address, doing, type View } from './view.ts'

export function page(view: View): string {
  const { chart } = view
  const title = chart ? `${personName(chart.patient)} · Lumbar sandbox` : 'Lumbar sandbox'
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${address}/ehr.css">
<script type="module" src="${address}/ehr.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<p class="brand"><a href="${address}">Lumbar <span>sandbox</span></a></p>
<p class="chip">Invented patients · a mock EHR for development</p>
<nav class="bar-links" aria-label="Lumbar"><a href="/pathway">The pathway</a><a href="/cds-services">Discovery</a></nav>
</header>
<p class="unseen" id="say" role="status" aria-live="polite"></p>
<div id="app">${chart ? desktop(view) : entrance(view)}</div>
</body>
</html>
`.text
}

function entrance(view: View): Html {
  return html`<main id="main" tabindex="-1" class="entrance">${obstacle(view)}${home(view)}</main>`
}

function desktop(view: View): Html {
  const { chart, desk } = view
  if (!chart || !desk) return html``
  return html`<div class="desktop">
${patientNav(view)}
<main id="main" tabindex="-1">
${banner(chart, view)}
${obstacle(view)}
${saidLine(desk.said)}
<div class="work">
${draftList(view, chart, desk)}
${advice(view, desk)}
${composer(view, desk)}
${chartPanels(chart)}
</div>
${drawer(view, desk)}
</main>
</div>`
}

function saidLine(said: Said | undefined): Html | undefined {
  if (!said) return undefined
  const { tone, text, cards = '' } = said
  return html`<p class="said said-${tone}" id="said" data-say="${`${text} ${cards}`.trim()}">${text}</p>`
}

function obstacle({ problem, patientId, fhirBase, patients }: View): Html | undefined {
  if (problem === undefined) return undefined
  const isOurs = patients.some(({ id }) => id === patientId)
  return html`<div class="obstacle" role="alert"><p>${problem}</p>${
    isOurs &&
    html`<form method="post" action="${doing('load', patientId ?? '')}"><p>The invented patients can be written to it.</p><button class="primary">Load them into ${fhirBase}</button></form>`
  }</div>`
}
