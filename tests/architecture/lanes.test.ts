/** Every test file runs, and once: its folder is in one lane, or is one of those directly below `tests` that share. */
import { readdirSync, readFileSync } from 'node:fs'
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
const laned: readonly string[] = Object.values(lanes).flat()

test('each test file is called so, and lies where a lane looks', () => {
  expect(testFiles.length).toBeGreaterThan(150)
  expect(testFiles.filter((file) => !file.endsWith('.test.ts'))).toEqual([])
  const isShared = (folder: string) => /^tests\/[\w-]+$/.test(folder)
  const lost = testFiles.filter((file) => !laned.includes(dirname(file)) && !isShared(dirname(file)))
  expect(lost).toEqual([])
})

test('no folder is in two lanes, and each has tests', () => {
  expect(laned.filter((folder, at) => laned.indexOf(folder) !== at)).toEqual([])
  const used = new Set(testFiles.map((file) => dirname(file)))
  expect(laned.filter((folder) => !used.has(folder))).toEqual([])
})

test('what brings nock has a process of its own: it takes over the sockets of all that run beside it', () => {
  const alone: readonly string[] = lanes.alone
  const bringsNock = folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .filter((file) => /^import .* from 'nock'/m.test(readFileSync(join(root, file), 'utf8')))
  expect(bringsNock.length).toBeGreaterThan(0)
  expect(bringsNock.filter((file) => !alone.includes(dirname(file)))).toEqual([])
})
