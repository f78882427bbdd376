/**
 * No object is made with a getter of its own. V8 keeps the first things that such a getter holds for good, and those of
 * each further object until it clears its whole memory: a call that is over would stay, with all of its chart. A class
 * has its getters once.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { parse } from 'acorn'
import { simple } from 'acorn-walk'
import { expect, test } from 'vitest'
import { root } from '../support/evaluator.ts'

test('getters and setters stand in classes alone', () => {
  const found: string[] = []
  for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(join(root, 'src', file), 'utf8')
    if (!/^\s*[gs]et /m.test(text)) continue
    const tree = parse(stripTypeScriptTypes(text), {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
    })
    simple(tree, {
      Property: ({ kind, loc }) => {
        if (kind !== 'init') found.push(`${file}:${loc?.start.line}`)
      },
    })
  }
  expect(found).toEqual([])
})
