/** Each requirement that the server suite of Inferno's CRD test kit (at 1d1f2c4) verifies is restated by a test, or the page says why not. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'

/** `lib/davinci_crd_test_kit/requirements/generated/crd_server_requirements_coverage.csv`, those with a test. */
const verified = [
  ...[4, 89, 152, 153, 164, 168, 170, 184, 185, 196, 204, 207, 208, 217, 226, 247, 248, 249, 258, 259],
  ...[264, 265, 272, 273, 274, 275, 276, 277, 299, 306],
]

function restated(): Set<number> {
  const found = new Set<number>()
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'))
  for (const file of files) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    for (const [, codes = ''] of text.matchAll(/(?:test\(|\[)\s*'((?:(?:, | to )?[A-Za-z]+-\d+)+): /g))
      for (const [, first = '', last = first] of codes.matchAll(/CRD-(\d+)(?: to CRD-(\d+))?/g))
        for (let code = Number(first); code <= Number(last); code++) found.add(code)
  }
  return found
}

test('each is in one of the two places', () => {
  const page = readFileSync(join(root, 'docs/payer-mode.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (\d[\d, ]*) \| .* \| (.{20,}) \|$/gm)]
  const told = rows.flatMap(([, codes = '']) => codes.split(', ').map(Number))
  const shown = restated()
  expect(verified.filter((code) => !told.includes(code) && !shown.has(code))).toEqual([])
  expect(told.filter((code) => shown.has(code))).toEqual([])
  expect(told.filter((code) => !verified.includes(code))).toEqual([])
  expect(page).toContain(`the other ${verified.length - told.length} begin`)
})
