/** Whatever an export looks like: each entry is read once, or a sentence names the file and the line; nothing is lost unsaid. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDuck } from '../../population/duck.ts'
import type { Engine } from '../../population/engine.ts'
import { readViews, takeIn, typeIn, unreadable } from '../../population/intake.ts'
import { loadViews } from '../../population/load.ts'
import { Misunderstood } from '../../src/cli/arguments.ts'
import { lines, oddVisits, patient, visit, visitsWith, writeExport } from '../support/odd-exports.ts'

let place: string
let duck: Engine
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'lumbar-intake-'))
  duck = await openDuck({ threads: 1 })
})
afterEach(async () => {
  await duck.close()
  rmSync(place, { recursive: true })
})

const idsOf = async (table: string) =>
  (await duck.rows<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id)
async function load(
  files: Parameters<typeof writeExport>[1],
  rules: Parameters<typeof takeIn>[2] = undefined,
) {
  writeExport(place, files)
  const intake = await takeIn(duck, place, rules)
  await loadViews(duck, intake)
  return intake
}

test.each([
  ['Patient.ndjson', 'Patient'],
  ['patient.ndjson.GZ', 'Patient'],
  ['Patient.000.ndjson.gz', 'Patient'],
  ['1.MedicationRequest.ndjson', 'MedicationRequest'],
  ['Patient/part-0001.ndjson', 'Patient'],
  ['Group-Patient/Condition.2.ndjson', 'Condition'],
  ['Condition_problem_list.ndjson', 'Condition'],
  ['Patient/Practitioner.ndjson', 'Practitioner'],
  ['Patients.ndjson', undefined],
  ['Patient.ndjson.part', undefined],
  ['Patient.json', undefined],
])('%s tells by its name that it is of %s', (name, type) => {
  expect(typeIn(name, ['Condition', 'MedicationRequest', 'Patient'])).toBe(type)
})

describe('an export', () => {
  test('is read in parts, packed, in folders, with marks of encoding, empty lines and other ends of lines', async () => {
    const { unread, repeated } = await load({
      'Patient.000.ndjson': `\ufeff${lines(patient('a'))}\r\n   \n${lines(patient('b'))}`,
      'more [2]/Patient.001.ndjson.gz': gzipSync(lines(patient('c'))),
      'Encounter/part 1.ndjson': lines(visit('v1')).replace('\n', '\r\n'),
      'Encounter/part 2.ndjson': lines(visit('v2')).trim(),
      'Encounter/empty.ndjson': '',
      '.hidden/Patient.ndjson': lines(patient('not read')),
      '_temporary/Patient.ndjson': lines(patient('not read')),
    })
    expect(await idsOf('patients')).toEqual(['a', 'b', 'c'])
    expect(await idsOf('encounters')).toEqual(['v1', 'v2'])
    expect([unread, repeated]).toEqual([[], 0])
  })

  test('counts each entry once, that which was updated last, and says how many stood there again', async () => {
    const updated = (lastUpdated: string, gender: string) => patient('a', { meta: { lastUpdated }, gender })
    const { repeated, filesOf } = await load({
      'Patient.0.ndjson': lines(updated('2024-02-01T00:00:00Z', 'male'), patient('b')),
      'Patient.1.ndjson': lines(updated('2024-03-01T00:00:00Z', 'female'), patient('b'), patient('a')),
      'Encounter.ndjson': lines(visit('v1'), visit('v1')),
    })
    expect(repeated).toBe(4)
    expect(await duck.rows('SELECT id, gender FROM patients ORDER BY id')).toEqual([
      { id: 'a', gender: 'female' },
      { id: 'b', gender: null },
    ])
    expect(await idsOf('encounters')).toEqual(['v1'])
    // What is judged is read from the same lines.
    expect(filesOf('Patient').map((file) => readFileSync(file, 'utf8').trim().split('\n').length)).toEqual([
      2,
    ])
  })

  test('names the files of which nobody can tell what is in them', async () => {
    const { unread } = await load({
      'Patient.ndjson': lines(patient('a')),
      'Practitioner.ndjson': lines({ resourceType: 'Practitioner', id: 'p' }),
      'all of it.ndjson': lines(visit('v1')),
      'Encounter.ndjson.zst': 'x',
      'Encounter.jsonl': lines(visit('v1')),
      'manifest.json': '{}',
    })
    expect(unread).toEqual(['Encounter.jsonl', 'Encounter.ndjson.zst', 'all of it.ndjson'])
    expect(await idsOf('encounters')).toEqual([])
  })

  test.each([
    ['no folder', undefined, /There is no folder/],
    ['nothing', {}, /has no Patient.ndjson.* It is empty/],
    ['no patients', { 'Encounter.ndjson': '' }, /has no Patient.ndjson.* In it: Encounter.ndjson\./],
  ])('with %s is refused in a sentence', async (_, files, sentence) => {
    writeExport(place, files ?? {})
    const folder = files === undefined ? join(place, 'nowhere') : place
    await expect(takeIn(duck, folder)).rejects.toThrow(sentence)
  })
})

describe('a line that nobody could count', () => {
  test.each(Object.entries(oddVisits))('%s: the file and the line are named', async (_, [line, why]) => {
    const files = { 'Patient.ndjson': lines(patient('a')), 'Encounter.ndjson': visitsWith(line) }
    const failure = await load(files).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Misunderstood)
    expect((failure as Error).message).toMatch(/Encounter\.ndjson, line 2: /)
    expect((failure as Error).message).toMatch(why)
    // Somebody's chart is in the line.
    expect((failure as Error).message).not.toContain('2024')
  })

  test('a text that looks like JSON is a text, and a list beside it is found', async () => {
    const named = (id: string, display: unknown) =>
      visit(id, { reasonCode: [{ coding: [{ system: 'urn:local', code: 'x', display }] }] })
    const texts = lines(named('v1', '[1]'), named('v2', '{}'), named('v3', '[D]Back pain'))
    await load({ 'Patient.ndjson': lines(patient('a')), 'Encounter.ndjson': texts })
    const found = await duck.rows<{ display: string }>('SELECT display FROM encounter_reasons ORDER BY 1')
    expect(found.map(({ display }) => display)).toEqual(['[1]', '[D]Back pain', '{}'])
    writeExport(place, { 'Encounter.ndjson': texts + lines(named('v4', ['x'])) })
    for (const { name } of readViews()) await duck.run(`DROP TABLE IF EXISTS ${name}`)
    await expect(takeIn(duck, place).then((intake) => loadViews(duck, intake))).rejects.toThrow(
      /Encounter\.ndjson, line 4: reasonCode: coding: display is no list in FHIR/,
    )
  })

  test('of which the database alone can tell what is wrong is told without a word of it', async () => {
    writeExport(place, { 'Encounter.ndjson': lines(visit('v1')) })
    const database = new Error(
      'in file "a", in line 1: Object {"birthDate":"1960-01-01" has duplicate key "x"\nTry',
    )
    const told = await unreadable(duck, 'Encounter', [join(place, 'Encounter.ndjson')], database)
    expect(told.message).not.toMatch(/1960|birthDate/)
    expect(told.message).toContain('Encounter cannot be read')
  })

  test('is named in types that rules alone read, too', async () => {
    const files = { 'Patient.ndjson': lines(patient('a')), 'Observation.ndjson': '{"resourceType":' }
    const rules = { queries: { Observation: { key: 'observations', search: 'Observation?x' } } }
    await expect(load(files, rules as never)).rejects.toThrow(/Observation\.ndjson, line 1: it is no JSON/)
  })

  test('a file that is no gzip, or one that was cut off, is named', async () => {
    const packed = gzipSync(lines(...Array.from({ length: 500 }, (_, n) => visit(`v${n}-${Math.sin(n)}`))))
    for (const bytes of [Buffer.from('no gzip'), packed.subarray(0, packed.length / 2)]) {
      writeExport(place, { 'Patient.ndjson': lines(patient('a')), 'Encounter.ndjson.gz': bytes })
      await expect(takeIn(duck, place)).rejects.toThrow(/Encounter\.ndjson\.gz, line \d+: /)
    }
  })
})
