/** The windows of a measure beside each other: as far as they may be shown, in the order of their days, with their numbers. */
import { expect, test } from 'vitest'
import { measureBlock, windowsBlock } from '../../src/quality/blocks.ts'
import { type Count, resultsOf } from '../../src/quality/results.ts'
import { reportOf } from './support.ts'

const [measure] = reportOf(2024, () => 0.5).measures
const counts = (of: Readonly<Record<string, readonly [met: number, rest: number]>>): Count[] =>
  Object.entries(of).flatMap(([variant, [met, rest]]) =>
    [['met', met] as const, ['not met', rest] as const].map(([status, count]) => ({
      measure: 'imaging',
      variant,
      by: 'all',
      value: 'all',
      status,
      count,
    })),
  )

function block(of: Parameters<typeof counts>[0]): string {
  const [result] = resultsOf(measure ? [measure] : [], counts(of), { allCells: false })
  return result ? windowsBlock(result).text : ''
}

test('are drawn by days, those that look further back behind, with a table below', () => {
  const text = block({
    'within 28 days, none for 365': [120, 900],
    'within 42 days': [400, 800],
    'within 3 days': [100, 1100],
    'within 28 days': [300, 900],
  })
  const rows = [...text.matchAll(/<th scope="row">([^<]+)/g)].map(([, name]) => name)
  expect(rows).toEqual(['within 3 days', 'within 28 days', 'within 42 days', 'within 28 days, none for 365'])
  expect(text.indexOf('<svg')).toBeLessThan(text.indexOf('<table'))
  expect(text).toContain('aria-label="Imaging soon, by window. The numbers stand in the table below."')
})

test('of few people are neither drawn nor told, and one window alone needs no chart', () => {
  const text = block({ 'within 90 days': [38, 1256], 'within 90 days, the image done': [31, 1263] })
  expect(text).toContain('<svg')
  expect(text.slice(text.indexOf('<svg'), text.indexOf('</svg'))).not.toContain('the image done')
  expect(text).toContain('<th scope="row">within 90 days, the image done</th><td class="figure">–</td>')
  expect(block({ 'within 90 days': [38, 1256] })).not.toContain('<svg')
})

test('groups are not drawn where it happened to nobody of those that may be shown', () => {
  const races = { Asian: [0, 40], White: [0, 60], Black: [6, 90], 'not recorded': [7, 80] } as const
  const cells = (by: 'all' | 'race', value: string, [met, rest]: readonly [number, number]): Count[] =>
    [['met', met] as const, ['not met', rest] as const].map(([status, count]) => ({
      ...{ measure: 'imaging', variant: 'within 28 days', by, value, status, count },
    }))
  const all = [
    ...cells('all', 'all', [13, 270]),
    ...Object.entries(races).flatMap(([race, of]) => cells('race', race, of)),
  ]
  const drawnOf = (allCells: boolean) => {
    const [result] = resultsOf(measure ? [measure] : [], all, { allCells })
    return result ? measureBlock(result).text : ''
  }
  expect(drawnOf(false)).toContain('<th scope="row">Asian</th><td class="figure">0</td>')
  expect(drawnOf(false)).not.toContain('by race')
  expect(drawnOf(true)).toContain('by race')
})
