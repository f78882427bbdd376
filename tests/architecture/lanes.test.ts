/** Every test file runs, and once: its folder is in one lane, and no folder of a lane is without tests. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { lanes } from '../lanes.ts'
import { root } from '../support/evaluator.ts'

const folders = ['tests', 'sandbox', 'conform', 'population', 'bench', 'tools', 'src', 'fhir-fixtures']
const testFiles = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => /\.(test|spec)\.[cm]?[jt]sx?$/.test(file) && !file.includes('node_modules'))
const laned = Object.values(lanes).flat()

test('the folder of each test file is in one lane', () => {
  expect(testFiles.length).toBeGreaterThan(150)
  expect(testFiles.filter((file) => !file.endsWith('.test.ts'))).toEqual([])
  const times = (file: string) => laned.filter((folder) => folder === dirname(file)).length
  expect(testFiles.filter((file) => times(file) !== 1)).toEqual([])
})

test('each folder of a lane has tests', () => {
  const used = new Set(testFiles.map((file) => dirname(file)))
  expect(laned.filter((folder) => !used.has(folder))).toEqual([])
})
