/** Pages by name, for the thread that draws them: data in, HTML out. */
import { Paper, sizes } from '../handouts/pdf/paper.ts'
import { html } from '../pages/html.ts'
import { better, drawn, measureBlock, percent } from './blocks.ts'
import { type CardsPage, cardsPage } from './cards-page.ts'
import { beside } from './charts.ts'
import type { OwnMeasure } from './clinician.ts'
import { notesOf } from './cycles.ts'
import { address, dashboardFrame, type Framed, figures, table, whole } from './frame.ts'
import type { CardSummary } from './from-ledger.ts'
import { cardTiles, type FrontPage, frontPage } from './front-page.ts'
import type { CaseToThinkAbout } from './reports.ts'
import type { MeasureResult } from './results.ts'
import type { CycleNote, MonthPoint } from './series.ts'
import type { Look } from './viewer.ts'

// A clinician's letter: one page, own rates beside the clinic and its others, and cases to think about, none of
// which names anybody.

interface Letter {
  clinician: string
  clinic: string | undefined
  period: { start: string; end: string } | undefined
  measures: readonly OwnMeasure[]
  cases: readonly CaseToThinkAbout[]
  /** What the card of a rule says, by its code. */
  titles: Readonly<Record<string, string>>
  /** As `2026-01-15`. */
  written: string
}

/** Letter, tagged, in English. */
function letterPdf(letter: Letter): Promise<Buffer> {
  const { clinician, clinic, period, measures, cases, titles, written } = letter
  const title = `Low back pain: your own figures, ${clinician}`
  const paper = new Paper({ title, language: 'en', size: 'LETTER', written })
  const article = paper.branch('Art')
  const say = (text: string, strong = '') =>
    paper.paragraph(article, {
      runs: [...(strong === '' ? [] : [{ text: `${strong} `, strong: true }]), { text, strong: false }],
    })
  paper.heading(article, 'H1', 'Low back pain: your own figures', sizes.part)
  say(
    period
      ? `${clinician}${clinic === undefined ? '' : `, ${clinic}`}. Index visits from ${period.start} to ${period.end}. Written ${written}.`
      : `${clinician}. There is no report yet. Written ${written}.`,
  )
  paper.rule(1)
  for (const measure of measures) say(told(measure), `${measure.measure.name}.`)
  if (cases.length > 0) {
    paper.rule(1)
    paper.heading(article, 'H2', 'To think about', sizes.section)
    for (const { age, ordered, days, rule } of cases)
      say(
        `Somebody of ${age}: ${ordered} was ordered ${days === 0 ? 'on the day of' : `${days} days after`} the first visit. A card would have said: ${titles[rule] ?? rule}.`,
      )
    say('What would have helped this patient more? What did the chart not say?')
  }
  paper.rule(1)
  say(
    'For you alone. Others of the clinic have no names here, and are left out where they are few. A difference of a few points may be chance.',
  )
  article.end()
  return paper.finish((number, count) => `${number} of ${count}`)
}

function told({ measure, variant, own, clinic, peers }: OwnMeasure): string {
  const spared = measure.reported === 'share' ? '' : ' spared'
  const figures = [
    `You: ${percent(own.share)}${spared} of ${whole(own.of)}`,
    ...(clinic ? [`the clinic: ${percent(clinic.share)}`] : []),
    ...(peers.length > 0 ? [`others: ${percent(peers[0])} to ${percent(peers.at(-1))}`] : []),
  ]
  return `${figures.join('; ')} (${variant}). ${better(measure.direction)}`
}

interface MeasurePage extends Framed {
  result: MeasureResult
  months: readonly MonthPoint[]
  notes: readonly CycleNote[]
}

interface ClinicianPage extends Framed {
  clinician: string
  clinic: string | undefined
  period: { start: string; end: string } | undefined
  measures: readonly OwnMeasure[]
  cards: CardSummary
}

interface ListPage extends Framed {
  clinicians: readonly string[]
}

interface LooksPage extends Framed {
  looks: readonly Look[]
}

export const pages = {
  front: (page: FrontPage) => frontPage(page),
  cards: (page: CardsPage) => cardsPage(page),
  measure: (page: MeasurePage) => {
    const { measure } = page.result
    return dashboardFrame(
      measure.name,
      page,
      html`<h2 id="figures">Figures</h2>
${measureBlock(page.result, { months: page.months, notes: notesOf(page.notes, measure.id) })}
<h2 id="definition">What it counts</h2>
<dl><dt><strong>Of whom</strong></dt><dd>${measure.denominator}</dd>
<dt><strong>Left out</strong></dt><dd>${measure.exclusions.length === 0 ? 'nobody' : measure.exclusions.join(' ')}</dd>
<dt><strong>Counted</strong></dt><dd>${measure.numerator}</dd>
<dt><strong>What it is not</strong></dt><dd>${measure.not.join(' ')}</dd></dl>`,
    )
  },
  clinician: (page: ClinicianPage) => {
    const { clinician, clinic, period, measures, cards, base } = page
    return dashboardFrame(
      `Clinician ${clinician}`,
      page,
      html`<p>${period ? `Index visits from ${period.start} to ${period.end}` : 'No report yet'}${clinic === undefined ? '' : `, beside the others of ${clinic}, who are not named`}.
Own figures are whole; others are shown where nothing about few people follows from them. <a href="${base}${address}/clinicians/${encodeURIComponent(clinician)}/letter.pdf">As a letter of one page (PDF)</a></p>
${figures(cardTiles({ ...cards, all: { ...cards.all, hidden: false } }))}
${measures.map(ownBlock)}`,
    )
  },
  clinicians: (page: ListPage) =>
    dashboardFrame(
      'Clinicians',
      page,
      html`<p>As the last report names them. Each sees their own page alone.</p>
<ul class="columns">${page.clinicians.map((name) => html`<li><a href="${page.base}${address}/clinicians/${encodeURIComponent(name)}">${name}</a></li>\n`)}</ul>`,
    ),
  letter: (page: Letter) => letterPdf(page),
  looks: (page: LooksPage) =>
    dashboardFrame(
      'Who looked',
      page,
      html`<p>The latest two hundred looks at this dashboard; all are in the table <code>lumbar_ledger_look</code>.</p>
${table(
  'Looks',
  [{ name: 'When (UTC)' }, { name: 'Who' }, { name: 'Role' }, { name: 'Page' }],
  page.looks.map(({ at, who, role, what }) => [
    new Date(at).toISOString().slice(0, 16).replace('T', ' '),
    who,
    role,
    what,
  ]),
)}`,
    ),
}
export type PageName = keyof typeof pages
export type PageOf<Name extends PageName> = Parameters<(typeof pages)[Name]>[0]

function ownBlock({ measure, variant, own, clinic, peers }: OwnMeasure) {
  const name = `${measure.name}, ${variant}`
  const rows = [
    ['Own', whole(own.part), whole(own.of), percent(own.share)],
    [
      'The clinic',
      ...(clinic ? [whole(clinic.part), whole(clinic.of), percent(clinic.share)] : ['–', '–', '–']),
    ],
  ]
  return html`<h2 id="${measure.id}">${measure.name}</h2>
<p><em>${measure.question}</em> ${better(measure.direction)}</p>
${own.share === undefined ? undefined : drawn(beside(`${name}: own, and ${peers.length} others of the clinic`, own.share, clinic?.share, peers))}
${table(name, [{ name: 'Who' }, { name: 'Counted', figure: true }, { name: `Of ${measure.counts}`, figure: true }, { name: measure.reported === 'share' ? 'Share' : 'Share without', figure: true }], rows)}
${peers.length > 0 ? html`<p class="quiet">Others of the clinic: ${peers.map((share) => percent(share)).join(', ')}.</p>` : undefined}`
}
