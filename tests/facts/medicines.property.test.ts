/**
 * Every fact about medicines gives the same answer whatever shape one and the same medicine comes in: by which resource,
 * in which version of FHIR, behind which reference, by which code, in which words.
 */
import fc from 'fast-check'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { answerPrefetch, callBody } from '../../fhir-fixtures/load.ts'
import { compileFacts } from '../../src/facts/find-facts.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { CodeRow } from '../../src/pathway/codes.ts'
import type { FactOf } from '../../src/pathway/schema.ts'
import { queries } from '../language/vignette.ts'
import { gather } from '../support/gather.ts'
import { ago, content, today } from './support.ts'
import { concept, productsOf, rxnorm, subject, tellings, tellingsFor } from './tellings.ts'

const facts = Object.entries(content.facts).flatMap(([name, fact]) =>
  fact.kind === 'medication' ? [{ name, fact }] : [],
)
const finder = compileFacts(content)
const [view] = services.filter(({ hook }) => hook === 'patient-view')

async function answerOf(name: string, ...resources: object[]) {
  if (!view) throw new Error('there is no service for the opened chart')
  const chart: FhirResource[] = [
    { resourceType: 'Patient', id: 'p1', birthDate: '1970-05-05' },
    {
      resourceType: 'Condition',
      id: 'pain',
      subject,
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50' }] },
      onsetDateTime: ago(120),
    },
    ...(resources as FhirResource[]),
  ]
  const unasked = chart.filter(({ resourceType }) => !queries[resourceType])
  const prefetch = {
    ...answerPrefetch(queries, chart, undefined),
    included: {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: unasked.map((resource) => ({ resource })),
    },
  } as Record<string, FhirResource | null>
  const body = callBody({ hook: 'patient-view', patientId: 'p1', encounter: undefined, drafts: [], prefetch })
  const record = await gather(parseCall(body, view), content.queries)
  return finder.open(record, today).find(finder.openedChart, [name]).get(name)
}

/** A few products of each group, ingredients first. */
function samplesOf(fact: FactOf<'medication'>): CodeRow[] {
  const { codes, 'except-codes': except = [], 'only-named': only } = fact
  const keys = new Set(
    Object.entries(codes).flatMap(([set, groups]) => groups.map((group) => `${set}/${group}`)),
  )
  const rows = content.codes.rows.filter(
    ({ key, code, display, system }) =>
      keys.has(key) &&
      !except.includes(code) &&
      system === rxnorm &&
      (!only || only.some((each) => display.includes(each))),
  )
  const named = rows.filter(
    ({ display, columns }) => columns.tty !== 'part' && /^[a-z][a-z /-]+$/i.test(display),
  )
  const products = rows.filter(
    ({ columns, display, group }) =>
      columns.tty !== 'part' &&
      // A pack is named by all that it holds; of methadone only one form is for nothing but opioid use disorder.
      !display.startsWith('{') &&
      (group !== 'methadone-oud-form' || display.includes('for Oral Suspension')),
  )
  // Of an injection or a cream nobody can say that it goes the way that the fact asks for, nor of most brands.
  const isOral = ({ display, columns }: CodeRow) =>
    columns.tty !== 'BN' && /oral|tablet|capsule/i.test(display)
  return fact.route
    ? [...named.filter(({ columns }) => columns.tty !== 'BN'), ...products.filter(isOral)]
    : [...named, ...products]
}

describe.each(facts)('$name', ({ name, fact }) => {
  const samples = samplesOf(fact)

  test('hears the same medicine in every shape', { timeout: 120_000 }, async () => {
    expect(samples.length).toBeGreaterThan(0)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.constantFrom(...tellingsFor(fact)),
        async (row, at, telling) => {
          const products = productsOf(row)
          const product = products[at % products.length]
          if (!product) return
          const resource = { id: 'r1', ...telling.resource, ...product.element }
          const known = await answerOf(name, resource, ...(product.beside ?? []))
          expect(known?.value, `${row.display} (${row.key}) as ${telling.said}, ${product.said}`).toBe(true)
        },
      ),
      { numRuns: 150, seed: 7 },
    )
  })

  test('does not hear one that was never taken, stopped in words, or is another medicine', async () => {
    const [row] = samples
    const taken = tellings[0]?.resource ?? {}
    const none = [
      { status: 'entered-in-error' },
      { status: 'Cancelled' },
      { status: 'draft' },
      { doNotPerform: true },
      { intent: 'proposal' },
      { medicationCodeableConcept: { text: 'atorvastatin 10 mg' } },
    ]
    for (const more of none) {
      const coded = { medicationCodeableConcept: concept(row, row?.display) }
      const known = await answerOf(name, { id: 'r1', ...taken, ...coded, ...more })
      expect(known?.value, JSON.stringify(more)).toBe(false)
    }
  })

  test('cannot tell where a medicine cannot be named', async () => {
    const taken = tellings[0]?.resource ?? {}
    const nameless = [
      {},
      { medicationCodeableConcept: { text: 'see list' } },
      { medicationCodeableConcept: { coding: [{ system: 'urn:oid:1.2.3', code: '4711' }] } },
      { medicationReference: { reference: 'Medication/elsewhere' } },
      { medicationReference: { identifier: { value: '9' } } },
      { medication: { concept: {} } },
    ]
    for (const more of nameless) {
      const known = await answerOf(name, { id: 'r1', ...taken, ...more })
      expect(known?.value, JSON.stringify(more)).toBeUndefined()
      expect(known?.evidence.map(({ how }) => how)).toEqual(['not-read'])
    }
  })
})
