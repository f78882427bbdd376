/** The report as a page that a quality lead reads, prints and passes on. */

import { type Html, html } from '../../src/pages/html.ts'
import { type Measure, measureSections } from '../../src/pathway/measures.ts'
import { drawn, headline, measureBlock } from '../../src/quality/blocks.ts'
import { bars } from '../../src/quality/charts.ts'
import { figures, frame, table, whole } from '../../src/quality/frame.ts'
import type { Services } from '../../src/quality/reports.ts'
import { type MeasureResult, mainOf, tellable } from '../../src/quality/results.ts'
import { isSmall } from '../../src/quality/suppress.ts'
import type { Unplaced } from '../unplaced.ts'
import type { Price } from './services.ts'
import { ofNobodyTable, takenIn } from './taken-in.ts'

export interface ReportData {
  from: string
  until: string
  results: readonly MeasureResult[]
  services: Services
  prices: readonly Price[]
  episodes: number
  people: number
  missingTypes: readonly string[]
  unreadFiles: readonly string[]
  repeated: number
  unplaced: readonly Unplaced[]
  /** Codes that no system holds, and how many entries have one. */
  localCodes: { codes: number; entries: number }
  /** Visits for back pain whose diagnoses have no rank. */
  unranked: number
  allCells: boolean
}

export function reportPage(data: ReportData): string {
  const { from, until, results, episodes, people } = data
  const byId = new Map(results.map((result) => [result.measure.id, result]))
  const sections = measureSections.filter((section) =>
    results.some(({ measure }) => measure.section === section),
  )
  const ofImaging = byId.get('services-by-need')
  return frame(
    `Low back pain: ${from} to ${until}`,
    html`<p>${about(episodes, data)} new back pains of ${about(people, data)} people, counted in a bulk export of FHIR. What each measure asks, of whom
and what it is not stands in <a href="#definitions">the definitions</a>.${data.allCells ? html` <strong>All cells are shown, also those of 1 to 10 people: this copy stays in the quality team.</strong>` : ' Of 1 to 10 people nothing is shown (–), nor what they could be worked out from.'}</p>
<nav aria-label="On this page"><ul>
${sections.map((section) => html`<li><a href="#${slug(section)}">${section}</a></li>\n`)}<li><a href="#unknown">What the data cannot tell</a></li>
<li><a href="#definitions">Definitions</a></li></ul></nav>
${figures(results.flatMap((result) => (result.measure.headline && headline(result)) || []))}
${sections.map((section) =>
  section === 'Services'
    ? servicesSection(data, ofImaging?.measure)
    : html`<h2 id="${slug(section)}">${section}</h2>
${results.filter(({ measure }) => measure.section === section).map((each) => measureBlock(each))}`,
)}
<h2 id="unknown">What the data cannot tell</h2>
${unknown(data)}
<h2 id="definitions">Definitions</h2>
${results.map(({ measure }) => definition(measure))}`,
  )
}

const slug = (section: string) => section.toLowerCase().replaceAll(' ', '-')

/** Exactly, where nothing small follows from it; else to the hundred. */
const about = (count: number, { results, allCells }: ReportData) =>
  allCells || tellable(count, results) !== undefined
    ? whole(count)
    : `about ${whole(Math.round(count / 100) * 100)}`

function servicesSection(
  { services, prices, allCells }: ReportData,
  measure: Measure | undefined,
): Html | undefined {
  if (!measure) return undefined
  const { classes, people } = services
  const total = classes.reduce((sum, each) => sum + each.services, 0)
  const sources = [...new Set(prices.map(({ source }) => source))]
  return html`<h2 id="services">Services</h2>
<h3 id="${measure.id}">${measure.name}</h3>
<p><em>${measure.question}</em> ${whole(total)} studies of ${whole(people)} people, each judged by what the chart held when it was ordered.
Services and people are counted apart: somebody with two studies is one person in each class.</p>
${
  classes.length > 0
    ? html`${drawn(
        bars(
          'Lumbar imaging that was done, by need',
          classes
            .filter(({ hidden }) => !hidden)
            .map(({ need, services: count }) => ({ label: short(need), count })),
        ),
      )}`
    : undefined
}
${table(
  'Lumbar imaging that was done, by need',
  [
    { name: 'Need' },
    { name: 'Services', figure: true },
    { name: 'People', figure: true },
    { name: 'Cost, US$', figure: true },
    { name: 'Without a price', figure: true },
  ],
  classes.map((each) =>
    each.hidden
      ? [each.need, '–', '–', '–', '–']
      : [
          each.need,
          whole(each.services),
          each.peopleHidden ? '–' : whole(each.people),
          prices.length === 0
            ? '–'
            : whole(allCells ? Math.round(each.usd) : Math.round(each.usd / 100) * 100),
          !allCells && isSmall(each.unpriced) ? '–' : whole(each.unpriced),
        ],
  ),
)}
<p class="quiet">${sources.length === 0 ? 'No price table was given.' : `Reference prices to the hundred dollars, and not what anybody paid: ${sources.join('; ')}.`}</p>`
}

const short = (need: string) => need.split(':')[0] ?? need

function unknown(data: ReportData): Html {
  const { results, missingTypes, localCodes, unranked, unreadFiles, repeated } = data
  const rows = results.flatMap(({ measure, variants }) =>
    (mainOf(variants)?.left ?? []).map(({ why, count, hidden }) => [
      measure.name,
      why,
      hidden ? '–' : whole(count),
    ]),
  )
  return html`
<p>${missingTypes.length === 0 ? 'Every type that the measures read came.' : html`<strong>Types that never came:</strong> ${missingTypes.join(', ')}. What they would tell is counted as not there.`}
${takenIn(unreadFiles, repeated)}
${whole(localCodes.entries)} entries have a code of the hospital’s own (${whole(localCodes.codes)} codes) and count for nothing: <code>npm run rehearse</code> names them.
${unranked > 0 ? `Of ${whole(unranked)} visits for back pain no diagnosis has a rank; back pain is taken to be the first.` : ''}</p>
${ofNobodyTable(data.unplaced)}
${rows.length === 0 ? undefined : table('Left out or unknown, by measure', [{ name: 'Measure' }, { name: 'Why' }, { name: 'Count', figure: true }], rows)}`
}

function definition(measure: Measure): Html {
  const { name, denominator, exclusions, numerator, licence, not } = measure
  return html`<h3>${name}</h3>
<dl><dt><strong>Of whom</strong></dt><dd>${denominator}</dd>
<dt><strong>Left out</strong></dt><dd>${exclusions.length === 0 ? 'nobody' : exclusions.join(' ')}</dd>
<dt><strong>Counted</strong></dt><dd>${numerator}</dd>
<dt><strong>What it is not</strong></dt><dd>${not.join(' ')}</dd>
<dt><strong>Licence</strong></dt><dd>${licence}</dd></dl>`
}
