/** Dark pages are the same pages in other colours: so tests in a browser judge the colours alone where all else was judged by day. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'

const styled = ['src', 'sandbox/ehr', 'population'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(css|ts)$/.test(name))
    .map((name) => join(folder, name)),
)
/** What stands between the braces after it, with those inside. */
const dark = /\(prefers-color-scheme: dark\)\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g

test('in the dark only colours are other ones', () => {
  const blocks = styled.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(dark)].map(([, block = '']) => ({ file, block })),
  )
  expect(new Set(blocks.map(({ file }) => file)).size).toBeGreaterThanOrEqual(5)
  const others = blocks.flatMap(({ file, block }) =>
    [...block.matchAll(/([a-z-]+)\s*:\s*[^;{}]+;/g)]
      .filter(([, property = '']) => !property.startsWith('--') && property !== 'color-scheme')
      .map(([declaration]) => `${file}: ${declaration}`),
  )
  expect(others).toEqual([])
})
