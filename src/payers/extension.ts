/** The extension `coverage-information` of Da Vinci CRD, in the versions 2.0.1 and 2.2.1, and the orders that carry it. */

import type { Coding, Extension, FhirResource } from 'fhir/r4.js'
import { type Element, elements, text } from '../facts/wire.ts'
import { targetOf } from '../record/reference.ts'
import type { CrdVersion } from '../site/coverage.ts'
import type { Ruling } from './policies.ts'

export const coverageInformation =
  'http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information'

/** Reasons of 2.2.1 stand there. */
const temporaryCodes = 'http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp'

export interface Told {
  /** `Coverage/abc`. */
  coverage: string
  ruling: Ruling
  /** Codes under which the order is billed: the assertion holds for those. */
  billing: readonly Coding[]
  /** Last day on which it holds, as `2026-11-21`. */
  until: string | undefined
  /** The day on which it is said. */
  today: string
  id: string
}

/** What is asserted, by name, as codes. */
export function codesOf(ruling: Ruling, version: CrdVersion) {
  if (ruling.is === 'told') {
    const { covered, 'pa-needed': authorization, 'doc-needed': documents } = ruling.said
    return { covered, authorization, documents }
  }
  // 2.0.1 has no word for "could not be determined", and asks for pa-needed beside all that is not `not-covered`.
  const open = ruling.is === 'not-read' && version === '2.2.1' ? 'indeterminate' : 'conditional'
  const agreed = <Key extends 'covered' | 'pa-needed' | 'doc-needed'>(key: Key) => {
    const [first, ...more] = ruling.oneOf.map((said) => said[key])
    return more.every((each) => each === first) ? first : open
  }
  const covered = agreed('covered')
  return {
    covered: covered ?? open,
    authorization: covered === open ? open : agreed('pa-needed'),
    documents: agreed('doc-needed'),
  }
}

export function extensionOf(told: Told, version: CrdVersion): Extension {
  const { coverage, ruling, billing, until, today, id } = told
  const { covered, authorization, documents } = codesOf(ruling, version)
  const isConditional = [covered, authorization, documents].includes('conditional')
  const code = (url: string, valueCode: string | undefined): Extension[] =>
    valueCode === undefined ? [] : [{ url, valueCode }]
  const said = ruling.is === 'told' ? ruling.said : undefined
  return {
    url: coverageInformation,
    extension: [
      { url: 'coverage', valueReference: { reference: coverage } },
      ...code('covered', covered),
      ...code('pa-needed', authorization),
      ...code('doc-needed', documents),
      ...code('doc-purpose', said?.['doc-purpose']),
      // Neither performer nor place nor time is what is missing.
      ...code('info-needed', isConditional ? 'OTH' : undefined),
      ...billing.map((valueCoding) => ({ url: 'billingCode', valueCoding })),
      ...reasonOf(ruling, version),
      ...(until === undefined ? [] : untilOf(until, version)),
      ...(said?.questionnaires ?? []).map((valueCanonical) => ({ url: 'questionnaire', valueCanonical })),
      { url: 'date', valueDate: today },
      { url: 'coverage-assertion-id', valueString: id },
      ...(until !== undefined && version === '2.2.1' ? [{ url: 'expiry-date', valueDate: until }] : []),
    ],
  }
}

function reasonOf(ruling: Ruling, version: CrdVersion): Extension[] {
  const said = ruling.is === 'told' ? ruling.said.reason : ruling.reason
  if (said === undefined) return []
  const isTechnical = ruling.is === 'not-read' && version === '2.2.1'
  const coding = isTechnical ? { coding: [{ system: temporaryCodes, code: 'technical' }] } : {}
  return [{ url: 'reason', valueCodeableConcept: { ...coding, text: said } }]
}

/** 2.0.1 has no day on which an assertion ends, and asks for what limits it all the same (requirement 262). */
const untilOf = (end: string, version: CrdVersion): Extension[] =>
  version === '2.2.1'
    ? []
    : [
        {
          url: 'detail',
          extension: [
            { url: 'code', valueCodeableConcept: { text: 'This assertion holds until' } },
            { url: 'value', valuePeriod: { end } },
          ],
        },
      ]

/** The order with what is new, and nothing else of it changed; undefined where nothing is new. */
export function annotated(order: FhirResource, news: readonly Extension[]): FhirResource | undefined {
  if (news.length === 0) return undefined
  const there = elements((order as unknown as Element).extension)
  const said = new Set(there.filter(isOurs).flatMap((old) => assertionIn(old) ?? []))
  const fresh = news.filter((extension) => !said.has(assertionIn(extension) ?? ''))
  if (fresh.length === 0) return undefined
  const about = new Set(fresh.map(coverageOf))
  const kept = there.filter((old) => !isOurs(old) || !about.has(coverageOf(old)))
  return { ...order, extension: [...kept, ...fresh] } as FhirResource
}

const isOurs = ({ url }: Element) => url === coverageInformation

/** As `Coverage/abc`, however a server wrote it: with its own address before it, or with a version behind. */
const coverageOf = (extension: Extension | Element): string | undefined => {
  const [coverage] = elements(extension.extension).filter(({ url }) => url === 'coverage')
  const reference = text(elements(coverage?.valueReference)[0]?.reference)
  const target = reference === undefined ? undefined : targetOf(reference)
  return target ? `${target.type}/${target.id}` : reference
}

const aside = ['date', 'coverage-assertion-id', 'coverage']

/** When it was said, and under which id, makes nothing new. Undefined for what is nested without measure. */
function assertionIn(extension: Extension | Element): string | undefined {
  const parts = elements(extension.extension).filter(({ url }) => !aside.includes(text(url) ?? ''))
  try {
    return JSON.stringify([coverageOf(extension), parts.map((part) => JSON.stringify(part)).sort()])
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
