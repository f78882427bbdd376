/** Charts as SVG, drawn here and not in the reader's browser; each stands beside the table with its numbers. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Group } from './results.ts'
import type { Reading, Series } from './series.ts'

const mark = 'var(--mark)'
const quiet = 'var(--quiet)'
const width = 640

/** Names are for a reader who cannot see it: what the chart shows, and that the numbers stand below. */
function draw(name: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>')
  const svg = Plot.plot({ ...options, width, document })
  // Plot labels groups that have no role, which no screen reader may be told.
  for (const each of svg.querySelectorAll('[aria-label]')) each.removeAttribute('aria-label')
  // Colours and letters come from the page's own sheet: no other style is let in.
  for (const each of svg.querySelectorAll('style')) each.remove()
  for (const each of [svg, ...svg.querySelectorAll('[style]')]) each.removeAttribute('style')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', `${name}. The numbers stand in the table below.`)
  svg.removeAttribute('class')
  return svg.outerHTML
}

/** Shares with their intervals, one line a group or window, on a scale as wide as the largest needs: some count two of a hundred. */
export function shares(name: string, groups: readonly Group[]): string {
  const shown = groups.filter(({ hidden, share }) => !hidden && share !== undefined)
  const rows = shown.map(({ value, share = 0, interval }) => ({
    value,
    share: share * 100,
    low: interval.low * 100,
    high: interval.high * 100,
  }))
  const longest = Math.max(8, ...rows.map(({ value }) => value.length))
  const highest = Math.max(...rows.map(({ high }) => high))
  return draw(name, {
    height: 62 + rows.length * 26,
    marginBottom: 40,
    marginLeft: Math.min(320, 16 + longest * 7.6),
    marginRight: 20,
    x: { domain: [0, Math.min(100, Math.max(5, Math.ceil(highest / 5) * 5))], label: 'per cent', grid: true },
    y: { label: null, domain: rows.map(({ value }) => value) },
    marks: [
      Plot.ruleY(rows, { y: 'value', x1: 'low', x2: 'high', stroke: mark, strokeWidth: 2 }),
      Plot.dot(rows, { y: 'value', x: 'share', fill: mark, r: 4.5 }),
    ],
  })
}

/** A run chart: months with their median, the limits of chance as a band, and a numbered line for each note of a cycle. */
export function run(name: string, { months, notes }: Series, { median, limits, known }: Reading): string {
  const at = (month: string) => new Date(`${month.slice(0, 7)}-01T00:00:00Z`)
  const rows = months.map(({ month, share }) => ({
    month: at(month),
    share: share === undefined ? Number.NaN : share * 100,
  }))
  const band = known.map(({ month }, n) => ({
    month: at(month),
    low: (limits.low[n] ?? 0) * 100,
    high: (limits.high[n] ?? 1) * 100,
  }))
  const shown = rows.filter(({ share }) => !Number.isNaN(share))
  const highest = Math.max(...band.map(({ high }) => high), ...shown.map(({ share }) => share))
  // Nobody at all is drawn on a scale, too.
  const top = Math.min(100, Math.max(10, Math.ceil((highest * 1.12) / 10) * 10))
  const lines = notes.map(({ day }, n) => ({ day: new Date(`${day}T00:00:00Z`), number: String(n + 1) }))
  const years = new Set(months.map(({ month }) => month.slice(0, 4))).size
  return draw(name, {
    height: 266,
    marginLeft: 44,
    marginTop: 32,
    marginBottom: years > 1 ? 44 : 30,
    x: {
      type: 'utc',
      label: null,
      domain: [rows[0]?.month ?? at('2000-01'), rows.at(-1)?.month ?? at('2000-01')],
      ticks: years > 2 ? '3 months' : rows.length > 14 ? '2 months' : 'month',
      tickFormat: years > 1 ? '%b\n%Y' : '%b',
    },
    y: { domain: [0, top], label: 'per cent', grid: true },
    marks: [
      Plot.areaY(band, { x: 'month', y1: 'low', y2: 'high', fill: mark, fillOpacity: 0.1 }),
      Plot.ruleY([median * 100], { stroke: quiet, strokeDasharray: '5 4' }),
      Plot.ruleX(lines, { x: 'day', stroke: 'var(--change)', strokeWidth: 1.5 }),
      Plot.text(lines, { x: 'day', y: top, text: 'number', fill: 'var(--change)', dy: -8, fontWeight: 600 }),
      Plot.line(rows, { x: 'month', y: 'share', stroke: mark, strokeWidth: 2 }),
      Plot.dot(shown, { x: 'month', y: 'share', fill: mark, r: 3.5 }),
    ],
  })
}

export function bars(name: string, rows: readonly { label: string; count: number }[]): string {
  const longest = Math.max(8, ...rows.map(({ label }) => label.length))
  return draw(name, {
    height: 46 + rows.length * 34,
    marginLeft: Math.min(320, 16 + longest * 7.6),
    marginRight: 60,
    x: { label: null, axis: null },
    y: { label: null, domain: rows.map(({ label }) => label) },
    marks: [
      Plot.barX(rows, { y: 'label', x: 'count', fill: mark }),
      Plot.text(rows, {
        y: 'label',
        x: 'count',
        text: ({ count }) => count.toLocaleString('en-US'),
        textAnchor: 'start',
        dx: 6,
      }),
    ],
  })
}

/** One clinician among others of the clinic, who have no names. */
export function beside(
  name: string,
  own: number,
  clinic: number | undefined,
  peers: readonly number[],
): string {
  const rows = [
    ...peers.map((share) => ({ share: share * 100, fill: quiet, r: 4 })),
    { share: own * 100, fill: mark, r: 7 },
  ]
  return draw(name, {
    height: 100,
    marginTop: 24,
    marginBottom: 40,
    marginLeft: 12,
    marginRight: 20,
    x: { domain: [0, 100], label: 'per cent', grid: true },
    color: { type: 'identity' },
    r: { type: 'identity' },
    marks: [
      Plot.ruleX(clinic === undefined ? [] : [clinic * 100], { stroke: 'var(--change)', strokeWidth: 2 }),
      Plot.text(clinic === undefined ? [] : [clinic * 100], {
        x: (share: number) => share,
        text: () => 'clinic',
        fill: 'var(--change)',
        frameAnchor: 'top',
        dy: -14,
      }),
      Plot.dot(rows, { x: 'share', fill: 'fill', r: 'r', frameAnchor: 'middle' }),
    ],
  })
}
