/** The invented patients: all of them on the first page, and beside an opened chart. */
import { type Html, html } from '../../../src/pages/html.ts'
import { address, chartAddress, type PatientEntry, type View } from './view.ts'

export function home({ patients }: View): Html {
  return html`<h1>Patients</h1>
<p class="lead">Open a chart, draft an order, and see the card that Lumbar answers with. Each call is signed and sent over HTTP, as an EHR sends it.</p>
${filter('home-list')}
<ul class="people" id="home-list">${patients.map(person)}</ul>`
}

function person({ id, name, age, sex, sentence, brings }: PatientEntry): Html {
  const order = (key: string, words: string) =>
    html`<a href="${chartAddress(id)}&amp;order=${key}">${words}<span class="unseen"> for ${name}</span></a>`
  return html`<li class="person" data-entry>
<h2><a href="${chartAddress(id)}">${name}</a></h2>
<p class="person-facts">${[age === undefined ? '' : `${age} y`, sex].filter(Boolean).join(' · ')}</p>
<p>${capitalised(sentence)}</p>
<p class="person-brings"><span>MRI</span> ${brings}</p>
<p class="person-orders">${order('lumbar-mri', 'Order an MRI')} ${order('oxycodone', 'Order oxycodone')}</p>
</li>`
}

export function patientNav({ patients, patientId }: View): Html {
  return html`<nav class="patients" aria-label="Patients">
<p class="patients-all"><a href="${address}">All patients</a></p>
${filter('nav-list')}
<ul id="nav-list">${patients.map(
    ({ id, name, age, sentence }) =>
      html`<li data-entry><a href="${chartAddress(id)}"${id === patientId && html` aria-current="page"`}><strong>${name}</strong><span>${age === undefined ? '' : `${age} y · `}${sentence}</span></a></li>`,
  )}</ul>
</nav>`
}

/** Shown only where the script runs that makes it work. */
function filter(list: string): Html {
  return html`<p class="filter" hidden data-filter="${list}"><label for="${list}-filter">Find a patient</label><input type="search" id="${list}-filter" autocomplete="off" placeholder="name or situation"></p>`
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
