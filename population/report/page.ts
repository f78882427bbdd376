/** The report as a page that a quality lead reads, prints and passes on. */

import type { Measure } from '../../src/content/measures.ts'
import { measureSections } from '../../src/content/measures.ts'
import { type Html, html, raw } from '../../src/pages/html.ts'
import type { Dimension } from '../measure.ts'
import { figures, frame, table, whole } from '../page/frame.ts'
import { bars, dots, run } from './charts.ts'
import { type Group, gaps, type MeasureResult, type VariantResult } from './results.ts'
import type { Price, Services } from './services.ts'

export interface ReportData {
  from: string
  until: string
  results: readonly MeasureResult[]
  services: Services
  prices: readonly Price[]
  episodes: number
  people: number
  /** Types that views read and that never came. */
  missingTypes: readonly string[]
  /** Codes that no system holds, and how many entries have one. */
  localCodes: { codes: number; entries: number }
  /** Visits for back pain whose diagnoses have no rank. */
  unranked: number
  allCells: boolean
}

const equity: readonly Dimension[] = ['race', 'ethnicity', 'language', 'payer', 'sex', 'age', 'place']
const titles: Readonly<Partial<Record<Dimension, string>>> = {
  race: 'Race',
  ethnicity: 'Ethnicity',
  language: 'Preferred language',
  payer: 'Payer',
  sex: 'Sex',
  age: 'Age at the index visit',
  place: 'Where the index visit was',
  clinic: 'Clinic',
  clinician: 'Clinician who saw the patient',
  empaneled: 'Clinician to whom the patient is assigned',
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
    html`<p>${whole(episodes)} new back pains of ${whole(people)} people, counted in a bulk export of FHIR. What each measure asks, of whom
and what it is not stands in <a href="#definitions">the definitions</a>.${data.allCells ? html` <strong>All cells are shown, also those of 1 to 10 people: this copy stays in the quality team.</strong>` : ' Of 1 to 10 people nothing is shown (–), nor what they could be worked out from.'}</p>
<nav aria-label="On this page"><ul>
${sections.map((section) => html`<li><a href="#${slug(section)}">${section}</a></li>\n`)}<li><a href="#unknown">What the data cannot tell</a></li>
<li><a href="#definitions">Definitions</a></li></ul></nav>
${figures(headlines(results))}
${sections.map((section) =>
  section === 'Services'
    ? servicesSection(data, ofImaging?.measure)
    : html`<h2 id="${slug(section)}">${section}</h2>
${results.filter(({ measure }) => measure.section === section).map(measureBlock)}`,
)}
<h2 id="unknown">What the data cannot tell</h2>
${unknown(data)}
<h2 id="definitions">Definitions</h2>
${results.map(({ measure }) => definition(measure))}`,
  )
}

/** On a narrow window it scrolls and stays large enough to read. */
const drawn = (svg: string): Html => html`<figure class="chart" tabindex="0">${raw(svg)}</figure>`

const slug = (section: string) => section.toLowerCase().replaceAll(' ', '-')
const percent = (share: number | undefined) => (share === undefined ? '–' : `${(share * 100).toFixed(1)} %`)

function headlines(results: readonly MeasureResult[]): { value: string; words: string }[] {
  return results.flatMap(({ measure, variants }) => {
    const variant = mainOf(variants)
    if (!measure.headline || !variant) return []
    const { all } = variant
    return [{ value: all.hidden ? '–' : percent(all.share), words: `${measure.name}, ${variant.variant}` }]
  })
}

/** Of several windows the one of 28 days, else the first: what the charts and group tables are of. */
const mainOf = (variants: readonly VariantResult[]) =>
  variants.find(({ variant }) => variant === 'within 28 days') ?? variants[0]

function measureBlock({ measure, variants }: MeasureResult): Html {
  const { id, name, question, direction, reported } = measure
  const main = mainOf(variants)
  if (!main)
    return html`<h3 id="${id}">${name}</h3><p><em>${question}</em></p><p>Nobody in this export is counted by it.</p>`
  const words = reported === 'share' ? 'Share' : 'Share without'
  return html`<h3 id="${id}">${name}</h3>
<p><em>${question}</em> ${direction === 'neither' ? 'Neither way is better of itself.' : `${direction === 'higher' ? 'Higher' : 'Lower'} is better.`}</p>
${table(
  name,
  [
    { name: 'Window' },
    { name: 'Counted', figure: true },
    { name: `Of ${measure.counts}`, figure: true },
    { name: words, figure: true },
    { name: '95 % interval', figure: true },
  ],
  variants.map(({ variant, all }) => row(variant, all)),
)}
${measure.headline ? detail(measure, main) : undefined}`
}

const row = (name: string, { part, of, share, interval, hidden }: Group): readonly string[] =>
  hidden
    ? [name, '–', '–', '–', '–']
    : [
        name,
        whole(part),
        whole(of),
        percent(share),
        of === 0 ? '–' : `${(interval.low * 100).toFixed(1)} to ${(interval.high * 100).toFixed(1)}`,
      ]

function detail(measure: Measure, { variant, groups }: VariantResult): Html {
  const months = groups.get('month') ?? []
  const name = `${measure.name}, ${variant}`
  return html`
${
  months.length > 1
    ? html`${drawn(run(`${name}, by month of the index visit, with the median`, months))}
${groupTable(measure, 'Month of the index visit', months, new Map())}`
    : undefined
}
${equity.map((by) => {
  const list = groups.get(by) ?? []
  if (list.length < 2) return undefined
  const title = titles[by] ?? by
  return html`${by === 'race' || by === 'payer' ? html`${drawn(dots(`${name}, by ${title.toLowerCase()}`, list))}` : undefined}
${groupTable(measure, title, list, gaps(list, measure.direction))}`
})}
${groupTable(measure, titles.clinic ?? '', groups.get('clinic') ?? [], new Map())}
<details><summary>By clinician</summary>
${(['clinician', 'empaneled'] as const).map((by) => groupTable(measure, titles[by] ?? by, groups.get(by) ?? [], new Map()))}
</details>`
}

function groupTable(
  measure: Measure,
  title: string,
  list: readonly Group[],
  gap: ReadonlyMap<string, number>,
): Html {
  const points = (value: string) => {
    const found = gap.get(value)
    return found === undefined ? '' : found === 0 ? 'best' : `${found.toFixed(1)} points`
  }
  const columns = [
    { name: title },
    { name: 'Counted', figure: true },
    { name: 'Of', figure: true },
    { name: 'Share', figure: true },
    { name: '95 % interval', figure: true },
    ...(gap.size > 0 ? [{ name: 'To the best', figure: true }] : []),
  ]
  return table(
    `${measure.name}: ${title.toLowerCase()}`,
    columns,
    list.map((each) => [...row(each.value, each), ...(gap.size > 0 ? [points(each.value)] : [])]),
  )
}

function servicesSection({ services, prices }: ReportData, measure: Measure | undefined): Html | undefined {
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
          classes.map(({ need, services: count }) => ({ label: short(need), count })),
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
  classes.map((each) => [
    each.need,
    whole(each.services),
    whole(each.people),
    prices.length === 0 ? '–' : whole(Math.round(each.usd)),
    whole(each.unpriced),
  ]),
)}
<p class="quiet">${sources.length === 0 ? 'No price table was given.' : `Reference prices, and not what anybody paid: ${sources.join('; ')}.`}</p>`
}

const short = (need: string) => need.split(':')[0] ?? need

function unknown({ results, missingTypes, localCodes, unranked }: ReportData): Html {
  const rows = results.flatMap(({ measure, variants }) =>
    (mainOf(variants)?.left ?? []).map(({ why, count, hidden }) => [
      measure.name,
      why,
      hidden ? '–' : whole(count),
    ]),
  )
  return html`
<p>${missingTypes.length === 0 ? 'Every type that the measures read came.' : html`<strong>Types that never came:</strong> ${missingTypes.join(', ')}. What they would tell is counted as not there.`}
${whole(localCodes.entries)} entries have a code of the hospital’s own (${whole(localCodes.codes)} codes) and count for nothing: <code>npm run rehearse</code> names them.
${unranked > 0 ? `Of ${whole(unranked)} visits for back pain no diagnosis has a rank; back pain is taken to be the first.` : ''}</p>
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
