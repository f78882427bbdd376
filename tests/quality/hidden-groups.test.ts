/** Which groups and totals are hidden beside those of 1 to 10 people, case by case. */
import { describe, expect, test } from 'vitest'
import { hiddenGroups, hiddenTotals, isTelling } from '../../src/quality/suppress.ts'

describe('hidden groups', () => {
  const table = (cells: readonly [number, number][]) =>
    new Map(cells.map(([part, of], at) => [`g${at}`, { part, of }]))

  test('are those of 1 to 10 people, and as many beside them as it takes', () => {
    expect(
      [
        ...(hiddenGroups([
          table([
            [30, 90],
            [3, 50],
            [20, 60],
            [40, 99],
          ]),
        ])[0] ?? []),
      ].sort(),
    ).toEqual(['g1', 'g2'])
    expect(
      hiddenGroups([
        table([
          [30, 90],
          [0, 40],
          [25, 50],
        ]),
      ])[0]?.size,
    ).toBe(0)
  })

  test('are never undone by a second table of the same people', () => {
    const first = table([
      [2, 5],
      [20, 40],
      [30, 60],
      [12, 30],
    ])
    const second = table([
      [1, 5],
      [15, 40],
      [20, 60],
      [5, 30],
    ])
    const [a = new Set(), b = new Set()] = hiddenGroups([first, second])
    const inBoth = ['g0', 'g1', 'g2', 'g3'].filter((group) => a.has(group) && b.has(group))
    expect(inBoth.length).toBeGreaterThan(1)
  })

  test('hide each other within the larger group to which they belong', () => {
    const clinicians = table([
      [3, 20],
      [15, 40],
      [20, 50],
      [20, 60],
    ])
    const block = (group: string) => (group === 'g0' || group === 'g3' ? 'north' : 'south')
    expect([...(hiddenGroups([clinicians], block)[0] ?? [])].sort()).toEqual(['g0', 'g3'])
  })

  test('are hidden beside an empty one where the larger group has no other', () => {
    // The second table has six people fewer of g0: what it lacks would be the larger group less g1, which is empty there.
    const first = table([
      [46, 60],
      [23, 23],
      [30, 60],
    ])
    const second = table([
      [12, 54],
      [0, 0],
      [30, 60],
    ])
    const [, hidden = new Set()] = hiddenGroups([first, second], (group) =>
      group === 'g2' ? 'north' : 'south',
    )
    expect([...hidden].sort()).toEqual(expect.arrayContaining(['g0', 'g1']))
    second.delete('g1')
    const [, again = new Set()] = hiddenGroups([first, second], (group) =>
      group === 'g2' ? 'north' : 'south',
    )
    expect([...again].sort()).toEqual(expect.arrayContaining(['g0', 'g1']))
  })
})

test('totals of nearly the same people are not shown beside each other', () => {
  const totals = [
    { part: 50, of: 200 },
    { part: 54, of: 200 },
    { part: 70, of: 200 },
    { part: 60, of: 195 },
  ]
  expect(hiddenTotals(totals)).toEqual([false, true, false, true])
  expect(isTelling({ part: 190, of: 200 })).toBe(true)
})
