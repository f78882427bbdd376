/** HAPI's own `$export` gives what the folder holds: the same resources, and so the same report. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FhirResource, Group } from 'fhir/r4.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringExport } from '../../population/bulk/open.ts'
import { type Counted, countFolder } from '../../population/count.ts'
import { openDuck } from '../../population/duck.ts'
import { writePopulation } from '../../population/generate/write.ts'
import { readPrices } from '../../population/report.ts'
import { seed } from '../../sandbox/hapi/seed.ts'
import { fhirClient, runId } from '../../sandbox/tests/fhir-client.ts'
import { openLibrary } from '../../src/library.ts'
import { readMeasures } from '../../src/pathway/measures.ts'
import { root } from '../support/evaluator.ts'
import { describeWithHapi } from './support.ts'

const people = 40

describeWithHapi('A bulk export of HAPI', ({ base }) => {
  const made = mkdtempSync(join(tmpdir(), 'lumbar-hapi-made-'))
  const out = mkdtempSync(join(tmpdir(), 'lumbar-hapi-out-'))
  const lumbar = openLibrary()
  const said: string[] = []

  const filesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
  const resourcesIn = (folder: string) =>
    filesIn(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as FhirResource),
    )

  beforeAll(async () => {
    writePopulation({ out: made, patients: people, seed: 6 })
    // A server sends no file of what it has none of.
    for (const name of filesIn(made)) if (statSync(join(made, name)).size === 0) rmSync(join(made, name))
    const resources = resourcesIn(made)
    await seed(base, resources)
    const group: Group = {
      ...{ resourceType: 'Group', id: runId(), type: 'person', actual: true },
      member: resources
        .filter(({ resourceType }) => resourceType === 'Patient')
        .map(({ id }) => ({ entity: { reference: `Patient/${id}` } })),
    }
    const { status } = await fhirClient(base).put(`Group/${group.id}`, group)
    expect(status).toBe(201)
    await bringExport({ bulk: base, clientId: undefined, group: group.id, out }, lumbar, (line) =>
      said.push(line),
    )
  }, 600_000)
  afterAll(() => {
    for (const folder of [made, out]) rmSync(folder, { recursive: true })
  })

  /** As text whatever the order of its elements; what a server writes itself is left out. */
  const told = ({ meta: _, ...resource }: FhirResource): string =>
    JSON.stringify(resource, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    )
  const toldIn = (folder: string) =>
    resourcesIn(folder)
      // The server has clinicians and clinics for itself: nothing that is counted reads them.
      .filter(({ resourceType }) => resourceType !== 'Practitioner' && resourceType !== 'Organization')
      .map(told)
      .sort()

  test('holds every resource of the folder, and no other', () => {
    const wanted = toldIn(made)
    expect(wanted.length).toBeGreaterThan(people * 5)
    expect(toldIn(out)).toEqual(wanted)
    expect(said.at(-1)).toMatch(/^(\d+) of \1 files/)
  })

  test('gives the same report: every cell, service, case and group for outreach', async () => {
    const counted: Counted[] = []
    for (const folder of [made, out]) {
      const measures = readMeasures(root, lumbar.sources)
      const prices = readPrices(join(root, 'measures/prices.csv'))
      const period = { start: '2024-01-01', end: '2024-12-03' }
      const open = () => openDuck({ threads: 1 })
      counted.push(await countFolder(folder, { lumbar, measures, period, prices, work: folder, open }))
    }
    const [ofFolder, ofHapi] = counted.map(({ counts, ...rest }) => ({
      ...rest,
      counts: counts.map((each) => JSON.stringify(each)).sort(),
    }))
    expect(ofFolder?.counts.length).toBeGreaterThan(1000)
    expect(ofFolder?.episodes).toBeGreaterThan(people / 2)
    expect(ofHapi).toEqual(ofFolder)
  })
})
