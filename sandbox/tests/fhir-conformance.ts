/**
 * What Lumbar relies on in a FHIR server, claim by claim. It runs against the embedded server and against a real one,
 * so that nothing is developed against a habit that real servers do not have.
 */
import type { Bundle, CapabilityStatement } from 'fhir/r4.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { fhirClient, idsIn, runId } from './fhir-client.ts'
import {
  clinical,
  expectRefused,
  loinc,
  radiology,
  resourcesOf,
  type Server,
  transactionOf,
} from './fhir-run.ts'
import { describeWriting } from './fhir-writes.ts'

/** Registers the tests. `base` is asked when they run. */
export function describeConformance(name: string, base: () => string): void {
  describe(name, () => {
    const server = {} as Server
    beforeAll(async () => {
      const client = fhirClient(base())
      const run = resourcesOf(runId())
      Object.assign(server, { base: base(), client, run } satisfies Server)
      const reply = await client.post<Bundle>('', transactionOf(run.resources))
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
    })
    describeReading(server)
    describeWriting(server)
  })
}

function describeReading(server: Server): void {
  describe('says what it can do', () => {
    test('in a CapabilityStatement of FHIR R4', async () => {
      const { status, headers, body } = await server.client.get<CapabilityStatement>('metadata')
      expect(status).toBe(200)
      expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
      expect(body).toMatchObject({
        resourceType: 'CapabilityStatement',
        fhirVersion: '4.0.1',
        kind: 'instance',
      })
    })

    test.each(searched)('with %s among the searches of %s', async (parameter, type) => {
      const { body } = await server.client.get<CapabilityStatement>('metadata')
      const described = body.rest?.[0]?.resource?.find((each) => each.type === type)
      expect(described?.interaction?.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['read', 'search-type', 'create', 'update']),
      )
      expect(described?.searchParam?.map(({ name }) => name)).toContain(parameter)
    })
  })

  describe('reads', () => {
    test('a resource with its version and time', async () => {
      const { status, headers, body } = await server.client.get(`Patient/${server.run.patient}`)
      expect(status).toBe(200)
      expect(body).toMatchObject({ resourceType: 'Patient', id: server.run.patient, birthDate: '1980-02-03' })
      expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
      expect(headers.get('etag')).toBe('W/"1"')
      expect(body.meta?.versionId).toBe('1')
      expect(Date.parse(headers.get('last-modified') ?? '')).not.toBeNaN()
    })

    test('it under its version', async () => {
      const { status, body } = await server.client.get(`Patient/${server.run.patient}/_history/1`)
      expect(status).toBe(200)
      expect(body).toMatchObject({ id: server.run.patient, meta: { versionId: '1' } })
    })

    test('nothing again that the client has', async () => {
      const { status } = await server.client.get(`Patient/${server.run.patient}`, {
        'if-none-match': 'W/"1"',
      })
      expect(status).toBe(304)
    })

    test.each([
      ['an unknown id', 'Patient/nobody-here'],
      ['an unknown version', 'Patient/nobody-here/_history/7'],
      ['an unknown type', 'Pationt/nobody-here'],
    ])('%s as 404', async (_what, path) => {
      expectRefused(await server.client.get(path), [404])
    })
  })

  describe('finds', () => {
    test.each([
      ['the bare id of the patient', (id: string) => id],
      ['a reference to the patient', (id: string) => `Patient/${id}`],
    ])('by %s, and nobody else’s', async (_how, written) => {
      const reference = encodeURIComponent(written(server.run.patient))
      const bundle = await server.client.search(`Condition?patient=${reference}`)
      expect(bundle).toMatchObject({ type: 'searchset', total: 2 })
      expect(idsIn(bundle)).toEqual([server.run.id('acute'), server.run.id('old')])
      const [entry] = bundle.entry ?? []
      expect(entry?.search?.mode).toBe('match')
      expect(entry?.fullUrl).toBe(`${server.base}/Condition/${entry?.resource?.id}`)
    })

    test('nothing as an empty searchset', async () => {
      const bundle = await server.client.search(`AllergyIntolerance?patient=${server.run.patient}`)
      expect(bundle).toMatchObject({ type: 'searchset', total: 0 })
      expect(bundle.entry).toBeUndefined()
    })

    test.each([
      ['a code without its system', '8310-5', ['temperature']],
      ['a code with its system', `${loinc}|8310-5`, ['temperature']],
      [
        'several codes',
        `${loinc}|8310-5,${loinc}|29463-7`,
        ['temperature', 'weight-1', 'weight-2', 'weight-3'],
      ],
      ['a code of another system', 'http://snomed.info/sct|8310-5', []],
    ])('observations by %s', async (_how, code, expected) => {
      const bundle = await server.client.search(
        `Observation?patient=${server.run.patient}&code=${encodeURIComponent(code)}`,
      )
      expect(idsIn(bundle)).toEqual(expected.map(server.run.id))
    })

    test('reports by one of several categories', async () => {
      const category = encodeURIComponent(`${radiology}|RAD,${loinc}|LP29684-5`)
      const bundle = await server.client.search(
        `DiagnosticReport?patient=${server.run.patient}&category=${category}`,
      )
      expect(idsIn(bundle)).toEqual([server.run.id('scan')])
    })

    test.each([
      ['clinical-status=active', ['acute']],
      [`clinical-status=${encodeURIComponent(`${clinical}|resolved`)}`, ['old']],
      ['clinical-status:not=resolved', ['acute']],
      ['category=encounter-diagnosis', ['acute']],
    ])('conditions by %s', async (query, expected) => {
      const bundle = await server.client.search(`Condition?patient=${server.run.patient}&${query}`)
      expect(idsIn(bundle)).toEqual(expected.map(server.run.id))
    })

    test.each([
      ['date=ge2026-01-10', ['temperature', 'weight-2', 'weight-3']],
      ['date=gt2026-01-10', ['temperature', 'weight-3']],
      ['date=lt2026-01-10', ['weight-1']],
      ['date=le2026-01-10', ['weight-1', 'weight-2']],
      ['date=2026-01-10', ['weight-2']],
      ['date=ge2026-01-01&date=lt2026-01-15', ['weight-1', 'weight-2']],
      ['date=2026', ['temperature', 'weight-1', 'weight-2', 'weight-3']],
    ])('observations by %s', async (query, expected) => {
      const bundle = await server.client.search(`Observation?patient=${server.run.patient}&${query}`)
      expect(idsIn(bundle)).toEqual(expected.map(server.run.id).sort())
    })

    test.each([
      ['its id', (id: string) => `_id=${id}`],
      ['its identifier', (id: string) => `identifier=${encodeURIComponent(`urn:example:mrn|${id}`)}`],
      ['its identifier and birth date', (id: string) => `identifier=${id}&birthdate=1980-02-03`],
    ])('a patient by %s', async (_how, query) => {
      expect(idsIn(await server.client.search(`Patient?${query(server.run.patient)}`))).toEqual([
        server.run.patient,
      ])
    })

    test('the same by POST', async () => {
      const query = `patient=${server.run.patient}&code=${encodeURIComponent(`${loinc}|29463-7`)}`
      const { status, body } = await server.client.postSearch('Observation', query)
      expect(status).toBe(200)
      expect(idsIn(body)).toEqual(['weight-1', 'weight-2', 'weight-3'].map(server.run.id))
    })

    test('the newest first when asked to', async () => {
      const { entry = [] } = await server.client.search(
        `Observation?patient=${server.run.patient}&_sort=-date`,
      )
      const order = ['temperature', 'weight-3', 'weight-2', 'weight-1'].map(server.run.id)
      expect(entry.map(({ resource }) => resource?.id)).toEqual(order)
    })

    test('also the patient when asked to include it', async () => {
      const { entry = [] } = await server.client.search(
        `Encounter?patient=${server.run.patient}&_include=Encounter:patient`,
      )
      const brief = entry.map(({ resource, search }) => `${search?.mode} ${resource?.id}`)
      expect(brief.sort()).toEqual([`include ${server.run.patient}`, `match ${server.run.id('visit')}`])
    })

    test('how many there are without bringing them', async () => {
      const bundle = await server.client.search(`Observation?patient=${server.run.patient}&_summary=count`)
      expect(bundle.total).toBe(4)
      expect(bundle.entry).toBeUndefined()
    })

    test.each(['GET', 'POST'])('page by page after a %s, each once, on this server', async (method) => {
      const query = `patient=${server.run.patient}&_count=2`
      const found: string[] = []
      const get = async (path: string) => server.client.search(path)
      let page: Bundle =
        method === 'GET'
          ? await get(`Observation?${query}`)
          : (await server.client.postSearch('Observation', query)).body
      const sizes: number[] = []
      for (;;) {
        found.push(...idsIn(page))
        sizes.push(page.entry?.length ?? 0)
        const next = page.link?.find(({ relation }) => relation === 'next')?.url
        if (next === undefined) break
        expect(next.startsWith(server.base)).toBe(true)
        page = await get(next)
      }
      expect(sizes).toEqual([2, 2])
      expect(found.sort()).toEqual(['temperature', 'weight-1', 'weight-2', 'weight-3'].map(server.run.id))
    })

    test.each([
      ['a parameter that the type does not have', 'Condition?patient=p1&flavour=sour'],
      ['a parameter of another type', 'Condition?patient=p1&birthdate=1980-02-03'],
      ['a date that is none', 'Observation?patient=p1&date=yesterday'],
      ['a sort by what the type does not have', 'Condition?patient=p1&_sort=flavour'],
    ])('not by %s', async (_what, path) => {
      expectRefused(await server.client.get(path), [400])
      const [type = '', query = ''] = path.split('?')
      expectRefused(await server.client.postSearch(type, query), [400])
    })

    test('not in a type that there is not', async () => {
      expectRefused(await server.client.get('Pationt?name=x'), [404])
    })
  })
}

/** Parameters of Lumbar's own queries, and those by which its pages find what they wrote. */
const searched: [parameter: string, type: string][] = [
  ['patient', 'Encounter'],
  ['patient', 'Condition'],
  ['code', 'Observation'],
  ['patient', 'MedicationRequest'],
  ['patient', 'MedicationDispense'],
  ['patient', 'MedicationStatement'],
  ['patient', 'Procedure'],
  ['patient', 'ServiceRequest'],
  ['category', 'DiagnosticReport'],
  ['patient', 'ImagingStudy'],
  ['patient', 'Coverage'],
  ['patient', 'AllergyIntolerance'],
  ['identifier', 'DocumentReference'],
  ['identifier', 'Communication'],
  ['patient', 'QuestionnaireResponse'],
  ['url', 'Questionnaire'],
]
