/** Coarse groups by which a site may ask whether all its patients are served alike; only those that site.yaml names. */

import { payerNames } from '../facts/reason.ts'
import { type Element, elements, text } from '../facts/wire.ts'
import type { PatientRecord } from '../record/record.ts'
import type { Site } from '../site/schema.ts'

export type Strata = Readonly<Record<string, string>>
type Wanted = Site['ledger']['strata']

const yearLength = 365.25 * 86_400_000

/** `at` in ms since 1970. What did not come is `unknown`, so that nobody is counted as somebody else. */
export function strataOf(record: PatientRecord, wanted: Wanted, at: number): Strata {
  const patient = record.patient as unknown as Element | undefined
  const strata: Record<string, string> = {}
  if (wanted['age-bands'].length > 0) {
    const born = Date.parse(text(patient?.birthDate) ?? '')
    // Nobody is ordered a scan before birth: such a date says nothing of an age.
    strata.age = born <= at ? bandOf((at - born) / yearLength, wanted['age-bands']) : 'unknown'
  }
  if (wanted.sex) strata.sex = known(text(patient?.gender), /^(male|female|other)$/)
  if (wanted.language) {
    const spoken = elements(patient?.communication)
    const first = spoken.find(({ preferred }) => preferred === true) ?? spoken[0]
    const [coding] = elements(elements(first?.language)[0]?.coding)
    strata.language = known(text(coding?.code)?.split('-', 1)[0]?.toLowerCase(), /^[a-z]{2,3}$/)
  }
  for (const name of ['race', 'ethnicity'] as const)
    if (wanted[name]) strata[name] = ombCategory(elements(patient?.extension), name)
  if (Object.keys(wanted.payers).length > 0) {
    const names = payerNames(record)
    const group = Object.entries(wanted.payers).find(([, each]) =>
      each.some((name) => names.some((payer) => payer.includes(name.toLowerCase()))),
    )
    strata.payer = group?.[0] ?? (names.length > 0 ? 'other' : 'unknown')
  }
  return strata
}

/** `18-39`, below the first `0-17`, from the last on `80+`. */
function bandOf(years: number, starts: readonly number[]): string {
  const next = starts.findIndex((start) => years < start)
  if (next === -1) return `${starts.at(-1) ?? 0}+`
  return `${starts[next - 1] ?? 0}-${(starts[next] ?? 0) - 1}`
}

const known = (said: string | undefined, shape: RegExp) =>
  said !== undefined && shape.test(said) ? said : 'unknown'

/** The category of US Core, by its code of CDC; two of them are `several`. */
function ombCategory(extensions: readonly Element[], name: string): string {
  const url = `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`
  const own = extensions.find((each) => each.url === url)
  const codes = elements(own?.extension).flatMap((each) =>
    each.url === 'ombCategory' ? (text(elements(each.valueCoding)[0]?.code) ?? []) : [],
  )
  const [code, ...others] = new Set(codes)
  return others.length > 0 ? 'several' : known(code, /^\d{4}-\d$|^(UNK|ASKU)$/)
}
