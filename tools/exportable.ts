/** What `npm run export` writes and its tests look at: both libraries in CQL and ELM, and an example that a stranger can try. */
import { resolve } from 'node:path'
import { hookCall, loadOrder, loadPatient } from '../fhir-fixtures/load.ts'
import { createEvaluator } from '../src/evaluate.ts'
import { valueSetUrl } from '../src/export/about.ts'
import { answersAsParameters, applyBody } from '../src/export/answers.ts'
import { chartInCql } from '../src/export/chart.ts'
import { rulesInCql } from '../src/export/cql.ts'
import type { Exportable } from '../src/export/libraries.ts'
import type { Example } from '../src/export/package.ts'
import { parseCall } from '../src/hooks/call.ts'
import { services } from '../src/hooks/services.ts'
import type { Content } from '../src/pathway/content.ts'
import { translate } from './translate-cql.ts'

const root = resolve(import.meta.dirname, '..')

export function exportableOf(content: Content): Exportable {
  const rules = rulesInCql(content)
  const chart = chartInCql(content, rules.parameters, valueSetUrl)
  return { rules, chart, elm: { rules: translate(rules.text), chart: translate(chart.text) } }
}

/** An invented patient in the second week of back pain, and what Lumbar knows of her when an MRI is signed: IM01 speaks. */
export async function examplesOf(content: Content, today: string): Promise<Example[]> {
  const hook = 'order-sign'
  const patient = loadPatient(root, 'acute-week-two', today)
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
  const { record, decisions } = await evaluator.explain(parseCall(body, service))
  const facts = new Map(decisions.flatMap((decision) => [...decision.facts]))
  if (!record.patient) throw new Error('the example has no patient')
  const answers = answersAsParameters(facts, rulesInCql(content).parameters)
  return [
    { name: 'Patient-acute-week-two', resource: record.patient },
    { name: 'apply-IM01', resource: applyBody(`Patient/${record.patient.id}`, answers) },
  ]
}
