/** The two libraries of the package, each as CQL and as ELM: how a chart is read, and what the rules say of it. */
import type { Library, ParameterDefinition } from 'fhir/r4.js'
import type { Content } from '../pathway/content.ts'
import { about, canonicalBase, citationOf, type Dated } from './about.ts'
import { type ChartInCql, chartName } from './chart.ts'
import { chartParameters } from './chart-told.ts'
import { answeredName } from './checklist.ts'
import { type FactParameter, libraryName, type RulesInCql } from './cql.ts'

/** What is exported; ELM is the JSON that a translator made of the texts. */
export interface Exportable {
  rules: RulesInCql
  chart: ChartInCql
  elm: { rules: string; chart: string }
  /** What a group of codes stands for, by its key, in the words of its definition. */
  means: ReadonlyMap<string, string>
}

export const rulesUrl = ({ pathway }: Content) => `${canonicalBase}/Library/${libraryName}|${pathway.version}`

export function libraries(content: Content, { rules, chart, elm }: Exportable, dated: Dated): Library[] {
  const { pathway } = content
  return [
    {
      ...libraryOf(content, libraryName, `${pathway.title}: the rules`, [rules.text, elm.rules], dated),
      parameter: [
        ...rules.parameters.map((parameter) => ({
          ...asParameter(parameter),
          use: 'in' as const,
          documentation: `${parameter.declaration.asks} Null: nobody can tell. In Lumbar: kind ${parameter.declaration.kind}.`,
        })),
        ...answersOf(rules).map((answer) => ({ ...answer, use: 'in' as const })),
      ],
    },
    {
      ...libraryOf(
        content,
        chartName,
        `${pathway.title}: the reading of a chart`,
        [chart.text, elm.chart],
        dated,
      ),
      parameter: [
        ...chartParameters.map(({ name, type: [, type], says }) => ({
          ...{ name, use: 'in' as const, min: 0, max: '1', type },
          documentation: says,
        })),
        ...rules.parameters
          .filter(({ name }) => chart.facts.has(name))
          .map((parameter) => ({ ...asParameter(parameter), use: 'out' as const })),
        ...answersOf(rules).map((answer) => ({ ...answer, use: 'out' as const })),
      ],
    },
  ]
}

const types = { Boolean: 'boolean', String: 'string', 'Interval<Quantity>': 'Range' } as const

const asParameter = ({ name, type }: FactParameter): Omit<ParameterDefinition, 'use'> => ({
  name,
  min: 0,
  max: '1',
  type: types[type],
})

const answersOf = ({ answered }: RulesInCql): Omit<ParameterDefinition, 'use'>[] =>
  answered.map((name) => ({ name: answeredName(name), min: 0, max: '1', type: 'boolean' }))

function libraryOf(
  content: Content,
  name: string,
  title: string,
  [cql, elm]: readonly [string, string],
  dated: Dated,
): Library {
  const base64 = (written: string) => Buffer.from(written).toString('base64')
  return {
    resourceType: 'Library',
    ...about(content, 'Library', { id: name, name, title, description: content.pathway.scope }, dated),
    identifier: [{ system: 'urn:lumbar:digest', value: content.digest }],
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }],
    },
    relatedArtifact: Object.keys(content.sources).map((id) => citationOf(content, id)),
    content: [
      { contentType: 'text/cql', data: base64(cql) },
      { contentType: 'application/elm+json', data: base64(elm) },
    ],
  }
}
