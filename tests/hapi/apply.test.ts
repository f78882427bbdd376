/** Somebody else's engine runs the package: HAPI with its clinical reasoning loads it and applies its plan. */
import type { CarePlan, FhirResource, RequestGroup } from 'fhir/r4.js'
import { beforeAll, expect, test } from 'vitest'
import { definitionsOf } from '../../src/export/resources.ts'
import { examplesOf, exportableOf } from '../../tools/exportable.ts'
import { content } from '../support/evaluated.ts'
import { describeWithHapi } from './support.ts'

describeWithHapi('HAPI', ({ base, today }) => {
  beforeAll(async () => {
    // Of what the validator is asked about elsewhere, nothing.
    const needed = new Set(['Library', 'PlanDefinition', 'ActivityDefinition'])
    for (const resource of definitionsOf(content, exportableOf(content), { date: '2026-11-21' }))
      if (needed.has(resource.resourceType))
        await send(`${base}/${resource.resourceType}/${resource.id}`, 'PUT', resource)
  })

  test('gives the IM01 verdict for the example of the package', async () => {
    const [patient, example] = await examplesOf(content, today)
    expect(patient?.resource.id).toBe('acute-week-two')
    if (!example) throw new Error('there is no example')
    const plan = await send(`${base}/PlanDefinition/lumbar-order-sign/$apply`, 'POST', example.resource)
    expect(codesOf(plan as CarePlan)).toEqual(['IM01'])
  })
})

/** Of the headlines on imaging: the plan of a hook knows those on other orders too. */
function codesOf(plan: CarePlan): string[] {
  const groups = (plan.contained ?? []).filter(
    (each): each is RequestGroup => each.resourceType === 'RequestGroup',
  )
  return groups.flatMap(({ action = [] }) =>
    action.flatMap(({ code, condition }) =>
      condition?.some(({ expression }) => expression?.expression?.endsWith(' on lumbar-imaging'))
        ? (code?.[0]?.coding?.[0]?.code ?? [])
        : [],
    ),
  )
}

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
