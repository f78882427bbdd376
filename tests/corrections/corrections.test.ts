/** Each correction of the decision table has vignettes in which it applies, and others in which it does not. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadVignettes } from '../language/vignette.ts'
import { root } from '../support/evaluator.ts'

interface Correction {
  row: string
  what: string
  applies: string[]
  'does-not': string[]
}

const { rows } = parse(readFileSync(join(import.meta.dirname, 'corrections.yaml'), 'utf8')) as {
  rows: Correction[]
}
const known = new Set(loadVignettes().flatMap((file) => file.vignettes.map(({ vignette }) => vignette)))
/** Beside the project where it is developed, and not part of it. */
const page = join(root, '../shared/clinical/corrections.md')

describe('a correction of the decision table', () => {
  test.each(rows)('$row: $what, has vignettes on both sides', ({ applies, 'does-not': doesNot }) => {
    expect([applies.length, doesNot.length].every((count) => count > 0)).toBe(true)
    expect([...applies, ...doesNot].filter((vignette) => !known.has(vignette))).toEqual([])
    expect(applies.filter((vignette) => doesNot.includes(vignette))).toEqual([])
  })

  test('stands in the list once', () => {
    const named = rows.map(({ row }) => row)
    expect(named.filter((row, at) => named.indexOf(row) !== at)).toEqual([])
  })

  test.skipIf(!existsSync(page))('is one of the page, and none of its rows is left out', () => {
    const written = [...readFileSync(page, 'utf8').matchAll(/^\| ([AB]\d+) \|/gm)].map(([, row]) => row)
    expect(written.length).toBeGreaterThan(20)
    expect(rows.map(({ row }) => row).filter((row) => /^[AB]\d/.test(row))).toEqual(written)
    // Parts C and D are prose: families of codes, and what is contested.
    for (const part of ['C-', 'D']) expect(rows.some(({ row }) => row.startsWith(part))).toBe(true)
  })
})
