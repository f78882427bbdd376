/** The pathway as FHIR R4 definitions: what is asked when, what may be ordered, which codes count. Made from the content alone. */
import type {
  ActivityDefinition,
  CodeSystem,
  FhirResource,
  PlanDefinition,
  PlanDefinitionAction,
  ValueSet,
} from 'fhir/r4.js'
import { questionnaireOf } from '../checklist/questionnaire.ts'
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import type { Subject } from '../pathway/schema.ts'
import { about, canonicalBase, citationOf, type Dated, idOf, publishing, ruleSystem } from './about.ts'
import { orderSets } from './chart-order.ts'
import type { RulesInCql, Speaking } from './cql.ts'
import { type Exportable, libraries, rulesUrl } from './libraries.ts'

/** Which orders and events each hook is about. */
const hooks: Readonly<Record<string, readonly Subject[]>> = {
  'order-select': ['lumbar-imaging', 'opioid'],
  'order-sign': ['lumbar-imaging', 'opioid'],
  'patient-view': ['chart-view'],
}

/** One for each hook: an action for each headline that may speak, with the orders that its card may draft. */
function planDefinitions(content: Content, { speaking }: RulesInCql, dated: Dated): PlanDefinition[] {
  return Object.entries(hooks).map(([hook, kinds]) => {
    const id = `lumbar-${hook}`
    return {
      resourceType: 'PlanDefinition',
      ...about(
        content,
        'PlanDefinition',
        {
          ...{ id, name: nameOf(id), title: `${content.pathway.title}, ${hook}` },
          description: content.pathway.scope,
        },
        dated,
      ),
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/plan-definition-type', code: 'eca-rule' }],
      },
      library: [rulesUrl(content)],
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
        expression: { language: 'text/cql-identifier', expression: name },
      },
    ],
    ...(orders.length > 0
      ? {
          groupingBehavior: 'logical-group' as const,
          selectionBehavior: 'any' as const,
          action: [...new Set(orders)].map((key) => ({
            title: content.suggestions.orders[key]?.text ?? key,
            definitionCanonical: `${canonicalBase}/ActivityDefinition/${activityId(key)}|${content.pathway.version}`,
          })),
        }
      : {}),
  }
}

const activityId = (key: string) => `order-${key}`

function activityDefinitions(content: Content, dated: Dated): ActivityDefinition[] {
  return Object.entries(content.suggestions.orders).map(([key, { resource, text, code, priority }]) => {
    const id = activityId(key)
    const concept = {
      ...(code ? { coding: [{ system: code.system, code: code.code, display: code.display }] } : {}),
      text,
    }
    return {
      resourceType: 'ActivityDefinition',
      ...about(
        content,
        'ActivityDefinition',
        {
          ...{ id, name: nameOf(id), title: text },
          description: `What a card drafts with one click: ${text}.`,
        },
        dated,
      ),
      kind: resource,
      intent: 'proposal',
      ...(priority ? { priority } : {}),
      ...(resource === 'MedicationRequest' ? { productCodeableConcept: concept } : { code: concept }),
    }
  })
}

/** Rows by the key of their value set: the groups that rules and facts name, and those by which a draft order is told. */
export const rowsOfSets = (content: Content): ReadonlyMap<string, readonly CodeRow[]> =>
  new Map([...Map.groupBy(content.codes.rows, ({ key }) => key), ...orderSets(content)])

function valueSets(content: Content, { means }: Exportable, dated: Dated): ValueSet[] {
  return [...rowsOfSets(content)].map(([key, rows]) => {
    const id = idOf(key)
    const systems = Map.groupBy(rows, ({ system }) => system)
    return {
      resourceType: 'ValueSet',
      ...about(
        content,
        'ValueSet',
        { ...{ id, name: nameOf(id), title: key }, description: describedBy(key, means.get(key), rows) },
        dated,
      ),
      compose: {
        include: [...systems].map(([system, coded]) => ({
          system,
          concept: coded.map(({ code, display }) => ({ code, display })),
        })),
      },
    }
  })
}

/** What it stands for, and where each code was read. */
function describedBy(key: string, meant: string | undefined, rows: readonly CodeRow[]): string {
  const sources = [...new Set(rows.map(({ source }) => source))].filter(Boolean)
  return `${meant ?? `Codes by which a draft order is told: ${key}.`} Read in: ${sources.join('; ')}.`
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
    {
      ...{ id: 'rules', name: 'LumbarRuleCodes', title: `${content.pathway.title}: codes of rules` },
      description: 'What the actions of the plans, and the topics of cards, name: each rule of the pathway.',
    },
    dated,
  ),
  url: ruleSystem,
  caseSensitive: true,
  content: 'complete',
  concept: content.rules.map(({ code, title }) => ({ code, display: title })),
})

export function definitionsOf(content: Content, exportable: Exportable, dated: Dated): FhirResource[] {
  return [
    ...libraries(content, exportable, dated),
    rulesAsCodes(content, dated),
    ...planDefinitions(content, exportable.rules, dated),
    ...activityDefinitions(content, dated),
    ...valueSets(content, exportable, dated),
    { ...questionnaireOf(content), ...publishing(dated) },
  ]
}
