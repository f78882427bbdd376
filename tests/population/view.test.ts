/** The official tests of SQL on FHIR v2, as published: all that the compiler claims pass, and the rest it refuses in words. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDuck, sourceOf } from '../../population/duck.ts'
import type { Engine } from '../../population/engine.ts'
import { ViewError } from '../../population/view/parse.ts'
import { compileView, usedOf, type ViewDefinition } from '../../population/view/view.ts'

interface Official {
  title: string
  resources: readonly { resourceType: string }[]
  tests: readonly {
    title: string
    view: ViewDefinition
    expect?: readonly Readonly<Record<string, unknown>>[]
    expectColumns?: readonly string[]
    expectError?: boolean
  }[]
}

const folder = join(import.meta.dirname, 'sql-on-fhir')
const files = readdirSync(folder).map((name) => ({
  name,
  file: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Official,
}))
const notClaimed = ['repeat.json', 'row_index.json', 'fn_boundary.json']

const place = mkdtempSync(join(tmpdir(), 'lumbar-views-'))
let duck: Engine
beforeAll(async () => {
  duck = await openDuck()
})
afterAll(() => {
  duck.close()
  rmSync(place, { recursive: true })
})

let written = 0
async function rowsOf(view: ViewDefinition, resources: Official['resources']) {
  const used = usedOf(view.resource)
  const compiled = compileView(view, used)
  const file = join(place, `${++written}.ndjson`)
  const lines = resources.filter(({ resourceType }) => resourceType === view.resource)
  writeFileSync(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(''))
  return { columns: compiled.columns, rows: await duck.rows(compiled.query(sourceOf([file], used))) }
}

/** Rows are a set, and a column that is empty may be left out of what is expected. */
const asSet = (rows: readonly object[]) =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.entries(row)
          .filter(([, value]) => value !== null)
          .sort(),
      ),
    )
    .sort()

describe.each(files.filter(({ name }) => !notClaimed.includes(name)))('$name', ({ file }) => {
  test.each(file.tests)('$title', async ({ view, expect: wanted, expectColumns, expectError }) => {
    if (expectError) {
      await expect(rowsOf(view, file.resources)).rejects.toThrow()
      return
    }
    const { columns, rows } = await rowsOf(view, file.resources)
    if (wanted) expect(asSet(rows)).toEqual(asSet(wanted))
    if (expectColumns) expect(columns).toEqual(expectColumns)
  })
})

describe.each(files.filter(({ name }) => notClaimed.includes(name)))(
  '$name, which is not claimed',
  ({ file }) => {
    test.each(file.tests)('$title is refused', ({ view }) => {
      expect(() => compileView(view, usedOf(view.resource))).toThrow(ViewError)
    })
  },
)

test('the official tests are all here, and each expects something', () => {
  const all = files.flatMap(({ file }) => file.tests)
  expect(files).toHaveLength(22)
  expect(all.length).toBeGreaterThan(110)
  const claimed = files.filter(({ name }) => !notClaimed.includes(name)).flatMap(({ file }) => file.tests)
  const hollow = claimed.filter((each) => !each.expect && !each.expectColumns && !each.expectError)
  expect(hollow.map(({ title }) => title)).toEqual([])
  // Rows are expected of most, not refusals.
  expect(claimed.filter((each) => (each.expect?.length ?? 0) > 0).length).toBeGreaterThan(claimed.length / 2)
})

test('a view that names an element which FHIR does not have says so', () => {
  const view = { resource: 'Patient', select: [{ column: [{ name: 'x', path: 'nmae.family' }] }] }
  expect(() => compileView(view, usedOf('Patient'))).toThrow('Patient has no element "nmae"')
})

test('a long answer goes on while others are asked and rows are written', async () => {
  await duck.run('CREATE OR REPLACE TABLE seen (n BIGINT)')
  let rows = 0
  for await (const part of duck.stream('SELECT range AS n FROM range(20000)')) {
    rows += part.length
    await duck.run(`INSERT INTO seen VALUES (${part.length})`)
  }
  expect(rows).toBe(20_000)
  expect(await duck.rows('SELECT sum(n)::BIGINT AS n FROM seen')).toEqual([{ n: 20_000 }])
})
