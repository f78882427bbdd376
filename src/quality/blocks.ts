/** A measure on a page: its windows, its months with what they say, and its groups. For the report and for the dashboard. */

import { type Html, html, raw } from '../pages/html.ts'
import type { Measure } from '../pathway/measures.ts'
import { run, shares } from './charts.ts'
import { table, whole } from './frame.ts'
import {
  type Dimension,
  type Group,
  gaps,
  type MeasureResult,
  mainOf,
  type VariantResult,
} from './results.ts'
import { type CycleNote, monthsOf, type Reading, read, type Series } from './series.ts'

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
  seen: 'Clinician whom the patient saw most in three years',
}

/** On a narrow window it scrolls and stays large enough to read. */
export const drawn = (svg: string): Html =>
  html`<figure class="chart" tabindex="0" role="group" aria-label="Chart">${raw(svg)}</figure>`
export const percent = (share: number | undefined) =>
  share === undefined ? '–' : `${(share * 100).toFixed(1)} %`
const interval = ({ of, interval: { low, high } }: Group) =>
  of === 0 ? '–' : `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}`

const row = (name: string, group: Group): readonly string[] =>
  group.hidden
    ? [name, '–', '–', '–', '–']
    : [name, whole(group.part), whole(group.of), percent(group.share), interval(group)]

/** A measure among those at the top of a page. */
export function headline({ measure, variants }: MeasureResult): { value: string; words: string } | undefined {
  const main = mainOf(variants)
  if (!main) return undefined
  const { name, reported } = measure
  const spared = reported === 'share' ? '' : ': spared'
  // A window that is part of the name is not said twice.
  const days = main.variant.endsWith(' days') ? main.variant.split(' ').slice(-2).join(' ') : undefined
  const words =
    days !== undefined && name.endsWith(days) ? `${name}${spared}` : `${name}, ${main.variant}${spared}`
  return { value: main.all.hidden ? '–' : percent(main.all.share), words }
}

export const better = (direction: Measure['direction']) =>
  direction === 'neither'
    ? 'Neither way is better of itself.'
    : `${direction === 'higher' ? 'Higher' : 'Lower'} is better.`

/** `months` are those of the measure, where they reach beyond this result. */
export function measureBlock(
  { measure, variants }: MeasureResult,
  { months, notes = [] }: { months?: Series['months']; notes?: readonly CycleNote[] } = {},
): Html {
  const { id, name, question, direction } = measure
  const main = mainOf(variants)
  if (!main)
    return html`<h3 id="${id}">${name}</h3><p><em>${question}</em></p><p>Nobody in this export is counted by it.</p>`
  return html`<h3 id="${id}">${name}</h3>
<p><em>${question}</em> ${better(direction)}</p>
${windowsBlock({ measure, variants })}
${
  main.groups.size > 0
    ? html`${runBlock(`${name}, ${main.variant}`, { months: months ?? monthsOf(main.groups), notes, direction })}
${groupBlocks(measure, main)}`
    : undefined
}`
}

/** Its windows beside each other, where there are several, and their numbers. */
export function windowsBlock({ measure, variants }: MeasureResult): Html {
  const { name, reported } = measure
  // Those that only look further back stand behind those that look further on.
  const [days, others] = [false, true].map((isOther) =>
    variants.filter(({ variant }) => variant.includes(',') === isOther),
  )
  const ordered = [...(days ?? []), ...(others ?? [])]
  const shown = ordered.filter(({ all }) => !all.hidden && all.share !== undefined)
  return html`${
    variants.length < 2 || shown.length === 0
      ? undefined
      : drawn(
          shares(
            `${name}, by window`,
            shown.map(({ variant, all }) => ({ ...all, value: variant })),
          ),
        )
  }
${table(
  name,
  [
    { name: 'What is counted' },
    { name: 'Counted', figure: true },
    { name: `Of ${measure.counts}`, figure: true },
    { name: reported === 'share' ? 'Share' : 'Share without', figure: true },
    { name: '95 % interval', figure: true },
  ],
  ordered.map(({ variant, all }) => row(variant, all)),
)}`
}

/** The chart of the months, what it says in words, and its numbers. */
export function runBlock(name: string, series: Series): Html | undefined {
  const { months, notes } = series
  if (months.length < 2) return undefined
  const reading = read(series)
  if (!reading) return html`<p>Each month is of too few people to be shown.</p>`
  // Of what happens to few, months are shown in which it happened to nobody: alone they would tell that it never does.
  if (reading.known.length * 2 < months.length || reading.known.length < 2)
    return html`<p>Of ${months.length} months ${months.length - reading.known.length} are of too few people to be shown, and so none is drawn.</p>`
  const numbers = new Map(reading.known.map(({ month }, at) => [month, at]))
  const limit = (month: string, side: 'low' | 'high') =>
    percent(reading.limits[side][numbers.get(month) ?? -1])
  return html`${drawn(run(`${name}, by month of the index visit, with the median`, series, reading))}
${reads(reading)}
${notes.length > 0 ? html`<ol class="notes">${notes.map(({ cycle, phase, day, words }) => html`<li><strong>${day}, ${phase}:</strong> ${cycle}${words === '' ? '' : `. ${words}`}</li>\n`)}</ol>` : undefined}
<details><summary>The numbers by month</summary>
${table(
  `${name}: by month`,
  [
    { name: 'Month' },
    { name: 'Of', figure: true },
    { name: 'Share', figure: true },
    { name: 'Limits of chance', figure: true },
  ],
  months.map(({ month, of, share }) =>
    share === undefined
      ? [month, '–', '–', '–']
      : [month, whole(of), percent(share), `${limit(month, 'low')} to ${limit(month, 'high')}`],
  ),
)}
</details>`
}

const verdicts = {
  better: 'It moved, and for the better: more than chance alone would do.',
  worse: 'It moved, and for the worse: more than chance alone would do.',
  'no signal': 'No sign yet that it moved beyond chance.',
  'too early': 'Too early to tell: after fewer than six months no run can be too long.',
} as const

function reads({ median, runs, beyond, change, since, known }: Reading): Html {
  const { useful, longest, longestExpected, crossings, crossingsExpected, isSignal } = runs
  const rules =
    useful < 10
      ? `${known.length} months are too few to tell a change from chance (ten are needed that are not on the median).`
      : `Longest run ${longest} (chance alone: up to ${longestExpected}); crossings of the median ${crossings} (chance alone: ${crossingsExpected} or more).`
  const outside = beyond.length === 0 ? '' : ` Beyond the limits: ${beyond.join(', ')}.`
  if (!change || !since)
    return html`<p class="reading">Median ${percent(median)}. ${rules}${useful < 10 ? '' : isSignal ? html` <strong>More than chance: something changed.</strong>` : ' No sign of a change.'}${outside}</p>`
  const { before, after, months, better: good, verdict } = since
  return html`<p class="reading"><strong>${verdicts[verdict]}</strong> Since “${change.cycle}” (${change.day}) ${good} of ${months} months are
on the better side of the median from before (${percent(median)}). Before: ${percent(before.share)} of ${whole(before.of)}; since: ${percent(after.share)} of
${whole(after.of)}. ${rules}${outside}</p>`
}

function groupBlocks(measure: Measure, { variant, groups }: VariantResult): Html {
  const name = `${measure.name}, ${variant}`
  return html`
${equity.map((by) => {
  const list = groups.get(by) ?? []
  if (list.length < 2) return undefined
  const title = titles[by] ?? by
  // One group alone is beside nothing, and groups in which it happened to nobody may be shown where the others may not.
  const told = list.filter(({ hidden, share }) => !hidden && share !== undefined)
  const isTold = told.length > 1 && told.some(({ part }) => part > 0)
  const isDrawn = (by === 'race' || by === 'ethnicity' || by === 'payer') && isTold
  return html`${isDrawn ? drawn(shares(`${name}, by ${title.toLowerCase()}`, list)) : undefined}
${groupTable(measure, title, list, gaps(list, measure.direction))}`
})}
${groupTable(measure, titles.clinic ?? '', groups.get('clinic') ?? [])}
<details><summary>By clinician</summary>
${(['clinician', 'empaneled', 'seen'] as const).map((by) => groupTable(measure, titles[by] ?? by, groups.get(by) ?? []))}
</details>`
}

function groupTable(
  measure: Measure,
  title: string,
  list: readonly Group[],
  gap: ReadonlyMap<string, number> = new Map(),
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
