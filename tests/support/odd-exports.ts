/** Exports that are odd on purpose, for what reads one: files in every shape, and lines that nobody could count. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes files, those of a folder below too. */
export function writeExport(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

export const lines = (...resources: readonly object[]) =>
  resources.map((each) => `${JSON.stringify(each)}\n`).join('')

export const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more })
export const visit = (id: string, more: object = {}) => ({
  ...{ resourceType: 'Encounter', id, status: 'finished', class: { code: 'AMB' } },
  ...{ subject: { reference: 'Patient/a' }, period: { start: '2024-03-04' } },
  ...more,
})

/** The second line of a file of visits, and what is said of it whatever the engine. */
export const oddVisits: Readonly<Record<string, readonly [line: string | Uint8Array, why: RegExp]>> = {
  'cut off': ['{"resourceType":"Encounter","id":', /it is no JSON/],
  'two resources in a line': [
    JSON.stringify(visit('x')) + JSON.stringify(visit('y')),
    /not one resource alone/,
  ],
  'a list': [JSON.stringify([visit('x')]), /it is no JSON/],
  'not in UTF-8': [
    Buffer.from('{"resourceType":"Encounter","id":"x","language":"R\xfccken"}', 'latin1'),
    /UTF-8/,
  ],
  'of no type': [JSON.stringify({ id: 'x' }), /does not say of which type/],
  'of another type': [
    JSON.stringify({ resourceType: 'Observation', id: 'x' }),
    /it is of type Observation, among those of Encounter/,
  ],
  'without an id': [JSON.stringify({ resourceType: 'Encounter' }), /it has no id/],
  'a text where parts belong': [JSON.stringify(visit('x', { period: '2024' })), /period has parts in FHIR/],
  'a list where there is one': [
    JSON.stringify(visit('x', { class: [{ code: 'AMB' }] })),
    /class is no list in FHIR/,
  ],
  'one where a list belongs': [
    JSON.stringify(visit('x', { diagnosis: { rank: 1 } })),
    /diagnosis is a list in FHIR/,
  ],
  'parts where a text belongs': [JSON.stringify(visit('x', { status: {} })), /status is a text in FHIR/],
  'a list where a text belongs, in what a view leaves out': [
    JSON.stringify(visit('x', { status: ['entered-in-error'] })),
    /status is no list in FHIR/,
  ],
  'a name that stands twice': [
    JSON.stringify(visit('x')).replace('"id"', '"status":"planned","id"'),
    /status stands there twice/,
  ],
  'a word where a number belongs': [
    JSON.stringify(visit('x', { diagnosis: [{ rank: 'first' }] })),
    /diagnosis: rank is a number in FHIR/,
  ],
}

/** A file of two visits, with the odd line between them. */
export const visitsWith = (line: string | Uint8Array) =>
  Buffer.concat([Buffer.from(lines(visit('v1'))), Buffer.from(line), Buffer.from(`\n${lines(visit('v2'))}`)])
