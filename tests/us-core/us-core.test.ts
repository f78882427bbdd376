/** Everything that is drafted for a clinician or written into a chart holds what US Core asks, whoever and wherever it is for. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { describe, expect, test } from 'vitest'
import { listOrders, loadOrder } from '../../fhir-fixtures/load.ts'
import { compileSuggestions, type Encounterless, type OrderShown } from '../../src/cards/suggestions.ts'
import { observationOf, responseOf } from '../../src/checklist/questionnaire.ts'
import { communicationOf, documentOf, type Given, procedureOf } from '../../src/handouts/app/recording.ts'
import { realContent, root } from '../support/evaluator.ts'
import { complaintsAbout, profiles } from './profile.ts'

const content = realContent()
const keys = Object.keys(content.suggestions.suggestions)
const coding = { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'M54.50', display: 'Low back pain' }

/** Who orders, where and why: known or not, in each way in which it is known. */
const situations: Encounterless[] = [
  undefined,
  'Practitioner/a',
  'PractitionerRole/b',
  'Patient/c',
  'a',
].flatMap((userId) =>
  [undefined, 'visit'].flatMap((encounterId) =>
    [undefined, { coding }, { reference: 'Condition/d' }].map((reason) => ({
      ...{ patientId: 'p', encounterId, userId, payers: [], reason, passedOver: 0 },
    })),
  ),
)

const shown = listOrders(root).map((name): OrderShown => {
  // As an EHR whose drafts hold what US Core asks; what it lacks we cannot mend.
  const about = { subject: { reference: 'Patient/p' }, requester: { reference: 'Practitioner/a' } }
  const resource = { ...loadOrder(root, name), ...about } as FhirResource
  return { name, reference: `${resource.resourceType}/${resource.id}`, resource }
})

const withPlaces = {
  ...content,
  site: {
    ...content.site,
    directory: Object.keys(content.suggestions.orders).map((key) => ({
      for: key,
      name: 'A place',
      reference: 'Organization/place',
    })),
  },
}

function drafted(profile: 'standard' | 'epic', about: Encounterless): FhirResource[] {
  const suggest = compileSuggestions(withPlaces, profile, () => 'id')
  return keys.flatMap((key) =>
    shown.flatMap((_, at) =>
      suggest([{ key, orders: [at], recommended: false }], shown, about, 'info').flatMap(({ actions }) =>
        actions.flatMap(({ resource }) => resource ?? []),
      ),
    ),
  )
}

describe('What a suggestion drafts', () => {
  test.each(['standard', 'epic'] as const)('for a %s client holds what US Core asks', (profile) => {
    const wrong = situations.flatMap((about) =>
      drafted(profile, about).flatMap((resource) =>
        complaintsAbout(resource).map((complaint) => `${JSON.stringify(about.userId)}: ${complaint}`),
      ),
    )
    expect([...new Set(wrong)]).toEqual([])
  })

  test('is of every order that the cards offer', () => {
    const texts = situations
      .slice(0, 1)
      .flatMap((about) =>
        drafted('epic', about).map((resource) =>
          resource.resourceType === 'MedicationRequest'
            ? resource.medicationCodeableConcept?.text
            : resource.resourceType === 'ServiceRequest' && resource.code?.text,
        ),
      )
    const orders = Object.values(content.suggestions.orders).map(({ text }) => text)
    expect(orders.filter((text) => !texts.includes(text))).toEqual([])
  })
})

const at = '2026-11-21T09:00:00Z'
const { recording } = content
if (!recording) throw new Error('handouts/recording.yaml is not read')
const questions = content.checklist.groups.flatMap((group) => group.questions.map(({ fact }) => fact))
const replies = Object.fromEntries(
  questions.map((fact, index) => [fact, index % 2 === 0 ? 'no' : 'yes'] as const),
)

const written = [undefined, 'Practitioner/a', 'PractitionerRole/b'].flatMap((author) =>
  [undefined, 'visit'].flatMap((encounterId): [what: string, resource: FhirResource][] => {
    const about = { patientId: 'p', encounterId, author }
    const given: Given = {
      ...about,
      at,
      language: 'en',
      title: 'Your back',
      sections: ['heat'],
      version: '1',
    }
    const page = { contentType: 'text/html', bytes: new TextEncoder().encode('<p>Stay active.</p>') }
    const answering = { ...about, replies, at, name: 'n' }
    const nothing = { ...answering, replies: {} }
    const by = `by ${author ?? 'nobody known'}, ${encounterId ?? 'no visit'}`
    return [
      [`a handout ${by}`, documentOf(given, recording, page, undefined)],
      [
        `a handout under a type of the site ${by}`,
        documentOf(given, recording, page, { system: 'urn:a', code: '72' }),
      ],
      [`a message ${by}`, communicationOf(given, recording)],
      [`a procedure ${by}`, procedureOf(given, recording)],
      [`answers ${by}`, responseOf(content, answering)],
      [`no answers ${by}`, responseOf(content, nothing)],
      [`an observation ${by}`, observationOf(content, answering)],
      [`an observation of nothing ${by}`, observationOf(content, nothing)],
    ]
  }),
)

describe('What is written into a chart', () => {
  test.each(written)('%s holds what US Core asks', (_what, resource) => {
    expect(complaintsAbout(resource)).toEqual([])
  })

  test('has a profile in US Core, but for the Communication, for which there is none', () => {
    const types = new Set(written.map(([, { resourceType }]) => resourceType))
    expect([...types].filter((type) => !profiles.has(type))).toEqual(['Communication'])
  })
})

/** Read from the source, so that what is written one day is not forgotten here. */
describe('What the service makes', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(root, 'src', file), 'utf8') }))

  test('of resources for a chart is what is held to US Core here, type by type', () => {
    // Of the rooms that draft and write. A payer's word goes onto the EHR's own order (tests/hapi/payers.test.ts).
    const rooms = /^(cards|checklist|handouts|payers|smart|quality|outcomes|ledger)\//
    const made = files.flatMap(({ file, text }) =>
      rooms.test(file) ? [...text.matchAll(/resourceType: '([A-Z]\w+)'/g)].map(([, type = '']) => type) : [],
    )
    const held = [
      ...written.map(([, resource]) => resource),
      ...situations.slice(0, 1).flatMap((about) => drafted('standard', about)),
    ]
    const types = new Set(held.map(({ resourceType }): string => resourceType))
    // The questions themselves are no part of a chart, and a Bundle of drafts goes to the service's own rules.
    expect([...new Set(made)].filter((type) => !types.has(type)).toSorted()).toEqual([
      'Bundle',
      'Questionnaire',
    ])
  })

  test('is written in two places, by the functions that are held here', () => {
    const writers = files.filter(({ text }) => /\bfhir\.create\(/.test(text))
    expect(writers.map(({ file }) => file).toSorted()).toEqual([
      'checklist/recording.ts',
      'handouts/app/recording.ts',
    ])
    const here = readFileSync(import.meta.filename, 'utf8')
    for (const { text } of writers) {
      const makers = [...text.matchAll(/(?:return |create\()(\w+Of)\((?:content|given)/g)].map(
        ([, name = '']) => name,
      )
      expect(makers.length).toBeGreaterThan(1)
      for (const name of makers) expect(here).toContain(`${name}(`)
    }
  })
})

describe('The checker', () => {
  const [, document] = written[0] as [string, FhirResource]
  const subject = { reference: 'Patient/p' }
  const wrong: [what: string, resource: object, complaint: string][] = [
    ['a missing code', { resourceType: 'Procedure', status: 'unknown', subject }, 'Procedure.code: 0'],
    ['a missing category', { ...document, category: [] }, 'DocumentReference.category: 0'],
    ['too many visits', { ...document, context: { encounter: [{}, {}] } }, 'context.encounter: 2'],
    [
      'an order of nobody',
      { resourceType: 'MedicationRequest', status: 'draft', intent: 'order' },
      'us-core-21',
    ],
    [
      'a status that is none',
      { resourceType: 'MedicationRequest', status: 'new', intent: 'plan' },
      'MedicationRequest.status',
    ],
    [
      'a type of the site alone',
      { ...document, type: { coding: [{ system: 'urn:a', code: '1' }] } },
      'DocumentReference.type',
    ],
    ['a document without content', { ...document, content: [{ attachment: {} }] }, 'us-core-6'],
    ['done at no time', { resourceType: 'Procedure', status: 'completed', code: {}, subject }, 'us-core-7'],
    [
      'an observation of nothing',
      { resourceType: 'Observation', status: 'final', subject, category: [] },
      'us-core-2',
    ],
    [
      'no survey',
      { resourceType: 'Observation', status: 'final', subject, category: [{}] },
      'category:survey: 0',
    ],
    ['only a year', { resourceType: 'Observation', effectiveDateTime: '2026' }, 'us-core-1'],
    [
      'a unit of its own',
      { resourceType: 'Observation', valueQuantity: { code: 'x', system: 'urn:a' } },
      'us-core-3',
    ],
    [
      'ordered by a device',
      { resourceType: 'ServiceRequest', encounter: { reference: 'Device/1' } },
      'refers to Device',
    ],
    ['about nobody', { resourceType: 'QuestionnaireResponse' }, 'QuestionnaireResponse.subject: 0'],
  ]
  test.each(wrong)('finds %s', (_what, resource, complaint) => {
    expect(complaintsAbout(resource as FhirResource).join('\n')).toContain(complaint)
  })
})
