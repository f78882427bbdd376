/** Every threat names the tests that hold it, and what was seen once the very one: all of them are there, and are run. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'

const page = readFileSync(join(root, 'docs/threat-model.md'), 'utf8')
const [byBoundary = '', seenOnce = ''] = page.split('## Seen once')

/** Cells of the rows of a table, its head left out. */
const rowsIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

/** A bare name stands in the folder of the one before it. */
function filesIn(cell: string): string[] {
  let folder = ''
  return [...cell.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, name = '']) => {
    folder = name.includes('/') ? dirname(name) : folder
    return name.includes('/') ? name : `${folder}/${name}`
  })
}

describe('The threat model', () => {
  const threats = rowsIn(byBoundary)

  test.each(threats)(
    '%s %s is held by tests that are there',
    (_boundary, threat = '', answer, tests = '') => {
      expect(threat).toMatch(/^[STRIDE](, [STRIDE])*: ./)
      expect(answer).not.toBe('')
      const files = filesIn(tests)
      expect(files.length).toBeGreaterThan(0)
      expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    },
  )

  test('looks at every kind of threat', () => {
    const letters = new Set(threats.flatMap(([, threat = '']) => threat.split(':')[0]?.split(', ') ?? []))
    expect([...letters].sort()).toEqual(['D', 'E', 'I', 'R', 'S', 'T'])
    expect(threats.length).toBeGreaterThan(20)
  })

  test.each(rowsIn(seenOnce))('%s is kept out by a test of that name, which is run', (_seen, held = '') => {
    const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(held) ?? []
    const text = readFileSync(join(root, file), 'utf8')
    expect(text).toContain(title)
    expect(text).not.toMatch(/\b(test|it|describe)\.(skip|only|todo)\b/)
  })
})
