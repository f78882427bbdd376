/** The exported package: its form, what it holds, what its definitions tell of themselves, and that it is whole. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { FhirResource, Library, PlanDefinition, ValueSet } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { packageOf } from '../../src/export/package.ts'
import { rowsOfSets } from '../../src/export/resources.ts'
import { examplesOf } from '../../tools/exportable.ts'
import { content } from '../support/evaluated.ts'
import { exportable, rules } from './compare.ts'

const date = '2026-11-21'
const files = packageOf(content, exportable, { date }, await examplesOf(content, date))
const resources = [...files].flatMap(([path, text]): FhirResource[] =>
  /^package\/[A-Z].*\.json$/.test(path) ? [JSON.parse(text)] : [],
)
const ofType = <T extends FhirResource>(type: T['resourceType']) =>
  resources.filter((resource): resource is T => resource.resourceType === type)

describe('The package', () => {
  test('has a plan for each hook, with expressions that its library defines', () => {
    const plans = ofType<PlanDefinition>('PlanDefinition')
    expect(plans.map(({ id }) => id)).toEqual([
      'lumbar-order-select',
      'lumbar-order-sign',
      'lumbar-patient-view',
    ])
    for (const { action = [], library } of plans) {
      expect(action.length).toBeGreaterThan(3)
      expect(library).toEqual([`https://lumbar.example/fhir/Library/LumbarRules|${content.pathway.version}`])
      for (const { condition = [] } of action)
        for (const { expression } of condition)
          expect(rules.text).toContain(`define "${expression?.expression}":`)
    }
  })

  const addresses = resources.map((each) => each as { url?: string; version?: string })

  test('gives each definition an address and a version of its own', () => {
    expect(new Set(addresses.map(({ url, version }) => `${url}|${version}`)).size).toBe(resources.length)
    const places = [...files.keys()].map((path) => path.toLowerCase())
    expect(new Set(places).size).toBe(files.size)
    for (const resource of resources)
      expect(files.has(`package/${resource.resourceType}-${resource.id}.json`)).toBe(true)
  })

  test('refers to nothing that it lacks, in no definition, no CQL, no ELM and no example', () => {
    const there = new Map(addresses.map(({ url = '', version }) => [url, version]))
    const inLibraries = ofType<Library>('Library').flatMap(({ content = [] }) =>
      content.map(({ data = '' }) => Buffer.from(data, 'base64').toString()),
    )
    expect(inLibraries).toHaveLength(4)
    const texts = [...files.values(), ...inLibraries]
    const named = texts.flatMap((text) => [
      ...text.matchAll(
        /(https:\/\/lumbar\.example\/fhir\/\w+\/[\w.-]+|urn:lumbar:questionnaire:[\w-]+)(?:\|([\w.-]+))?/g,
      ),
    ])
    const dangling = named.filter(
      ([, url = '', version]) => !there.has(url) || (version !== undefined && version !== there.get(url)),
    )
    expect([...new Set(dangling.map(([whole]) => whole))]).toEqual([])
    expect(named.length).toBeGreaterThan(resources.length)
    // A plan without its version would follow whatever is loaded beside it.
    const plans = JSON.stringify(ofType<PlanDefinition>('PlanDefinition'))
    expect(plans).not.toMatch(/"https:\/\/lumbar\.example\/fhir\/(ActivityDefinition|Library)\/[\w.-]+"/)
  })

  test('names each define that its plans ask, and each value set that its CQL asks', () => {
    const [, chartElm] = ofType<Library>('Library').map(({ content: parts = [] }) =>
      JSON.parse(
        Buffer.from(
          parts.find(({ contentType }) => contentType === 'application/elm+json')?.data ?? '',
          'base64',
        ).toString(),
      ),
    ) as { library: { valueSets?: { def: { id: string }[] }; includes?: object } }[]
    const there = new Set(ofType<ValueSet>('ValueSet').map(({ url }) => url))
    const asked = chartElm?.library.valueSets?.def.map(({ id }) => id) ?? []
    expect(asked.length).toBeGreaterThan(50)
    expect(asked.filter((id) => !there.has(id))).toEqual([])
    // Whatever a library includes has to be had from somewhere.
    expect(chartElm?.library.includes).toBeUndefined()
  })

  // What CRMI's profiles for what is shared and published ask of each type (HL7/crmi-ig at cedddaa), beside what R4 asks.
  test('tells of each definition what it is, its version, day and licence', () => {
    for (const resource of resources)
      expect(resource).toMatchObject({
        id: expect.stringMatching(/^[A-Za-z0-9.-]{1,64}$/),
        url: expect.stringMatching(
          /^(https:\/\/lumbar\.example\/fhir\/[A-Z]|urn:lumbar:(rule$|questionnaire:))/,
        ),
        version: content.pathway.version,
        name: expect.stringMatching(/^[A-Z][A-Za-z0-9_]{0,254}$/),
        status: expect.stringMatching(/^(draft|active)$/),
        date: '2026-11-21',
        title: expect.stringMatching(/./),
        description: expect.stringMatching(/.{20}/),
        experimental: false,
        publisher: expect.any(String),
        copyright: expect.stringContaining('Apache'),
      })
    const [library] = ofType<Library>('Library')
    expect(library?.identifier?.[0]?.value).toBe(content.digest)
    expect(library?.relatedArtifact?.length).toBe(Object.keys(content.sources).length)
  })

  test('tells of each plan, and of each group of codes, where it was read', () => {
    for (const { action = [] } of ofType<PlanDefinition>('PlanDefinition'))
      for (const { documentation = [] } of action)
        expect(documentation.map(({ citation }) => citation)).not.toEqual([])
    const rows = rowsOfSets(content)
    for (const { title = '', description = '' } of ofType<ValueSet>('ValueSet'))
      for (const { source } of rows.get(title) ?? [])
        expect(description.split(' Read in: ')[1]).toContain(source)
    // Not made up for those that the pathway defines.
    const ofPathway = ofType<ValueSet>('ValueSet').filter(({ id }) => !id?.startsWith('order-'))
    expect(ofPathway.filter(({ description }) => description?.startsWith('Codes by which'))).toEqual([])
  })

  test('holds every code of the pathway once in its group', () => {
    const sets = ofType<ValueSet>('ValueSet').filter(({ id }) => !id?.startsWith('order-'))
    const codes = sets.flatMap(({ compose }) => compose?.include.flatMap(({ concept = [] }) => concept) ?? [])
    expect(codes).toHaveLength(content.codes.rows.length)
  })

  test('lists what it does not say: every fact that comes in, and every rule', () => {
    const list = files.get('package/other/not-said.md') ?? ''
    for (const { name } of rules.parameters) expect(list).toContain(`| ${name} |`)
    for (const { code } of content.rules) expect(list).toContain(`| ${code} |`)
  })

  test('names the files of each folder in its index', () => {
    for (const folder of ['package', 'package/example']) {
      const index = JSON.parse(files.get(`${folder}/.index.json`) ?? '{}') as {
        'index-version': number
        files: { filename: string; resourceType: string; id: string; url?: string; version?: string }[]
      }
      expect(index['index-version']).toBe(2)
      const there = [...files.keys()].filter(
        (path) =>
          dirname(path) === folder && /[^/]*\.json$/.test(path) && !/\/(package|\.index)\.json$/.test(path),
      )
      expect(index.files.map(({ filename }) => `${folder}/${filename}`).toSorted()).toEqual(there.toSorted())
      for (const { filename, ...told } of index.files) {
        const resource = JSON.parse(files.get(`${folder}/${filename}`) ?? '{}') as Record<string, unknown>
        for (const [name, value] of Object.entries(told)) expect(resource[name]).toBe(value)
      }
    }
  })

  test('has the manifest of a FHIR package', () => {
    const manifest = JSON.parse(files.get('package/package.json') ?? '{}') as Record<string, unknown>
    expect(manifest).toMatchObject({
      name: expect.stringMatching(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/),
      version: expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.-]+)?$/),
      date: expect.stringMatching(/^\d{14}$/),
      license: 'Apache-2.0',
      canonical: 'https://lumbar.example/fhir',
      description: expect.stringContaining(content.digest),
      fhirVersions: ['4.0.1'],
      dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
    })
    expect(manifest.version).toBe(content.pathway.version)
  })

  test('is packed by npm whole, and by nothing else', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-'))
    try {
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const words = ['pack', join(folder, 'package'), '--dry-run', '--json', '--offline']
      const { stdout } = await promisify(execFile)('npm', words, { cwd: folder, maxBuffer: 20_000_000 })
      const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[]
      expect(packed?.filename).toBe(`lumbar.pathway-${content.pathway.version}.tgz`)
      expect(packed?.files.map(({ path }) => `package/${path}`).toSorted()).toEqual(
        [...files.keys()].toSorted(),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
