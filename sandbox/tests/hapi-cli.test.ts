/** `npm run seed` and `npm run hapi` before there is a HAPI: what they load, and what they say instead of a stack. */
import Fastify from 'fastify'
import type { Bundle } from 'fhir/r4.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listPatients } from '../../fhir-fixtures/load.ts'
import { root } from '../../tests/support/evaluator.ts'
import { runHapi } from '../commands/hapi.ts'
import { seedServer } from '../commands/seed.ts'
import { fhirRoutes } from '../fhir/routes.ts'
import { createFhirStore } from '../fhir/store.ts'
import { allResources, seed } from '../hapi/seed.ts'
import { startHapi } from '../hapi/start.ts'
import { missingTools } from '../hapi/tools.ts'
import { fhirClient } from './fhir-client.ts'

async function emptyServer(most?: number) {
  const now = () => new Date()
  const store = createFhirStore([], { now, ...(most === undefined ? {} : { mostResources: most }) })
  const app = Fastify()
  app.register(fhirRoutes(store, { base: '/fhir', since: now().toISOString() }))
  onTestFinished(() => app.close())
  return `${await app.listen({ host: '127.0.0.1', port: 0 })}/fhir`
}

describe('npm run seed', () => {
  test('loads every patient with the dates of today, and says so', async () => {
    const base = await emptyServer()
    const said: string[] = []
    await seedServer([`${base}/`], (text) => said.push(text))
    expect(said.join()).toMatch(/^18 invented patients, \d+ resources, as of \d{4}-\d\d-\d\d, are at http/)
    const client = fhirClient(base)
    expect((await client.search('Patient?_summary=count')).total).toBe(listPatients(root).length)
  })

  test('done again on the next day moves the dates, and adds nothing', async () => {
    const base = await emptyServer()
    const first = await seed(base, allResources(root, '2026-11-21'))
    const second = await seed(base, allResources(root, '2026-11-22'))
    expect(second).toEqual(first)
    const found: Bundle = await fhirClient(base).search('Condition?patient=acute-week-two&code=M54.50')
    expect(found.entry).toMatchObject([
      { resource: { onsetDateTime: '2026-11-13', meta: { versionId: '2' } } },
    ])
  })

  test.each([[[]], [['nowhere']], [['ftp://x/fhir']], [['http://a/fhir', 'http://b/fhir']]])(
    'with %j says how it is used',
    async (words) => {
      await expect(seedServer(words, () => undefined)).rejects.toThrow(
        /Say which FHIR server: npm run seed --|is a word too many/,
      )
    },
  )

  test('says that nothing answers where nothing does', async () => {
    await expect(seed('http://127.0.0.1:9/fhir', [])).rejects.toThrow(
      'Nothing answers at http://127.0.0.1:9/fhir.',
    )
  })

  test('says that a server did not take the patients', async () => {
    const base = await emptyServer(10)
    await expect(seed(base, allResources(root, '2026-11-21'))).rejects.toThrow(
      'did not take the patients (507)',
    )
  })
})

describe('npm run hapi', () => {
  const tools = (java: string | undefined, others: string | undefined) =>
    missingTools((command) => (command === 'java' ? java : others))

  test.each([
    ['Java is missing', undefined, 'here', ['Java is not installed. HAPI needs a JDK from 17 up.']],
    ['Java is old', 'java version "1.8.0_392"', 'here', ['Java 8 is too old. HAPI needs a JDK from 17 up.']],
    ['all is there', 'openjdk version "17.0.15" 2025-04-15', 'here', []],
    ['all is newer', 'openjdk version "25" 2025-09-16', 'here', []],
    [
      'there is only a JRE',
      'openjdk version "21.0.1"',
      undefined,
      [
        'Java is here without its compiler. HAPI is put together with a JDK.',
        'Maven (mvn) is not installed. It brings HAPI from Maven Central.',
      ],
    ],
  ])('says what to install where %s', (_where, java, others, expected) => {
    expect(tools(java, others)).toEqual(expected)
  })

  test.each([
    ['--port', 'x', 'A port is a number'],
    ['--port', '70000', 'A port is a number'],
    ['--database', 'mysql://x', 'A database is a JDBC URL'],
    ['--colour', 'x', "Unknown option '--colour'. Known are --port, --database."],
  ])('%s %s is refused with a sentence', async (option, value, sentence) => {
    await expect(runHapi([option, value], () => undefined)).rejects.toThrow(sentence)
  })

  test.skipIf(missingTools().length > 0)(
    'says before it starts anything that its port is taken',
    async () => {
      const base = await emptyServer()
      const port = Number(new URL(base).port)
      const said: string[] = []
      const starting = startHapi({ root, port, say: (text) => said.push(text) })
      await expect(starting).rejects.toThrow(
        `Port ${port} is taken or not allowed: choose another with --port.`,
      )
      expect(said).toEqual([])
    },
  )
})
