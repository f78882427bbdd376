/** Charts as SVG, drawn here and not in the reader's browser; each stands beside the table with its numbers. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Group } from './results.ts'

const mark = '#1f5fa8'

/** Names are for a reader who cannot see it: what the chart shows, and that the numbers stand below. */
function draw(name: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>')
  const svg = Plot.plot({
    ...options,
    document,
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px' },
  })
  // Plot labels groups that have no role, which no screen reader may be told.
  for (const each of svg.querySelectorAll('[aria-label]')) each.removeAttribute('aria-label')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', `${name}. The numbers stand in the table below.`)
  svg.removeAttribute('class')
  return svg.outerHTML
}

/** Shares with their intervals, one line a group. */
export function dots(name: string, groups: readonly Group[]): string {
  const shown = groups.filter(({ hidden, share }) => !hidden && share !== undefined)
  const rows = shown.map(({ value, share = 0, interval }) => ({
    value,
    share: share * 100,
    low: interval.low * 100,
    high: interval.high * 100,
  }))
  const longest = Math.max(8, ...rows.map(({ value }) => value.length))
  return draw(name, {
    width: 640,
    height: 46 + rows.length * 26,
    marginLeft: Math.min(320, 16 + longest * 7.6),
    marginRight: 20,
    x: { domain: [0, 100], label: null, grid: true },
    y: { label: null, domain: rows.map(({ value }) => value) },
    marks: [
      Plot.ruleY(rows, { y: 'value', x1: 'low', x2: 'high', stroke: mark, strokeWidth: 2 }),
      Plot.dot(rows, { y: 'value', x: 'share', fill: mark, r: 4.5 }),
    ],
  })
}

/** By month, with the median of the months: a run chart. Months that are hidden leave a gap. */
export function run(name: string, months: readonly Group[]): string {
  const rows = months.map(({ value, share, hidden }) => ({
    month: new Date(`${value}-01T00:00:00Z`),
    share: hidden || share === undefined ? Number.NaN : share * 100,
  }))
  const known = rows.map(({ share }) => share).filter((share) => !Number.isNaN(share))
  const middle = median(known)
  return draw(name, {
    width: 640,
    height: 240,
    marginLeft: 44,
    x: { type: 'utc', label: null, ticks: 'month', tickFormat: '%b' },
    y: { domain: [0, 100], label: 'per cent', grid: true },
    marks: [
      Plot.ruleY([middle], { stroke: '#4a5566', strokeDasharray: '5 4' }),
      Plot.line(rows, { x: 'month', y: 'share', stroke: mark, strokeWidth: 2 }),
      Plot.dot(
        rows.filter(({ share }) => !Number.isNaN(share)),
        { x: 'month', y: 'share', fill: mark, r: 3.5 },
      ),
    ],
  })
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export function bars(name: string, rows: readonly { label: string; count: number }[]): string {
  return draw(name, {
    width: 640,
    height: 46 + rows.length * 34,
    marginLeft: 130,
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
