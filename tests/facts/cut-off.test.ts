/** Lists that were cut off after their newest entries: facts whose look-back they cover are known, and no others. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { parameterOf } from '../../src/facts/lookups.ts'
import { evaluatorWith, realContent } from '../support/evaluator.ts'

const content = realContent()
const evaluator = evaluatorWith()
const day = (ago: number) => new Date(Date.UTC(2026, 10, 21) - ago * 86_400_000).toISOString().slice(0, 10)
const us = { reference: 'Patient/p1' }
const mri = {
  resourceType: 'ServiceRequest',
  id: 'mri',
  status: 'draft',
  subject: us,
  code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] },
  reasonCode: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] }],
}

const types = Object.entries(content.queries).filter(([, query]) => query['dated-by'].length > 0)
/** Facts that look in one kind of list for something with a date. */
const looking = Object.entries(content.facts).flatMap(([name, fact]) =>
  fact.kind === 'condition' || fact.kind === 'service' || fact.kind === 'observation'
    ? [{ name, fact, reads: fact.kind === 'observation' ? ['Observation'] : (fact.in as readonly string[]) }]
    : [],
)

/** Entries of this type that say nothing, the oldest of them so many days ago. */
function cutList(type: string, dated: string, deepest: number) {
  const entries = [0, Math.floor(deepest / 2), deepest].map((ago, n) => ({
    resource: {
      resourceType: type,
      id: `x${n}`,
      status: 'finished',
      subject: us,
      code: { coding: [{ system: 'http://loinc.org', code: '0000-0' }] },
      medicationCodeableConcept: { text: 'lisinopril 10 mg tablet' },
      [dated]: dated === 'period' ? { start: day(ago) } : day(ago),
    } as unknown as FhirResource,
  }))
  return { resourceType: 'Bundle', type: 'searchset', link: [{ relation: 'next', url: 'x' }], entry: entries }
}

async function factsWith(key: string, list: unknown) {
  const whole = Object.fromEntries(Object.values(content.queries).map((query) => [query.key, null]))
  const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1980-05-05' }
  const { decisions } = await evaluator.explain({
    hook: 'order-sign',
    hookInstance: 'cut-off',
    patientId: 'p1',
    draftOrders: [mri],
    prefetch: { ...whole, patient, [key]: list },
  })
  return decisions[0]?.facts ?? new Map()
}

/** Days that a fact looks back; undefined for all time. */
function lookBack(fact: (typeof looking)[number]['fact'], type: string): number | undefined {
  const active = type === 'Condition' || type === 'AllergyIntolerance'
  if (fact.kind === 'condition') {
    if (fact.undated === 'only') return active ? undefined : 0
    if (active && (fact['or-active'] || (fact['from-abatement'] && fact.status !== 'active')))
      return undefined
  }
  // What only adds where it is there asks for no list.
  if (fact.kind === 'service' && fact['adds-only']) return 0
  const within = fact.within === undefined ? undefined : parameterOf(content, fact.within)
  const ifActive = fact.kind === 'condition' && fact['within-if-active']
  return within === undefined || !ifActive ? within : Math.max(within, parameterOf(content, ifActive))
}

describe.each(types)('%s', (type, { key, 'dated-by': [dated = ''] }) => {
  test.each([5, 30, 120, 400, 2000])(
    'PF-11: cut off %i days ago answers what looks back less far',
    async (deepest) => {
      const facts = await factsWith(key, cutList(type, dated, deepest))
      // The oldest day and the one after it are not whole.
      const covered = deepest - 2
      const wrong = looking
        .filter(({ name, reads }) => reads.includes(type) && facts.has(name))
        .filter(({ name, fact }) => {
          const back = lookBack(fact, type)
          const inEpisode = fact.kind === 'service' && fact['in-episode']
          // An entry that may be one is more than a list that was cut off.
          if (inEpisode || (facts.get(name)?.evidence.length ?? 0) > 0) return false
          return (facts.get(name)?.value === false) !== (back !== undefined && back <= covered)
        })
      expect(wrong.map(({ name }) => name)).toEqual([])
    },
  )
})

test.each([
  [400, undefined],
  [2000, false],
])(
  'PF-11: prescriptions cut off %i days ago answer for medicines only beyond what may still be open',
  async (deepest, value) => {
    const facts = await factsWith('medicationRequests', cutList('MedicationRequest', 'authoredOn', deepest))
    for (const fact of ['immune-medicine', 'steroid-supply', 'bone-medicine'])
      expect(facts.get(fact)?.value, fact).toBe(value)
  },
)

test('the lists of the tests hold something that decides', async () => {
  const facts = await factsWith('observations', cutList('Observation', 'effectiveDateTime', 400))
  const known = looking.filter(({ name }) => facts.get(name)?.value === false)
  expect(known.length).toBeGreaterThan(20)
  expect(
    looking.filter(({ name }) => facts.has(name) && facts.get(name)?.value === undefined).length,
  ).toBeGreaterThan(0)
})
