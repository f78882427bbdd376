/** Somebody else's engine runs the package: HAPI with its clinical reasoning loads it, applies its plans and reads charts by it. */
import type { CarePlan, FhirResource, Parameters, RequestGroup } from 'fhir/r4.js'
import { beforeAll, expect, test } from 'vitest'
import { hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import { answersAsParameters, applyBody } from '../../src/export/answers.ts'
import { definitionsOf } from '../../src/export/resources.ts'
import type { Subject } from '../../src/pathway/schema.ts'
import { examplesOf, exportableOf } from '../../tools/exportable.ts'
import { content, explain, explainBody, vignettes } from '../support/evaluated.ts'
import { root } from '../support/evaluator.ts'
import { describeWithHapi } from './support.ts'

/** Of one vignette: what is known, and which headlines may speak. */
interface Spoken {
  vignette: string
  kind: Subject
  answers: Parameters
  codes: readonly string[]
}

describeWithHapi('HAPI', ({ base, today }) => {
  const exportable = exportableOf(content)
  const { rules, chart } = exportable
  const applied = (plan: string, body: FhirResource) =>
    post<CarePlan>(`${base}/PlanDefinition/${plan}/$apply`, body)

  beforeAll(async () => {
    // Of what the validator is asked about elsewhere, nothing.
    const needed = new Set(['Library', 'PlanDefinition', 'ActivityDefinition', 'ValueSet'])
    // One after the other: in one transaction HAPI takes minutes for the value sets, and side by side it rolls some back.
    for (const resource of definitionsOf(content, exportable, { date: '2026-11-21' }))
      if (needed.has(resource.resourceType))
        await send(`${base}/${resource.resourceType}/${resource.id}`, 'PUT', resource)
  })

  test('gives the IM01 verdict for the example of the package', async () => {
    const [patient, example] = await examplesOf(content, today)
    expect(patient?.resource.id).toBe('acute-week-two')
    if (!example) throw new Error('there is no example')
    expect(codesOf(await applied('lumbar-order-sign', example.resource), 'lumbar-imaging')).toEqual(['IM01'])
  })

  test('gives it from the chart alone, as docs/export.md has it', async () => {
    const examples = new Map((await examplesOf(content, today)).map(({ name, resource }) => [name, resource]))
    const [inCodes, beside] = [examples.get('chart-in-codes'), examples.get('evaluate-chart-in-codes')]
    if (!inCodes || !beside) throw new Error('the examples are not there')
    await send(base, 'POST', inCodes)
    const told = await post<Parameters>(`${base}/Library/LumbarChart/$evaluate`, beside)
    const answers: Parameters = {
      resourceType: 'Parameters',
      parameter: told.parameter?.filter(
        (each) => 'valueBoolean' in each || 'valueString' in each || 'valueRange' in each,
      ),
    }
    const plan = await applied('lumbar-order-sign', applyBody('Patient/acute-week-two-coded', answers))
    expect(codesOf(plan, 'lumbar-imaging')).toEqual(['IM01'])
  })

  test('lets the same headlines speak as the service', async () => {
    const spoken = await firstOfEach()
    expect(spoken.length).toBeGreaterThan(15)
    for (const { vignette, kind, answers, codes } of spoken) {
      const plan = kind === 'chart-view' ? 'lumbar-patient-view' : 'lumbar-order-sign'
      const theirs = codesOf(await applied(plan, applyBody('Patient/acute-week-two', answers)), kind)
      expect([vignette, theirs.toSorted()]).toEqual([vignette, codes.toSorted()])
    }
  })

  test.each(['cancer-history', 'cauda-equina', 'osteoporosis'])(
    'reads the chart of %s as the service',
    async (id) => {
      const vouched: Parameters = {
        resourceType: 'Parameters',
        parameter: [{ name: 'today', valueDate: today }],
      }
      const told = await post<Parameters>(`${base}/Library/LumbarChart/$evaluate`, applyBody(id, vouched))
      const theirs = new Map(told.parameter?.map((each) => [each.name, each.valueBoolean]))
      const patient = loadPatient(root, id, today)
      const orders = [loadOrder(root, 'lumbar-mri')]
      const call = hookCall({ patient, orders, hook: 'order-sign', queries: content.queries, today })
      const { decisions } = await explainBody(call, today)
      const ours = new Map(decisions.flatMap(({ facts }) => [...facts]))
      const answered = [...chart.facts.keys()].filter((name) => typeof theirs.get(name) === 'boolean')
      const inCommon = answered.filter((name) => ours.has(name))
      expect(inCommon.map((name) => [name, theirs.get(name)])).toEqual(
        inCommon.map((name) => [name, ours.get(name)?.value]),
      )
      // The sign that its chart is about, and that she is an adult.
      expect(answered.filter((name) => theirs.get(name)).length).toBeGreaterThan(1)
    },
  )

  /** Vignettes until each headline of order-sign has spoken once. */
  async function firstOfEach(): Promise<Spoken[]> {
    const spoken: Spoken[] = []
    const heard = new Set<string>()
    for (const vignette of vignettes) {
      const { decisions } = await explain(vignette)
      const shared = decisions.flatMap(({ facts }) => [...facts])
      for (const { kind, facts, headlines, conditions } of decisions) {
        const codes = headlines.flatMap(({ id, code }) => (conditions.has(id) ? [] : [code]))
        const said = codes.filter((code) =>
          rules.speaking.some((each) => each.kind === kind && each.rule.code === code),
        )
        if (said.every((code) => heard.has(code))) continue
        for (const code of said) heard.add(code)
        spoken.push({
          vignette: vignette.vignette,
          kind,
          answers: answersAsParameters(new Map([...shared, ...facts]), rules.parameters),
          codes: said,
        })
      }
    }
    return spoken
  }
})

/** Of the headlines on one kind of order: the plan of a hook knows them all. */
function codesOf(plan: CarePlan, kind: Subject): string[] {
  const groups = (plan.contained ?? []).filter(
    (each): each is RequestGroup => each.resourceType === 'RequestGroup',
  )
  return groups.flatMap(({ action = [] }) =>
    action.flatMap(({ code, condition }) =>
      condition?.some(({ expression }) => expression?.expression?.endsWith(` on ${kind}`))
        ? (code?.[0]?.coding?.[0]?.code ?? [])
        : [],
    ),
  )
}

const post = async <T>(url: string, body: FhirResource) => (await send(url, 'POST', body)) as T

async function send(url: string, method: string, body: FhirResource): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
