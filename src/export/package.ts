/** The exported definitions as a FHIR package in the form of NPM: files by their path. */
import type { FhirResource } from 'fhir/r4.js'
import type { Content } from '../pathway/content.ts'
import { canonicalBase, type Dated } from './about.ts'
import { chartName } from './chart.ts'
import { libraryName } from './cql.ts'
import type { Exportable } from './libraries.ts'
import { notSaid } from './not-said.ts'
import { definitionsOf } from './resources.ts'

const packageName = 'lumbar.pathway'

/** A file of `package/example`, by its name without `.json`. */
export interface Example {
  name: string
  resource: FhirResource
}

export function packageOf(
  content: Content,
  exportable: Exportable,
  dated: Dated,
  examples: readonly Example[] = [],
): ReadonlyMap<string, string> {
  const resources = definitionsOf(content, exportable, dated)
  const named = resources.map(
    (resource) => [`${resource.resourceType}-${resource.id}.json`, resource] as const,
  )
  return new Map([
    ['package/package.json', json(manifest(content, dated))],
    ['package/.index.json', indexOf(named)],
    ...named.map(([file, resource]) => [`package/${file}`, json(resource)] as const),
    ...examples.map(({ name, resource }) => [`package/example/${name}.json`, json(resource)] as const),
    ...(examples.length > 0
      ? [
          [
            'package/example/.index.json',
            indexOf(examples.map(({ name, resource }) => [`${name}.json`, resource])),
          ] as const,
        ]
      : []),
    [`package/other/${libraryName}.cql`, exportable.rules.text],
    [`package/other/${chartName}.cql`, exportable.chart.text],
    ['package/other/not-said.md', notSaid(content, exportable)],
  ])
}

function manifest({ pathway, digest }: Content, { date }: Dated) {
  return {
    name: packageName,
    version: pathway.version,
    type: 'IG',
    date: `${date.replaceAll('-', '')}000000`,
    license: 'Apache-2.0',
    canonical: canonicalBase,
    title: pathway.title,
    description: `${pathway.scope} Content digest ${digest}.`,
    fhirVersions: ['4.0.1'],
    dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
    author: 'the Lumbar contributors',
  }
}

const indexOf = (files: readonly (readonly [string, FhirResource])[]) =>
  json({ 'index-version': 2, files: files.map(entryOf) })

const entryOf = ([filename, resource]: readonly [string, FhirResource]) => {
  const { url, version } = resource as { url?: string; version?: string }
  return { filename, resourceType: resource.resourceType, id: resource.id, url, version }
}

const json = (value: object) => `${JSON.stringify(value, null, 1)}\n`
