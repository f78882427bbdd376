/** The first page of a lead: where each measure stands, whether it moved, and what the team changed. */
import { type Html, html } from '../pages/html.ts'
import { better, headline, percent, runBlock, windowsBlock } from './blocks.ts'
import { notesOf } from './cycles.ts'
import { address, dashboardFrame, type Framed, figures, per100, table, whole } from './frame.ts'
import type { CardSummary } from './from-ledger.ts'
import type { ToldReport } from './reports.ts'
import { type MeasureResult, mainOf } from './results.ts'
import { type CycleNote, phases } from './series.ts'

export interface FrontPage extends Framed {
  told: ToldReport | undefined
  cards: CardSummary
  notes: readonly CycleNote[]
  leftOut: readonly string[]
  /** As `2026-11-29`. */
  today: string
}

export function frontPage(page: FrontPage): string {
  const { told, cards, base, leftOut } = page
  const headlines =
    told?.results.filter(({ measure, variants }) => measure.headline && variants.length > 0) ?? []
  const others =
    told?.results.filter(({ measure, variants }) => !measure.headline && variants.length > 0) ?? []
  return dashboardFrame(
    'Low back pain: quality',
    page,
    html`${
      told
        ? html`<p>The last report counts index visits from ${told.period.start} to ${told.period.end}. Of 1 to 10 people nothing is shown (–),
nor what they could be worked out from.</p>`
        : html`<p>No report yet. Write one where the service reads them:</p>
<pre>npm run report -- --from &lt;bulk export&gt; --year 2025 --out var/quality/2025</pre>`
    }
${leftOut.length > 0 ? html`<ul class="quiet">${leftOut.map((why) => html`<li>${why}.</li>`)}</ul>` : undefined}
${figures([...headlines.flatMap((result) => headline(result) ?? []), ...cardTiles(cards)])}
${
  told
    ? html`<h2 id="measures">Measures by month</h2>
${headlines.map((result) => months(result, page, told))}
${needs(told.services)}
<h2 id="others">More measures</h2>
${table(
  'More measures of the last report',
  [
    { name: 'Measure' },
    { name: 'What is counted' },
    { name: 'Of', figure: true },
    { name: 'Share', figure: true },
  ],
  others.flatMap(({ measure, variants }) =>
    variants.map(({ variant, all }) => [
      html`<a href="${base}${address}/measures/${measure.id}">${measure.name}</a>`,
      variant,
      all.hidden ? '–' : whole(all.of),
      all.hidden ? '–' : percent(all.share),
    ]),
  ),
)}`
    : undefined
}
<h2 id="changes">What the team changed</h2>
${changes(page)}`,
  )
}

export function cardTiles({ all, latency }: CardSummary) {
  const { calls, fired, shown, accepted, overridden, hidden } = all
  if (calls === 0) return [{ value: '–', words: 'No call of the last twelve months' }]
  const of = (part: number, total: number) => (hidden ? '–' : `${per100(part, total)} %`)
  return [
    { value: of(fired, calls), words: 'calls with a card' },
    { value: of(accepted, shown), words: 'cards of which a suggestion was accepted' },
    { value: of(overridden, shown), words: 'cards that were overridden' },
    {
      value: latency.p95 === undefined ? '–' : `${latency.p95} ms`,
      words: `answered within, 95 of 100 calls (half: ${latency.p50 ?? '–'} ms)`,
    },
  ]
}

function needs(services: ToldReport['services']): Html | undefined {
  if (services.length === 0) return undefined
  return html`<h2 id="services">Lumbar imaging that was done, by need</h2>
<p>Each study judged by what the chart held when it was ordered; services and people are counted apart.</p>
${table(
  'Lumbar imaging by need, of the last report',
  [{ name: 'Need' }, { name: 'Services', figure: true }, { name: 'People', figure: true }],
  services.map(({ need, services: count, people, hidden, peopleHidden }) =>
    hidden ? [need, '–', '–'] : [need, whole(count), peopleHidden ? '–' : whole(people)],
  ),
)}`
}

function months({ measure, variants }: MeasureResult, { base, notes }: FrontPage, told: ToldReport): Html {
  const main = mainOf(variants)
  const series = {
    months: told.months.get(measure.id) ?? [],
    notes: notesOf(notes, measure.id),
    direction: measure.direction,
  }
  return html`<h3 id="${measure.id}">${measure.name}</h3>
<p><em>${measure.question}</em> ${better(measure.direction)} <a href="${base}${address}/measures/${measure.id}">By group: ${measure.name}</a></p>
${runBlock(`${measure.name}, ${main?.variant ?? ''}`, series) ?? html`<p class="quiet">Fewer than two months.</p>`}
${variants.length > 1 && windowsBlock({ measure, variants })}`
}

const fields = {
  plan: 'plan: what we want to try',
  do: 'do: from this day on it is tried',
  study: 'study: what we saw',
  act: 'act: what we keep',
} as const

function changes({ notes, told, base, today }: FrontPage): Html {
  const names = new Map(told?.results.map(({ measure }) => [measure.id, measure.name]))
  const nameOf = (measure: string) =>
    measure === 'all' ? 'all charts' : measure === 'cards' ? 'cards' : (names.get(measure) ?? measure)
  const at = `${base}${address}/changes`
  return html`<p>Plan, do, study, act: write down when you change something. Each note is a numbered line in its chart, and from the first
<em>do</em> on what comes after is held against the months before. No names of patients, please.</p>
${
  notes.length === 0
    ? html`<p class="quiet">Nothing is written down yet.</p>`
    : table(
        'Notes',
        [
          { name: 'Day' },
          { name: 'Phase' },
          { name: 'Change' },
          { name: 'Chart' },
          { name: 'Words' },
          { name: 'Take back' },
        ],
        notes.map(({ id, day, phase, cycle, measure, words }) => [
          day,
          phase,
          cycle,
          nameOf(measure),
          words,
          html`<form method="post" action="${at}/${id}/withdraw"><button aria-label="Withdraw ${cycle}, ${phase}, ${day}">Withdraw</button></form>`,
        ]),
      )
}
<form method="post" action="${at}" class="write">
<p><label for="cycle">Name of the change</label> <input id="cycle" name="cycle" type="text" required maxlength="60" autocomplete="off"></p>
<p><label for="phase">Phase</label> <select id="phase" name="phase">${phases.map((phase) => html`<option value="${phase}">${fields[phase]}</option>`)}</select></p>
<p><label for="day">Day</label> <input id="day" name="day" type="date" required value="${today}"></p>
<p><label for="measure">Chart</label> <select id="measure" name="measure"><option value="all">all charts</option><option value="cards">cards</option>${[...names].map(([id, name]) => html`<option value="${id}">${name}</option>`)}</select></p>
<p><label for="words">In a sentence, if it helps</label> <input id="words" name="words" type="text" maxlength="300" autocomplete="off"></p>
<p><button>Write it down</button></p>
</form>`
}
