/** The pathway as FHIR R4 definitions: what is asked when, what may be ordered, which codes count. Made from the content alone. */
import type {
  ActivityDefinition,
  CodeSystem,
  FhirResource,
  Library,
  PlanDefinition,
  PlanDefinitionAction,
  RelatedArtifact,
  ValueSet,
} from 'fhir/r4.js'
import { questionnaireOf } from '../checklist/questionnaire.ts'
import type { Content } from '../content/content.ts'
import type { Subject } from '../content/schema.ts'
import { type FactParameter, libraryName, type RulesInCql, type Speaking } from './cql.ts'

/** A package that was never published has no address of its own. */
export const canonicalBase = 'urn:lumbar'
const ruleSystem = `${canonicalBase}:rule`

/** Which orders and events each hook is about. */
const hooks: Readonly<Record<string, readonly Subject[]>> = {
  'order-select': ['lumbar-imaging', 'opioid'],
  'order-sign': ['lumbar-imaging', 'opioid'],
  'patient-view': ['chart-view'],
}

export interface Dated {
  /** As `2026-11-21`. */
  date: string
}

/** What every definition tells of itself, as CRMI asks it of an artifact that is shared. */
function about({ pathway }: Content, kind: string, id: string, name: string, title: string, { date }: Dated) {
  return {
    id,
    url: `${canonicalBase}:${kind.toLowerCase()}:${id}`,
    version: pathway.version,
    name,
    title,
    status: pathway.status === 'reviewed' ? ('active' as const) : pathway.status,
    experimental: false,
    date,
    publisher: 'the Lumbar contributors',
    copyright:
      'Copyright the Lumbar contributors, Apache License 2.0. Code systems have terms of their own (NOTICE): using CPT in a product needs a licence of the AMA.',
  }
}

export function libraryOf(
  content: Content,
  { text, parameters }: RulesInCql,
  elm: string,
  dated: Dated,
): Library {
  const base64 = (written: string) => Buffer.from(written).toString('base64')
  return {
    resourceType: 'Library',
    ...about(content, 'Library', libraryName, libraryName, `${content.pathway.title}: the rules`, dated),
    identifier: [{ system: `${canonicalBase}:digest`, value: content.digest }],
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'logic-library' }],
    },
    description: content.pathway.scope,
    relatedArtifact: Object.keys(content.sources).map((id) => citationOf(content, id)),
    parameter: parameters.map((parameter) => ({
      name: parameter.name,
      use: 'in',
      min: 0,
      max: '1',
      documentation: documentationOf(parameter),
      type:
        parameter.type === 'Interval<Decimal>' ? 'Range' : parameter.type === 'String' ? 'string' : 'boolean',
    })),
    content: [
      { contentType: 'text/cql', data: base64(text) },
      { contentType: 'application/elm+json', data: base64(elm) },
    ],
  }
}

const documentationOf = ({ declaration }: FactParameter) =>
  `${declaration.asks} Null: nobody can tell. In Lumbar: kind ${declaration.kind}.`

function citationOf({ sources }: Content, id: string): RelatedArtifact {
  const source = sources[id]
  return {
    type: 'citation',
    // The number, where a source has one: packages of before sources had names say it too.
    label: source?.bibliography ?? id,
    display: source?.label ?? id,
    citation: `${source?.title ?? id}${source ? ` (${source.year})` : ''}`,
    ...(source?.url ? { url: source.url } : {}),
  }
}

/** One for each hook: an action for each headline that may speak, with the orders that its card may draft. */
export function planDefinitions(content: Content, { speaking }: RulesInCql, dated: Dated): PlanDefinition[] {
  return Object.entries(hooks).map(([hook, kinds]) => {
    const id = `lumbar-${hook}`
    return {
      resourceType: 'PlanDefinition',
      ...about(content, 'PlanDefinition', id, nameOf(id), `${content.pathway.title}, ${hook}`, dated),
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/plan-definition-type', code: 'eca-rule' }],
      },
      description: content.pathway.scope,
      library: [`${canonicalBase}:library:${libraryName}|${content.pathway.version}`],
      action: speaking
        .filter(({ kind }) => kinds.includes(kind))
        .map((each) => actionOf(content, each, hook)),
    }
  })
}

function actionOf(content: Content, { name, rule }: Speaking, hook: string): PlanDefinitionAction {
  const { suggestions } = content.suggestions
  const orders = rule.suggests.flatMap((key) =>
    (suggestions[key]?.actions ?? []).flatMap((action) => ('create' in action ? [action.create] : [])),
  )
  const card = content.cards[rule.id]
  return {
    title: card?.summary ?? rule.title,
    description: rule.title,
    code: [{ coding: [{ system: ruleSystem, code: rule.code }] }],
    documentation: rule.cites.map((id) => citationOf(content, id)),
    trigger: [{ type: 'named-event', name: hook }],
    condition: [
      {
        kind: 'applicability',
        expression: { language: 'text/cql', expression: `${libraryName}."${name}"` },
      },
    ],
    ...(orders.length > 0
      ? {
          groupingBehavior: 'logical-group' as const,
          selectionBehavior: 'any' as const,
          action: [...new Set(orders)].map((key) => ({
            title: content.suggestions.orders[key]?.text ?? key,
            definitionCanonical: `${canonicalBase}:activitydefinition:${activityId(key)}|${content.pathway.version}`,
          })),
        }
      : {}),
  }
}

const activityId = (key: string) => `order-${key}`

export function activityDefinitions(content: Content, dated: Dated): ActivityDefinition[] {
  return Object.entries(content.suggestions.orders).map(([key, { resource, text, code, priority }]) => {
    const id = activityId(key)
    const concept = {
      ...(code ? { coding: [{ system: code.system, code: code.code, display: code.display }] } : {}),
      text,
    }
    return {
      resourceType: 'ActivityDefinition',
      ...about(content, 'ActivityDefinition', id, nameOf(id), text, dated),
      kind: resource,
      intent: 'proposal',
      ...(priority ? { priority } : {}),
      ...(resource === 'MedicationRequest' ? { productCodeableConcept: concept } : { code: concept }),
    }
  })
}

/** One for each group of each value set: the groups are what rules and facts name. */
export function valueSets(content: Content, dated: Dated): ValueSet[] {
  const groups = new Map<string, Map<string, { code: string; display: string }[]>>()
  for (const { key, system, code, display } of content.codes.rows) {
    const systems = groups.get(key) ?? new Map()
    groups.set(key, systems.set(system, [...(systems.get(system) ?? []), { code, display }]))
  }
  return [...groups].map(([key, systems]) => {
    const id = idOf(key)
    return {
      resourceType: 'ValueSet',
      ...about(content, 'ValueSet', id, nameOf(id), key, dated),
      compose: { include: [...systems].map(([system, concept]) => ({ system, concept })) },
    }
  })
}

/** FHIR ids hold 64 characters. */
function idOf(key: string): string {
  const id = key.replace(/[^A-Za-z0-9.-]/g, '-')
  return id.length <= 64 ? id : `${id.slice(0, 55)}-${hashOf(id)}`
}

/** Tells two long names apart that begin alike: 8 letters and digits. */
function hashOf(name: string): string {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}

const nameOf = (id: string) =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace(/^(?=\d)/, 'Set')

/** What `PlanDefinition.action.code` and the topic of a card name. */
const rulesAsCodes = (content: Content, dated: Dated): CodeSystem => ({
  resourceType: 'CodeSystem',
  ...about(
    content,
    'CodeSystem',
    'rules',
    'LumbarRuleCodes',
    `${content.pathway.title}: codes of rules`,
    dated,
  ),
  url: ruleSystem,
  caseSensitive: true,
  content: 'complete',
  concept: content.rules.map(({ code, title }) => ({ code, display: title })),
})

export function definitionsOf(
  content: Content,
  rules: RulesInCql,
  elm: string,
  dated: Dated,
): FhirResource[] {
  const { copyright, publisher } = about(content, '', '', '', '', dated)
  return [
    libraryOf(content, rules, elm, dated),
    rulesAsCodes(content, dated),
    ...planDefinitions(content, rules, dated),
    ...activityDefinitions(content, dated),
    ...valueSets(content, dated),
    { ...questionnaireOf(content), experimental: false, date: dated.date, publisher, copyright },
  ]
}
