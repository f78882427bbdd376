/** What the page about data says of each absence is what the service does. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { answerPrefetch, loadOrder } from '../fhir-fixtures/load.ts'
import { dataPage } from '../src/docs/pages.ts'
import { evaluatorWith, realContent, root } from './support/evaluator.ts'

const content = realContent()
const evaluator = evaluatorWith()
const page = dataPage({ content, reads: (fact) => evaluator.readsOf([fact]) })
const rows = new Map(
  page
    .split('## What each absence does')[1]
    ?.split('\n')
    .flatMap((line): [string, string[]][] => {
      const [, key, ...cells] = line.split('|').map((each) => each.trim())
      return key?.startsWith('`') ? [[key.replaceAll('`', ''), cells]] : []
    }),
)

const us = { reference: 'Patient/p1' }
const backPain = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] }
const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1986-05-05', gender: 'female' }
const problem = {
  resourceType: 'Condition',
  id: 'pain',
  subject: us,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: backPain,
  onsetDateTime: '2026-11-11',
  recordedDate: '2026-11-11',
}
const chart = [patient, problem] as unknown as FhirResource[]

async function mainCard(order: string, missing: readonly string[]) {
  const { planned } = await evaluator.explain({
    hook: 'order-sign',
    hookInstance: 'absence',
    patientId: 'p1',
    draftOrders: [{ ...loadOrder(root, order), subject: us, reasonCode: [backPain] }],
    prefetch: answerPrefetch(content.queries, chart, undefined, { missing }),
  })
  return planned[0]
}

describe.each([
  ['lumbar-mri', 1],
  ['oxycodone', 2],
] as const)('of a plain chart with %s drafted', (order, column) => {
  test.each(Object.values(content.queries).filter(({ required }) => !required))(
    'PF-12: the page is right about what happens when $key does not come',
    async ({ key }) => {
      const told = rows.get(key)?.[column] ?? ''
      const whole = await mainCard(order, [])
      const card = await mainCard(order, [key])
      const isSame = card?.headline === whole?.headline
      const effect = isSame ? (card?.conditions.length ? 'asks to make sure of ' : 'as with it') : 'held back'
      expect(told.slice(0, effect.length), told).toBe(effect)
      for (const { fact } of card?.conditions ?? []) expect(told).toContain(content.facts[fact]?.noun)
      expect(whole?.conditions).toEqual([])
    },
  )
})
