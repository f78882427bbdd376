/**
 * Everything that a call, a chart or a FHIR server can bring, as cases that grow. Made of the schemas and of FHIR's own
 * types: a field that is read tomorrow is among them without being named.
 */
import { schemaFor } from '../../src/hooks/call.ts'
import { readPages } from '../../src/record/fhir/pages.ts'
import {
  answering,
  bodyLimit,
  bodyWith,
  bundleOf,
  content,
  drafts,
  entryOf,
  keyOf,
  patient,
  types,
  us,
} from './calls.ts'
import { inDocuments, inWords } from './documents.ts'
import { elementsOf, type Path, placesOf } from './fhir-types.ts'
import { grown, type Kind, kinds, phrase, sample, times, withAt } from './grow.ts'
import { type Case, case_ } from './measure.ts'
import { placesIn } from './zod-places.ts'

/** For every run of the tests: the way of growing that a place stumbles over first. */
const usualKinds = (type: string, [name = '']: Path): readonly Kind[] => {
  const isPlain = ![...(elementsOf(type).get(name) ?? [])].some((kind) => elementsOf(kind).size > 0)
  if (isPlain) return ['text']
  return name === 'extension' ? ['depth', 'map'] : ['list']
}

const kindsAt = (depth: number, type: string, path: Path) => (depth === 1 ? usualKinds(type, path) : kinds)

/** One entry, in which one place grows. */
function inEntries(depth: number): Case[] {
  return types.flatMap((type) =>
    placesOf(type, depth).flatMap((path) =>
      kindsAt(depth, type, path).map((kind) =>
        case_(`${type}.${path.join('.')}: ${kind}`, bodyLimit, (bytes) => {
          const entry = withAt(type === 'Patient' ? patient : entryOf(type, 0), path, grown(kind, bytes))
          return answering(bodyWith({ prefetch: { [keyOf(type)]: bundleOf([entry]) } }))
        }),
      ),
    ),
  )
}

/** One draft, in which one place grows. */
function inDrafts(depth: number): Case[] {
  return Object.entries(drafts).flatMap(([type, draft]) =>
    placesOf(type, depth).flatMap((path) =>
      kindsAt(depth, type, path).map((kind) =>
        case_(`draft ${type}.${path.join('.')}: ${kind}`, bodyLimit, (bytes) =>
          answering(bodyWith({ drafts: bundleOf([withAt(draft, path, grown(kind, bytes))]) })),
        ),
      ),
    ),
  )
}

/** Many entries of a type, each with something at one place, or at every one. */
function manyEntries(isWhole: boolean): Case[] {
  return types.flatMap((type) => {
    const elements = [...elementsOf(type).keys()].filter(
      (name) => !['id', 'subject', 'status'].includes(name),
    )
    const fill = (names: readonly string[]) =>
      case_(`many ${type} with ${names.length === 1 ? names[0] : 'every element'}`, bodyLimit, (bytes) => {
        const filled = (n: number) =>
          Object.fromEntries(names.map((name, at) => [name, sample(n * names.length + at)]))
        const make = (n: number) => ({
          ...filled(n),
          ...entryOf(type, n),
          ...(names.includes('code') ? { code: sample(n) } : {}),
        })
        return answering(bodyWith({ prefetch: { [keyOf(type)]: bundleOf(times(bytes, make)) } }))
      })
    return isWhole
      ? [fill(elements), ...elements.map((name) => fill([name]))]
      : [fill(elements), fill(['code'])]
  })
}

/** Many drafts, many of one id, many made-up types, keys, selections: what a call has many of. */
function manyOfACall(): Case[] {
  const manyDrafts = (type: string) =>
    case_(`many drafts of ${type}`, bodyLimit, (bytes) =>
      answering(
        bodyWith({
          drafts: bundleOf(times(bytes, (n) => ({ ...drafts[type], id: `d${n}`, note: sample(n) }))),
        }),
      ),
    )
  const entries = (name: string, make: (n: number) => unknown) =>
    case_(`many ${name}`, bodyLimit, (bytes) =>
      answering(bodyWith({ prefetch: { [keyOf('Condition')]: bundleOf(times(bytes, make)) } })),
    )
  const coded = (n: number) => ({
    coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'C79.51' }],
    id: `x${n}`,
  })
  return [
    ...Object.keys(drafts).map(manyDrafts),
    entries('types', (n) => ({ resourceType: `Type${n}`, id: 'x', subject: us })),
    entries('contents of one id', (n) => ({ ...entryOf('Condition', 0), code: { text: phrase(n) } })),
    entries('owners', (n) => ({ ...entryOf('Condition', n), subject: { reference: `Patient/p${n}` } })),
    entries('outcomes', (n) => ({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'information', code: phrase(n) }],
    })),
    entries('red flags', (n) => ({ ...entryOf('Condition', n), code: coded(n), recordedDate: '2026-11-01' })),
    entries('code systems', (n) => ({
      ...entryOf('Condition', n),
      code: { coding: [{ system: phrase(n), code: phrase(n) }] },
    })),
    entries('things that are no entries', (n) => [n, phrase(n)]),
    entries('contained resources', (n) => ({
      ...entryOf('Condition', n),
      contained: [entryOf('Condition', n)],
      code: { reference: '#x' },
    })),
    case_('many links between entries', bodyLimit, (bytes) => {
      const visits = times(bytes / 2, (n) => ({
        ...entryOf('Encounter', n),
        reasonReference: [{ reference: `Condition/Condition-${n}` }],
      }))
      const problems = times(bytes / 2, (n) => ({
        ...entryOf('Condition', n),
        encounter: { reference: `Encounter/Encounter-${n}` },
      }))
      return answering(
        bodyWith({ prefetch: { [keyOf('Condition')]: bundleOf(problems), encounters: bundleOf(visits) } }),
      )
    }),
    case_('many opioids in use', bodyLimit, (bytes) => {
      const orders = times(bytes, (n) => ({
        ...drafts.MedicationRequest,
        id: `m${n}`,
        status: 'active',
        authoredOn: '2026-11-01',
        medicationCodeableConcept: { text: `oxycodone ${n} mg tablet` },
        dosageInstruction: [{ text: `take ${n} tablets every ${n % 9} hours` }],
      }))
      return answering(bodyWith({ prefetch: { [keyOf('MedicationRequest')]: bundleOf(orders) } }))
    }),
    case_('many prefetch keys', bodyLimit, (bytes) =>
      answering(
        bodyWith({
          prefetch: Object.fromEntries(times(bytes, (n) => [`key${n}`, bundleOf([entryOf('Condition', n)])])),
        }),
      ),
    ),
    case_('many selections', bodyLimit, (bytes) => {
      const body = bodyWith({ hook: 'order-select' })
      return answering(
        withAt(
          body,
          ['context', 'selections'],
          times(bytes, (n) => `ServiceRequest/${phrase(n)}`),
        ),
      )
    }),
  ]
}

/** Places of the envelope, by its schema, and of a Bundle and an outcome, wherever they may stand. */
function inEnvelope(depth: number): Case[] {
  const places: Path[] = [
    [],
    ...placesIn(schemaFor('order-sign')),
    ['context', 'more'],
    ['prefetch', 'conditions'],
  ]
  const inside: Path[] = ['Bundle', 'OperationOutcome'].flatMap((type) => placesOf(type, depth))
  const sound = bodyWith({})
  const at = (path: Path, kind: Kind, body: object) =>
    case_(`call ${path.join('.')}: ${kind}`, bodyLimit, (bytes) =>
      answering(withAt(body, path, grown(kind, bytes))),
    )
  return [
    ...places
      .filter(({ length }) => length > 0)
      .flatMap((path) => kinds.map((kind) => at(path, kind, sound))),
    ...inside.flatMap((path) =>
      (['Bundle', 'OperationOutcome'] as const).flatMap((resourceType) =>
        kinds.map((kind) =>
          at(
            ['prefetch', keyOf('Condition'), ...path],
            kind,
            bodyWith({ prefetch: { [keyOf('Condition')]: { resourceType, type: 'searchset', entry: [] } } }),
          ),
        ),
      ),
    ),
  ]
}

/** Answers of a FHIR server. */
function inAnswers(depth: number): Case[] {
  const pageCap = content.site.fhir['page-cap']
  const limit = content.site.fhir['byte-cap']
  const reading = (bodies: readonly unknown[]) => () => {
    let page = 0
    return readPages(new URL('https://ehr.example/fhir/Condition'), {
      type: 'Condition',
      interaction: 'search',
      read: async () => bodies[page++],
      follow: () => new URL('https://ehr.example/fhir/next'),
      pageCap,
    })
  }
  return [
    ...['Bundle', 'OperationOutcome'].flatMap((resourceType) =>
      placesOf(resourceType, depth).flatMap((path) =>
        kinds.map((kind) =>
          case_(`answer ${resourceType}.${path.join('.')}: ${kind}`, limit, (bytes) =>
            reading([withAt({ resourceType, type: 'searchset' }, path, grown(kind, bytes))]),
          ),
        ),
      ),
    ),
    case_('answer in many pages', limit, (bytes) =>
      reading(
        Array.from({ length: pageCap }, (_, n) => ({
          ...bundleOf(times(bytes / pageCap, (at) => entryOf('Condition', n * 100_000 + at))),
          link: [{ relation: 'next', url: 'x' }],
        })),
      ),
    ),
  ]
}

/** Each kind of place once, to be looked at by every run of the tests. */
export const usualCases = (): Case[] => [
  ...inEntries(1),
  ...inDrafts(1),
  ...manyEntries(false),
  ...manyOfACall(),
  ...inEnvelope(1),
  ...inAnswers(1),
  ...inDocuments(),
  ...inWords(),
]

/** Every place that FHIR knows, two elements deep; three in drafts, whose elements go to a card. */
export const allCases = (): Case[] => [
  ...inEntries(2),
  ...inDrafts(3),
  ...manyEntries(true),
  ...manyOfACall(),
  ...inEnvelope(2),
  ...inAnswers(2),
  ...inDocuments(),
  ...inWords(),
]
