/** What `npm run export` writes and its tests look at: both libraries in CQL and ELM, and an example that a stranger can try. */
import { resolve } from 'node:path'
import type { Bundle, FhirResource, Parameters } from 'fhir/r4.js'
import { hookCall, loadOrder, loadPatient } from '../fhir-fixtures/load.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { valueSetUrl } from '../src/export/about.ts'
import { answersAsParameters, applyBody } from '../src/export/answers.ts'
import { chartInCql } from '../src/export/chart.ts'
import { chartParameters } from '../src/export/chart-told.ts'
import { rulesInCql } from '../src/export/cql.ts'
import type { Exportable } from '../src/export/libraries.ts'
import type { Example } from '../src/export/package.ts'
import { parseCall } from '../src/hooks/call.ts'
import { services } from '../src/hooks/services.ts'
import type { Content } from '../src/pathway/content.ts'
import { loadDefinitions } from '../src/pathway/definitions.ts'
import { withoutWords } from './codes-only.ts'
import { translate } from './translate-cql.ts'

const root = resolve(import.meta.dirname, '..')

export function exportableOf(content: Content): Exportable {
  const rules = rulesInCql(content)
  const chart = chartInCql(content, rules.parameters, valueSetUrl)
  const elm = { rules: translate(rules.text), chart: translate(chart.text) }
  return { rules, chart, elm, means: meanings() }
}

/** By set and group, as `pathway/codes/definitions.yaml` has it. */
export function meanings(): ReadonlyMap<string, string> {
  const { sets } = loadDefinitions(root)
  return new Map(
    Object.entries(sets).flatMap(([set, { groups }]) =>
      Object.entries(groups).map(([group, { means }]) => [`${set}/${group}`, means] as const),
    ),
  )
}

/**
 * An invented patient in the second week of back pain when an MRI is signed, and IM01 speaks: what Lumbar knows of her; and her
 * chart in codes alone, with what the reading of charts is told beside it.
 */
export async function examplesOf(content: Content, today: string): Promise<Example[]> {
  const hook = 'order-sign'
  const id = 'acute-week-two'
  const patient = loadPatient(root, id, today)
  const body = hookCall({
    patient,
    orders: [loadOrder(root, 'lumbar-mri')],
    hook,
    queries: content.queries,
    today,
  })
  const [service] = services.filter((each) => each.hook === hook)
  if (!service) throw new Error(`no service answers ${hook}`)
  const evaluator = createEvaluator(content, { today: () => today, newId: () => hook })
  const { record, orders, decisions } = await evaluator.explain(parseCall(body, service))
  const facts = new Map(decisions.flatMap((decision) => [...decision.facts]))
  const draft = orders[0]?.draft.resource
  if (!record.patient || !draft) throw new Error('the example has no patient, or no order')
  const answers = answersAsParameters(facts, rulesInCql(content).parameters)
  const coded = `${id}-coded`
  const inCodes = <T extends FhirResource>(resource: T): T =>
    JSON.parse(JSON.stringify(withoutWords(resource)).replaceAll(id, coded)) as T
  return [
    { name: `Patient-${id}`, resource: record.patient },
    { name: 'apply-IM01', resource: applyBody(`Patient/${record.patient.id}`, answers) },
    { name: 'chart-in-codes', resource: transactionOf(patient.resources.map(inCodes).filter(isStillSaid)) },
    {
      name: 'evaluate-chart-in-codes',
      resource: applyBody(
        coded,
        chartBody(inCodes(draft), { today, visit: record.encounterId?.replace(id, coded) }),
      ),
    },
  ]
}

/** What words alone said is not in a chart of codes. */
const isStillSaid = (resource: FhirResource) =>
  !['Condition', 'AllergyIntolerance', 'Procedure'].includes(resource.resourceType) || 'code' in resource

const transactionOf = (resources: readonly FhirResource[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  })),
})

/** What is given beside a chart of which everything came, in codes alone: the order, the visit, and the caller's word. */
function chartBody(
  draft: FhirResource,
  { today, visit }: { today: string; visit: string | undefined },
): Parameters {
  const order = draft.resourceType === 'MedicationRequest' ? 'drafted medicine' : 'drafted service'
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'today', valueDate: today },
      { name: order, resource: draft },
      ...(visit ? [{ name: 'visit', valueString: visit }] : []),
      ...chartParameters.flatMap(({ name, type: [type] }) =>
        type === 'Boolean' ? [{ name, valueBoolean: true }] : [],
      ),
    ],
  }
}
