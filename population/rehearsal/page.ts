/** The pages of a rehearsal: what would have been said, what could not be read, and the cases for a clinician to judge. */
import type { Library } from '../../src/library.ts'
import { type Html, html } from '../../src/pages/html.ts'
import { markdown } from '../../src/pages/markdown.ts'
import { figures, frame, per100, table, whole } from '../../src/quality/frame.ts'
import { wilson } from '../../src/quality/results.ts'
import type { Replayed } from '../replay/replay.ts'
import { ofNobodyTable, takenIn } from '../report/taken-in.ts'
import type { CouldNotRead } from './could-not-read.ts'
import type { Sample } from './samples.ts'
import type { ByPlace, Summary } from './summary.ts'

export interface Rehearsed {
  summary: Summary
  unread: CouldNotRead
  replayed: Replayed
  first: string
  last: string
}

const kinds: Readonly<Record<string, string>> = {
  'lumbar-imaging': 'lumbar imaging',
  opioid: 'opioid',
  'not named': 'medicine not named',
}

export function rehearsalPage(
  { summary, unread, replayed, first, last }: Rehearsed,
  lumbar: Pick<Library, 'rules'>,
): string {
  const { orders, cards, falseAlarms } = summary
  const all = orders.imaging + orders.opioid
  const shown = cards.imaging + cards.opioid
  const alarm = wilson(falseAlarms.alarms, falseAlarms.notNeeded)
  return frame(
    'Rehearsal: what the cards would have said',
    html`<p>${whole(all)} orders of this export, written from ${first} to ${last}, each judged by what its chart held at that
moment. Nobody was shown anything.${orders.notNamed > 0 ? html` <strong>${whole(orders.notNamed)} more orders are of medicines that nobody can name</strong>, by their code or their words: the service takes each for a possible opioid, and asks. They stand apart below.` : undefined}</p>
<nav aria-label="On this page"><ul>
<li><a href="#rules">By rule</a></li><li><a href="#places">By clinic and clinician</a></li>
<li><a href="#alarms">False alarms</a></li><li><a href="#unread">What could not be read</a></li>
<li><a href="#limits">What this cannot tell</a></li><li><a href="samples.html">Cases to judge</a></li>
</ul></nav>
${figures([
  { value: per100(shown, all), words: 'answers with a card, of 100 orders' },
  {
    value: per100(cards.imaging, orders.imaging),
    words: `of 100 orders of lumbar imaging (${whole(orders.imaging)})`,
  },
  {
    value: per100(cards.opioid, orders.opioid),
    words: `of 100 orders of an opioid (${whole(orders.opioid)})`,
  },
  {
    value: `${per100(falseAlarms.alarms, falseAlarms.notNeeded)} %`,
    words: '“not needed”, and something serious within 90 days',
  },
])}
<h2 id="rules">By rule</h2>
<p>The rule that heads the answer. Others may ride on the same card.</p>
${table(
  'Answers by the rule that heads them',
  [
    { name: 'Rule' },
    { name: 'Says' },
    { name: 'Order' },
    { name: 'Tone' },
    { name: 'Orders', figure: true },
    { name: 'Of 100', figure: true },
  ],
  summary.byRule.map(({ kind, rule, indicator, orders: n }) => [
    rule ?? 'no card',
    rule === null ? '' : titleOf(rule, lumbar),
    kinds[kind] ?? kind,
    indicator ?? '',
    whole(n),
    per100(n, kind === 'opioid' ? orders.opioid : kind === 'not named' ? orders.notNamed : orders.imaging),
  ]),
)}
${table(
  'Why nothing was said',
  [{ name: 'Because' }, { name: 'Order' }, { name: 'Orders', figure: true }],
  summary.silentBecause.map(({ kind, gate, orders: n }) => [
    gate === null ? 'no rule speaks' : `${gate}: ${titleOf(gate, lumbar)}`,
    kinds[kind] ?? kind,
    whole(n),
  ]),
)}
${summary.conditional > 0 ? html`<p>${whole(summary.conditional)} answers name something to make sure of, because a list did not come.</p>` : undefined}
<h2 id="places">By clinic and clinician</h2>
${places('By clinic of the clinician who ordered', summary.byClinic)}
${places('By clinician who ordered', summary.byClinician)}
<h2 id="alarms">False alarms</h2>
<p>Of ${whole(falseAlarms.notNeeded)} orders to which the card would have said that imaging is not needed now,
<strong>${whole(falseAlarms.alarms)}</strong> (${per100(falseAlarms.alarms, falseAlarms.notNeeded)} %, 95 % interval
${(alarm.low * 100).toFixed(1)} to ${(alarm.high * 100).toFixed(1)}) were followed within 90 days by a fracture, cancer, infection or
cauda equina syndrome that was coded for the first time. In ${whole(falseAlarms.done)} of those the study was done all the same.</p>
<p>Of ${whole(falseAlarms.silent)} orders on which nothing would have been said, ${whole(falseAlarms.missed)} were followed by such a
finding.</p>
<p class="quiet">Not each of them is a mistake: a card that sends somebody to care first is right also where a cancer is found in the
third month. Each is to be read.</p>
<h2 id="unread">What could not be read</h2>
${unreadParts(unread, replayed)}
<h2 id="limits">What this cannot tell</h2>
<ul>
<li>What was changed later is undone only in part: a visit that was still going on and a problem that ended later are put back; other
changes of status are as the export has them.</li>
<li>An entry without a date is taken to have been there, and counted above.</li>
<li>What a clinician would have done. Nobody saw a card.</li>
<li>Whether the same card came twice: each order is judged by itself, as at its signing.</li>
</ul>`,
  )
}

function titleOf(code: string, { rules }: Pick<Library, 'rules'>): string {
  return rules.find((rule) => rule.code === code)?.title ?? ''
}

const places = (caption: string, rows: readonly ByPlace[]): Html =>
  table(
    caption,
    [
      { name: 'Where' },
      { name: 'Orders', figure: true },
      { name: 'With a card', figure: true },
      { name: 'Of 100', figure: true },
      { name: '“Not needed”', figure: true },
    ],
    rows.map(({ place, orders, cards, notNeeded }) => [
      place,
      whole(orders),
      whole(cards),
      per100(cards, orders),
      whole(notNeeded),
    ]),
  )

const mostCodes = 60

function unreadParts(unread: CouldNotRead, { others, undatedOrders, withoutPatient }: Replayed): Html {
  const { localCodes, withoutCode, typesThatNeverCame, files, repeated } = unread
  const nothing = localCodes.filter(({ readBy }) => readBy === 'nothing')
  const list = [...nothing, ...localCodes.filter(({ readBy }) => readBy !== 'nothing')]
  return html`
${
  typesThatNeverCame.length > 0
    ? html`<p><strong>Types that never came:</strong> ${typesThatNeverCame.join(', ')}. What stands in them is unknown, and advice that needs them is held back or given on a condition. If the hospital has none, an empty file says so.</p>`
    : html`<p>Every type that the rules read came.</p>`
}
<p>${takenIn(files, repeated)}</p>
<p>${whole(others)} orders had to be looked at and are neither lumbar imaging nor an opioid as far as anybody can read them.
${whole(undatedOrders)} orders have no date, ${whole(withoutPatient)} no patient in the export: they were not judged.</p>
${
  localCodes.length === 0
    ? html`<p>No code of the hospital’s own.</p>`
    : html`<p>${whole(localCodes.length)} codes belong to no system that Lumbar holds; of ${whole(nothing.length)} the words say nothing either.
Those of orders and problems are worth a line under <code>local-codes</code> in <code>site.yaml</code>.</p>
${table(
  list.length > mostCodes ? `The first ${mostCodes} of ${list.length} local codes` : 'Local codes',
  [
    { name: 'Code' },
    { name: 'System' },
    { name: 'Words' },
    { name: 'Type' },
    { name: 'Entries', figure: true },
    { name: 'Read by' },
  ],
  list
    .slice(0, mostCodes)
    .map(({ code, system, display, type, entries, readBy }) => [
      code,
      system ?? 'none',
      display ?? '',
      type,
      whole(entries),
      readBy,
    ]),
)}`
}
${
  withoutCode.length === 0
    ? undefined
    : table(
        'Entries without any code',
        [
          { name: 'Type' },
          { name: 'Entries', figure: true },
          { name: 'Of those without words', figure: true },
        ],
        withoutCode.map(({ type, entries, withoutWords }) => [type, whole(entries), whole(withoutWords)]),
      )
}
${ofNobodyTable(unread.unplaced)}`
}

export function samplesPage(
  byRule: ReadonlyMap<string, readonly Sample[]>,
  lumbar: Pick<Library, 'rules'>,
): string {
  return frame(
    'Cases to judge',
    html`<p>At most twenty for each rule, picked by the hash of the order, so that the same export gives the same cases. Would you have
wanted this card? Mark it, and save the marks at the end. <strong>These are patients: keep the page where charts are kept.</strong></p>
<nav aria-label="Rules"><ul>${[...byRule].map(([rule, list]) => html`<li><a href="#${rule}">${rule} (${list.length})</a></li>\n`)}</ul></nav>
<form id="marks">
${[...byRule].map(
  ([rule, list]) => html`<h2 id="${rule}">${rule}: ${titleOf(rule, lumbar)}</h2>
${list.map((sample, n) => caseBlock(sample, n + 1))}`,
)}
<p><button type="submit">Save the marks as a file</button></p>
</form>`,
    saveMarks,
  )
}

function caseBlock(sample: Sample, n: number): Html {
  const { rule, id, day, ordered, age, sex, summary, detail, chart, after } = sample
  const name = `${rule}|${id}`
  const list = (lines: readonly string[]) =>
    lines.length === 0
      ? html`<p class="quiet">nothing</p>`
      : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`
  return html`<article class="case">
<h3>${rule}, case ${n}: ${ordered}, ${day}</h3>
<p class="quiet">${age === undefined ? 'age not recorded' : `${age} years`}, ${sex}</p>
<p><strong>${summary}</strong></p>
${markdown(detail)}
<p>Recorded up to then:</p>${list(chart)}
<p>Recorded in the 90 days after:</p>${list(after)}
<fieldset><legend>${rule}, case ${n}: this card was</legend>
<label><input type="radio" name="${name}" value="right"> right</label>
<label><input type="radio" name="${name}" value="wrong"> wrong</label>
<label><input type="radio" name="${name}" value="cannot tell"> cannot tell</label>
<label class="words">Why <input type="text" name="${name}|why"></label>
</fieldset>
</article>
`
}

/** The only script of these pages: without it the marks are made on paper. */
const saveMarks = `
document.getElementById('marks').addEventListener('submit', (event) => {
  event.preventDefault()
  const data = new FormData(event.target)
  const quote = (text) => '"' + String(text ?? '').replaceAll('"', '""') + '"'
  const rows = [...document.querySelectorAll('fieldset')].map((set) => {
    const name = set.querySelector('input[type=radio]').name
    const [rule, id] = name.split('|')
    return [rule, id, data.get(name) ?? '', data.get(name + '|why')].map(quote).join(',')
  })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([['rule,order,mark,why', ...rows].join('\\n') + '\\n'], { type: 'text/csv' }))
  link.download = 'marks.csv'
  link.click()
})
`
