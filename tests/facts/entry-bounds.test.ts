/** What one entry and one record may bring: beyond it nothing is taken for "not there", and log and card say so. */
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { mostRead } from '../../src/facts/reading/reader.ts'
import type { HookCall } from '../../src/hooks/call.ts'
import { reported } from '../../src/hooks/line.ts'
import { EntryBounds, mostOfEntry } from '../../src/record/entry-bounds.ts'
import { evaluatorWith, realContent } from '../support/evaluator.ts'

const content = realContent()
const evaluator = evaluatorWith()
const us = { reference: 'Patient/p1' }
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
const backPain = { coding: [{ system: icd10, code: 'M54.50' }] }
const caudaEquina = { coding: [{ system: icd10, code: 'G83.4', display: 'Cauda equina syndrome' }] }
const mri = {
  resourceType: 'ServiceRequest',
  id: 'mri',
  status: 'draft',
  subject: us,
  code: { coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '72148' }] },
  reasonCode: [backPain],
}
const oxycodone = {
  resourceType: 'MedicationRequest',
  id: 'oxycodone',
  status: 'draft',
  subject: us,
  medicationCodeableConcept: { text: 'oxycodone 5 mg tablet' },
  dosageInstruction: [{ text: 'take 1 tablet every 6 hours' }],
}
const condition = { resourceType: 'Condition', id: 'c1', subject: us, recordedDate: '2026-11-15' }
const toothache = { coding: [{ system: icd10, code: 'K08.8' }] }
const many = <T>(what: T, count = mostOfEntry.list): T[] => Array.from({ length: count }, () => what)
const inside = (depth: number): unknown => (depth === 0 ? 'x' : { extension: [inside(depth - 1)] })
const bundle = (...resources: unknown[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
})
const whole = Object.fromEntries(Object.values(content.queries).map(({ key }) => [key, null]))

function callWith(drafts: readonly unknown[], chart: readonly FhirResource[] = []): HookCall {
  const lists: Record<string, unknown> = {}
  for (const { resourceType } of chart) {
    const { key = resourceType } = content.queries[resourceType] ?? {}
    lists[key] = bundle(...chart.filter((each) => each.resourceType === resourceType))
  }
  return {
    hook: 'order-sign',
    hookInstance: 'bounds',
    patientId: 'p1',
    draftOrders: bundle(...drafts),
    prefetch: {
      ...whole,
      patient: { resourceType: 'Patient', id: 'p1', birthDate: '1980-05-05', gender: 'female' },
      ...lists,
    },
  }
}

async function factOf(fact: string, call: HookCall) {
  const { decisions } = await evaluator.explain(call)
  return decisions[0]?.facts.get(fact)
}

const chartOf = (resource: object) => [{ ...condition, ...resource } as unknown as FhirResource]
const longNote = { text: `${'well '.repeat(mostOfEntry.text / 5)}cauda equina syndrome` }
/** What says "cauda equina", behind what is read of one entry; and what does so within it. */
const behind: readonly [string, object, object][] = [
  [
    'codings of a concept',
    { code: { coding: [...many(toothache.coding[0]), ...caudaEquina.coding] } },
    { code: { coding: [...many(toothache.coding[0], 60), ...caudaEquina.coding] } },
  ],
  [
    'elements of a list',
    { code: { text: 'see note' }, note: [...many({ text: 'well' }), { text: 'cauda equina syndrome' }] },
    { code: { text: 'see note' }, note: [...many({ text: 'well' }, 60), { text: 'cauda equina syndrome' }] },
  ],
  [
    'a text',
    { code: { text: 'see note' }, note: [longNote] },
    { code: { text: 'see note' }, note: [{ text: 'cauda equina syndrome' }] },
  ],
  [
    'all texts together',
    { extension: many({ valueString: 'x'.repeat(1000) }, 150), code: caudaEquina },
    { extension: many({ valueString: 'x'.repeat(1000) }, 50), code: caudaEquina },
  ],
  [
    'parts in all',
    { extension: many({ extension: many({ valueString: 'x' }, 50) }, 100), code: caudaEquina },
    { extension: many({ extension: many({ valueString: 'x' }, 5) }, 100), code: caudaEquina },
  ],
  [
    'parts inside one another',
    { extension: [inside(60)], code: toothache },
    { extension: [inside(6)], code: caudaEquina },
  ],
]

describe('SEC-14: of a chart entry that brings more than is read', () => {
  test.each(behind)('%s are unknown, and within the bounds known', async (_what, beyond, within) => {
    const known = await factOf('cauda-equina-coded', callWith([mri], chartOf(within)))
    const unknown = await factOf('cauda-equina-coded', callWith([mri], chartOf(beyond)))
    expect(known?.value).toBe(true)
    // What was read before the cut still warns.
    expect([undefined, true]).toContain(unknown?.value)
    const flag = await factOf('fever-coded', callWith([mri], chartOf(beyond)))
    expect([flag?.value, flag?.evidence.map(({ how }) => how)]).toEqual([undefined, ['not-read']])
  })

  test('a red flag behind the cut makes the answer "cannot tell", never "not there"', async () => {
    for (const [, beyond] of behind.slice(0, 3)) {
      const call = callWith([mri], chartOf(beyond))
      expect((await factOf('cauda-equina-coded', call))?.value).toBeUndefined()
      const { cards } = await evaluator.evaluate(call)
      expect(cards[0]?.detail).toContain('Could not be read: 1 in problems and diagnoses')
    }
  })

  test('the log says how many, and which list is not whole', async () => {
    const { report } = await evaluator.evaluate(callWith([mri], chartOf(behind[0]?.[1] ?? {})))
    expect(report && reported(report)).toMatchObject({
      entriesCut: 1,
      lacking: expect.arrayContaining(['conditions']),
    })
  })
})

describe('SEC-14: of other entries', () => {
  test.each([
    [
      'components of an observation',
      {
        resourceType: 'Observation',
        status: 'final',
        code: toothache,
        component: many({ code: toothache }, 201),
      },
    ],
    [
      'reasons of a visit',
      { resourceType: 'Encounter', status: 'finished', reasonCode: many(toothache, 201) },
    ],
    [
      'reports of a procedure',
      { resourceType: 'Procedure', status: 'completed', code: toothache, report: many(us, 201) },
    ],
  ])('%s that nobody reads leave what it may say unknown', async (_what, resource) => {
    const { decisions, record } = await evaluator.explain(callWith([mri], chartOf(resource)))
    const asked = Object.entries(content.facts).flatMap(([name, fact]) =>
      fact.kind === 'condition' && (fact.in as string[]).includes(resource.resourceType) ? [name] : [],
    )
    expect(record.entriesCut()).toBe(1)
    const wrong = asked.filter((name) => decisions[0]?.facts.get(name)?.value === false)
    // Dated entries alone can be left out of a window; these have no date.
    expect(wrong).toEqual([])
  })

  test('a dose is open upwards where dosages were not read', async () => {
    const taken = { ...oxycodone, status: 'active', intent: 'order', authoredOn: '2026-11-20' }
    const dosages = [...many({ text: 'see leaflet' }), { text: 'take 4 tablets every 4 hours' }]
    const dosed = { ...taken, id: 'm2', dosageInstruction: dosages } as unknown as FhirResource
    const inChart = await factOf('mme-per-day', callWith([oxycodone], [dosed]))
    expect(inChart?.value).toMatchObject({ high: Number.POSITIVE_INFINITY })
    const drafted = await factOf('mme-per-day', callWith([{ ...oxycodone, dosageInstruction: dosages }]))
    expect(drafted?.value).toMatchObject({ high: Number.POSITIVE_INFINITY })
  })

  test('a medicine is unknown where the product that it refers to was not read whole', async () => {
    const product = {
      resourceType: 'Medication',
      id: 'product',
      ingredient: [
        ...many({ itemCodeableConcept: { text: 'lactose' } }),
        { itemCodeableConcept: { text: 'diazepam' } },
      ],
    }
    const order = {
      ...oxycodone,
      id: 'm3',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-11-20',
      medicationCodeableConcept: undefined,
      medicationReference: { reference: 'Medication/product' },
    }
    const chart = [order, product] as unknown as FhirResource[]
    expect((await factOf('benzodiazepine', callWith([oxycodone], chart)))?.value).toBeUndefined()
  })
})

describe('SEC-14: of a drafted order that brings more than is read', () => {
  test('reasons are unknown', async () => {
    const draft = { ...mri, reasonCode: [...many(toothache), caudaEquina] }
    expect((await factOf('cauda-equina-coded', callWith([draft])))?.value).toBeUndefined()
    expect((await factOf('competing-reason', callWith([draft])))?.value).not.toBe(false)
  })

  test('a code that nobody reached is an order that was not judged', async () => {
    const draft = { ...mri, code: { coding: [...many(toothache.coding[0]), ...mri.code.coding] } }
    const { passedOver } = await evaluator.explain(callWith([draft]))
    expect(passedOver).toBe(1)
  })
})

describe('SEC-14: of a record that brings more different texts than are read', () => {
  const problems = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...condition,
      id: `c${n}`,
      code: { text: `complaint ${n} of` },
    }))
  const last = { ...condition, id: 'last', code: { text: 'cauda equina syndrome' } }

  test('the last is known while all are read, and unknown beyond', async () => {
    const chart = (count: number) => [...problems(count), last] as unknown as FhirResource[]
    expect((await factOf('cauda-equina-coded', callWith([mri], chart(mostRead.texts / 2))))?.value).toBe(true)
    const unknown = await factOf('cauda-equina-coded', callWith([mri], chart(mostRead.texts + 10)))
    expect([unknown?.value, unknown?.gaps]).toEqual([undefined, ['Condition']])
  })

  test('reasons of the order are read first', async () => {
    const draft = { ...mri, reasonCode: [{ text: 'cauda equina syndrome' }] }
    const chart = problems(mostRead.texts + 10) as unknown as FhirResource[]
    expect((await factOf('cauda-equina-coded', callWith([draft], chart)))?.value).toBe(true)
  })
})

describe('an entry', () => {
  const read = (resource: object) => {
    const bounds = new EntryBounds()
    const kept = bounds.read(resource as FhirResource)
    return { kept, isCut: bounds.isCut(kept), isSame: kept === resource }
  }

  test('within the bounds is passed on as it is, with files, curves and pages of any length', () => {
    const long = 'x'.repeat(mostOfEntry.texts * 2)
    const report = {
      ...condition,
      text: { status: 'generated', div: long },
      presentedForm: [{ data: long }],
    }
    expect(read(report)).toMatchObject({ isCut: false, isSame: true })
  })

  test('keeps its plain values, whatever else it brings', () => {
    const { kept, isCut } = read({ extension: many(many({ a: 1 })), ...condition, status: 'final' })
    expect([isCut, kept]).toMatchObject([true, { ...condition, status: 'final' }])
  })

  test('is the same part each time, and makes nobody a prototype', () => {
    const bounds = new EntryBounds()
    const sent = JSON.parse(
      `{"resourceType":"Condition","__proto__":{"id":"x"},"note":${JSON.stringify(many(1, 201))}}`,
    )
    expect(bounds.read(sent)).toBe(bounds.read(sent))
    expect([bounds.read(sent).id, bounds.count]).toEqual([undefined, 1])
  })
})

describe('SEC-14: of the answers to the questions of order entry', () => {
  const asked = (groups: readonly object[]) => ({
    ...mri,
    contained: [
      {
        resourceType: 'QuestionnaireResponse',
        id: 'a',
        status: 'completed',
        authored: '2026-11-20',
        item: groups,
      },
    ],
    supportingInfo: [{ reference: '#a' }],
  })
  const sound = { text: 'Contrast allergy', answer: [{ valueBoolean: false }] }
  const told = { text: 'Cauda equina syndrome', answer: [{ valueBoolean: true }] }
  const group = (...items: object[]) => ({ text: 'Questions', item: items })

  test('the last of many is heard', async () => {
    const call = callWith([asked([...many(group(...many(sound, 36)), 6), group(told)])])
    expect((await factOf('cauda-equina-coded', call))?.value).toBe(true)
  })

  test('one behind the cut is unknown', async () => {
    const before = callWith([asked([group(...many(sound, 36))])])
    expect((await factOf('cauda-equina-coded', before))?.value).toBe(false)
    const call = callWith([asked([group(...many(sound), told)])])
    expect((await factOf('cauda-equina-coded', call))?.value).toBeUndefined()
  })
})
