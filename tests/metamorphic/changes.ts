/** Ways to change a call: its entries sorted, doubled, moved or respelled, and findings added that do not count. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4.js'
import { parse } from 'yaml'
import type { HookBody } from '../../fhir-fixtures/load.ts'
import { systemsFile } from '../../src/pathway/schema.ts'
import { coding } from '../language/code.ts'

export interface Entry {
  resource: FhirResource
}

/** The call with the entries of every Bundle put through `change`. */
export function withEntries(
  body: HookBody,
  change: (entries: Entry[]) => unknown[],
  where: 'everywhere' | 'prefetch' = 'everywhere',
): HookBody {
  const through = <T>(value: T): T => {
    const bundle = value as { resourceType?: string; entry?: Entry[] } | null
    return bundle?.resourceType === 'Bundle' ? ({ ...bundle, entry: change(bundle.entry ?? []) } as T) : value
  }
  const prefetch = Object.fromEntries(
    Object.entries(body.prefetch).map(([key, value]) => [key, through(value)]),
  )
  const context =
    where === 'everywhere'
      ? { ...body.context, draftOrders: through(body.context.draftOrders) }
      : body.context
  return { ...body, context, prefetch }
}

/** More resources under a key, where there is a Bundle to put them into. */
export function withMore(body: HookBody, key: string, resources: readonly FhirResource[]): HookBody {
  const bundle = body.prefetch[key]
  if (bundle?.resourceType !== 'Bundle') return body
  const entry = [...resources.map((resource) => ({ resource })), ...(bundle.entry ?? [])]
  return { ...body, prefetch: { ...body.prefetch, [key]: { ...bundle, entry } } }
}

export const searchset = (resources: readonly FhirResource[]): FhirResource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
})

export function shuffled<T>(list: readonly T[], numbers: Iterator<number>): T[] {
  const left = [...list]
  return list.flatMap(() => left.splice((numbers.next().value ?? 0) % left.length, 1))
}

export function dealt<T>(list: readonly T[], numbers: Iterator<number>): [T[], T[]] {
  const sides = list.map((each) => ({ each, here: (numbers.next().value ?? 0) % 2 === 0 }))
  const side = (here: boolean) => sides.flatMap((one) => (one.here === here ? [one.each] : []))
  return [side(true), side(false)]
}

/** Nothing was left out, so no number may say so. */
export const withoutTotals = (body: HookBody): HookBody =>
  JSON.parse(JSON.stringify(body, (key, value) => (key === 'total' ? undefined : value)))

export const isCondition = ({ resource }: Entry) => resource.resourceType === 'Condition'
export const copied = ({ resource }: Entry): Entry => ({
  resource: { ...structuredClone(resource), id: `copy-of-${resource.id}` },
})

/** One of each: signs that speak loudly when they hold. */
export const redFlags = [
  'icd10 G83.4',
  'icd10 R33.9',
  'icd10 M21.371',
  'icd10 M46.26',
  'icd10 R50.9',
  'icd10 C79.51',
  'icd10 C50.919',
  'icd10 S32.010A',
  'icd10 I71.40',
  'icd10 M81.0',
  'icd10 B20',
  'icd10 F11.20',
  'icd10 O09.90',
]

export function flag(
  code: string,
  n: number,
  { certainty = 'confirmed', patient = 'Patient/vignette-patient' },
): FhirResource {
  const status = (system: string, value: string) => ({
    coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: value }],
  })
  return {
    resourceType: 'Condition',
    id: `flag-${n}`,
    clinicalStatus: status('condition-clinical', 'active'),
    verificationStatus: status('condition-ver-status', certainty),
    code: { coding: [coding(code)] },
    subject: { reference: patient },
  }
}

/** A month or a year is no whole number of days away, nor is one in words: "compression fx T12 2022". */
export const hasVagueDate = (value: unknown): boolean => {
  const written = JSON.stringify(value)
  return /"(\d{4}|\d{4}-\d\d)"/.test(written) || written !== JSON.stringify(withYearsInWords(value, 1))
}

const elementsOfWords = new Set(['text', 'valueString', 'conclusion', 'comment'])
const yearInWords = /(?<![\d/.-])((?:\d{1,2}\/){0,2})((?:19|20)\d\d)(?![\d-])/g

/** The years that people wrote in words, so many later. */
export function withYearsInWords<T>(value: T, years: number): T {
  const later = (written: string) =>
    written.replace(yearInWords, (_, day: string, year: string) => `${day}${Number(year) + years}`)
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      typeof each === 'string' && elementsOfWords.has(key) ? later(each) : each,
    ),
  )
}

const { systems } = systemsFile.parse(
  parse(readFileSync(join(import.meta.dirname, '../../pathway/codes/systems.yaml'), 'utf8')),
)
const spellings = new Map(Object.values(systems).map(({ uri, aliases }) => [uri, [uri, ...aliases]]))

/** The call with every coding's system named in some other way that senders use. */
export function respelled(body: HookBody, pick: () => number): HookBody {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) => {
      const names = key === 'system' && typeof value === 'string' ? spellings.get(value) : undefined
      return names ? careless(names[pick() % names.length] ?? '', pick()) : value
    }),
  )
}

function careless(name: string, how: number): string {
  const ways = [
    name,
    name.toUpperCase(),
    ` ${name} `,
    name.replace('://', ': //'),
    `${name}/`,
    `${name}|2026`,
  ]
  return ways[how % ways.length] ?? name
}
