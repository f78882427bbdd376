/** The handout inside the EHR: what to include on the left, exactly what the patient gets on the right. */
import type { Patient } from 'fhir/r4.js'
import { type Html, html, joined } from '../../pages/html.ts'
import type { Library } from '../../pathway/handouts/library.ts'
import type { Launch } from '../../smart/launch.ts'
import { banner, frame, nameOf, pagesOf } from '../../smart/page.ts'
import { type Composition, type LeftOut, namesIn } from '../compose.ts'
import { renderHandout, styleAddress } from '../html.ts'
import { type GivenTo, languageFor } from '../model.ts'
import type { RecordOutcome } from './recording.ts'

// What the form asks for: the language, the parts, and whether the patient's name stands on the paper.

export interface Wish {
  language: string
  /** Names of sections; undefined leaves the choice to the facts. */
  chosen: readonly string[] | undefined
  named: boolean
}

const most = 200

/** Whatever is sent and is none of the library's is passed over. `spoken` are BCP 47 tags of the patient, preferred first. */
export function wishIn(sent: unknown, library: Library, spoken: readonly string[]): Wish {
  const { language, part, own, named } = (sent ?? {}) as Readonly<Record<string, unknown>>
  const parts = (Array.isArray(part) ? part : [part]).slice(0, most)
  const known = namesIn(library).filter((name) => parts.includes(name))
  const tongue = typeof language === 'string' && Object.hasOwn(library.languages, language)
  return {
    language: tongue ? language : languageFor(library, spoken),
    chosen: own === 'yes' ? known : undefined,
    named: named === 'yes',
  }
}

/** The same as a query, for links that show it again. */
export function queryOf({ language, chosen, named }: Wish): string {
  return new URLSearchParams([
    ['language', language],
    ...(chosen ? [['own', 'yes'], ...chosen.map((name) => ['part', name])] : []),
    ...(named ? [['named', 'yes']] : []),
  ] as [string, string][]).toString()
}

/** BCP 47 tags of `communication`, the preferred one first, then of the resource itself. */
export function languagesOf({ communication = [], language }: Patient): string[] {
  const list = Array.isArray(communication) ? communication : []
  const inOrder = [...list].sort((a, b) => Number(b?.preferred === true) - Number(a?.preferred === true))
  const tags = inOrder.flatMap((each) => each?.language?.coding?.map(({ code }) => code) ?? [])
  return [...tags, language].filter((tag) => typeof tag === 'string')
}

interface HandoutPage {
  launch: Launch
  patient: Patient
  library: Library
  wish: Wish
  composition: Composition
  /** What the facts alone would choose. */
  usual: Composition
  givenTo: GivenTo | undefined
  note: string
  /** Single-use addresses; the PDF only where there is one in this language. */
  links: { print: string; pdf: string | undefined }
  saved: RecordOutcome | undefined
  /** When a handout was given before, as 2026-11-22. */
  last: string | undefined
  prefix: string
  style: string
}

export const scriptAddress = '/smart/handout.js'

export function handoutPage(page: HandoutPage): string {
  const { launch, patient, composition, givenTo, style, prefix, saved, last } = page
  return frame(
    `Handout for ${nameOf(patient)}`,
    html`${launch.needPatientBanner && banner(patient)}
${pagesOf(launch, 'handout')}
<div class="handout-page">
<main class="wishes">
<h1>Back pain handout</h1>
${saved && html`<p class="note" role="status">${saidOf[saved]}</p>`}
${!saved && last && html`<p class="note">A handout was given on ${last}.</p>`}
${composition.exception && html`<p class="note note-urgent"><b>Only the warning signs were chosen.</b> ${composition.exception}</p>`}
${give(page)}
${wishes(page)}
</main>
<section class="preview" aria-label="Exactly what is printed" tabindex="0">
${renderHandout(composition.handout, givenTo)}
</section>
</div>
<script src="${prefix}${scriptAddress}" defer></script>`,
    style,
    [`${prefix}${styleAddress}`],
  )
}

const saidOf: Readonly<Record<RecordOutcome, string>> = {
  document: 'Saved to the chart as a document.',
  communication: 'Saved to the chart as a communication.',
  procedure: 'Saved to the chart as patient education.',
  'not-possible':
    'Not saved to the chart: this EHR does not let the app write there. Print it, and copy the sentence into your note.',
  refused: 'Not saved to the chart: the EHR refused it. Print it, and copy the sentence into your note.',
}

/** Two clicks: the page opens with the right handout, and one of these gives it. */
function give({ launch, wish, links, note }: HandoutPage): Html {
  return html`<div class="give">
<a class="button" href="${links.print}" target="_blank" rel="noopener">Print</a>
${links.pdf && html`<a class="button quiet" href="${links.pdf}" target="_blank" rel="noopener">PDF</a>`}
<form method="post" action="${launch.path}save?${queryOf(wish)}">
<input type="hidden" name="form-token" value="${launch.formToken}">
<button type="submit" class="quiet">Save to chart</button>
</form>
</div>
<p class="small">Print and PDF open once, within ten minutes. Reload this page for new ones.</p>
<details class="phrase" open><summary>Sentence for the visit note</summary>
<p id="phrase">${note}</p>
<p><button type="button" class="quiet" data-copies="phrase" hidden>Copy</button> <span role="status" data-copied></span></p>
</details>`
}

function wishes({ launch, library, wish, composition, usual }: HandoutPage): Html {
  const languages = Object.entries(library.languages).map(
    ([tag, { name }]) =>
      html`<option value="${tag}" lang="${tag}"${tag === wish.language && html` selected`}>${name}</option>`,
  )
  const texts = library.texts[wish.language] ?? {}
  const original = library.texts.en ?? {}
  const pages = Object.keys(library.handouts).map((id) => {
    const text = texts[id] ?? original[id]
    return (
      text &&
      html`<fieldset class="part"><legend>${text.title}</legend>${[...text.sections.values()].map((section) => tick(`${id}/${section.id}`, section.title, composition, usual))}</fieldset>`
    )
  })
  return html`<form method="get" action="${launch.path}" class="choose">
<p><label for="language">Language</label> <select id="language" name="language">${languages}</select></p>
<p><label class="tick"><input type="checkbox" name="named" value="yes"${wish.named && html` checked`}> Name of the patient and today's date on the paper</label></p>
<p class="send"><button type="submit">Show</button> <a href="${launch.path}?language=${wish.language}">As the chart suggests</a> <a href="${launch.path}?${queryOf({ ...wish, chosen: usual.fitting })}">All that fits</a></p>
<details${wish.chosen && html` open`}><summary>What is in it: ${composition.shown.length} of ${composition.shown.length + composition.leftOut.length} parts</summary>
<input type="hidden" name="own" value="yes">
${joined(pages)}
</details>
</form>`
}

function tick(name: string, title: string, { shown }: Composition, usual: Composition): Html {
  const left = usual.leftOut.find((each) => each.name === name)
  return html`<p><label class="tick"><input type="checkbox" name="part" value="${name}"${shown.includes(name) && html` checked`}> ${title}</label>${left && html`<br><span class="why">${whyOf[left.why]}: ${left.because}</span>`}</p>`
}

const whyOf: Readonly<Record<LeftOut['why'], string>> = {
  'does-not-fit': 'Left out',
  'cannot-tell': 'Left out, the chart cannot tell',
  'by-hand': 'For you to choose',
  exception: 'Left out',
  'not-chosen': 'Left out',
  more: 'Fits',
  'no-room': 'Fits, no room',
}

/** The little that a browser does beyond HTML: prints a print view as it opens, and copies the sentence for the note. */
export const script = `const self = document.currentScript
if (self.hasAttribute('data-prints')) {
  window.addEventListener('load', () => window.print())
}
for (const button of document.querySelectorAll('[data-copies]')) {
  const text = document.getElementById(button.dataset.copies)
  const said = document.querySelector('[data-copied]')
  button.hidden = false
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim())
      said.textContent = 'Copied.'
    } catch {
      // A frame may not be allowed to write: then it is selected, and a key copies it.
      getSelection().selectAllChildren(text)
      said.textContent = 'Selected: copy it with Ctrl+C.'
    }
  })
}
`
