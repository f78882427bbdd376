/** Which coverage of a patient is of a payer whose policy is written down. Whole names: what is asserted binds a payer. */

import type { FhirResource } from 'fhir/r4.js'
import { type Element, element, elements, plainCode, text } from '../facts/wire.ts'
import type { PatientRecord } from '../record/record.ts'
import type { PayerPolicies } from '../site/coverage.ts'

export interface Covered {
  /** `Coverage/abc`. */
  reference: string
  payer: PayerPolicies
}

/** Nobody has more at a time; each makes an extension of every order. */
const most = 20

/** Of the coverages that are active today, in the order in which they came. Only what has an id can be referred to. */
export function coveragesIn(
  record: PatientRecord,
  payers: readonly PayerPolicies[],
  today: string,
): Covered[] {
  const found: Covered[] = []
  for (const coverage of record.resources.get('Coverage') ?? []) {
    if (found.length === most) break
    const payer =
      coverage.id && isActive(coverage as unknown as Element, today)
        ? payerOf(coverage, record, payers)
        : undefined
    if (payer) found.push({ reference: `Coverage/${coverage.id}`, payer })
  }
  return found
}

/** Without a status it counts, as FHIR's older versions have it. */
function isActive(coverage: Element, today: string): boolean {
  const status = text(coverage.status)
  if (status !== undefined && status !== 'active') return false
  const { start, end } = element(coverage.period) ?? {}
  const [from, until] = [text(start)?.slice(0, 10) ?? '', text(end)?.slice(0, 10)]
  return from <= today && (until === undefined || today.slice(0, until.length) <= until)
}

function payerOf(coverage: FhirResource, record: PatientRecord, payers: readonly PayerPolicies[]) {
  const source = coverage as unknown as Element
  const [names, identifiers] = [new Set<string>(), new Set<string>()]
  for (const payor of elements(source.payor)) {
    const target = record.resolve(text(payor.reference), coverage) as Element | undefined
    for (const name of [text(payor.display), text(target?.name)]) if (name) names.add(spelled(name))
    for (const identifier of [...elements(payor.identifier), ...elements(target?.identifier)])
      identifiers.add(`${text(identifier.system)} ${text(identifier.value)}`)
  }
  const plans = new Set(
    elements(source.class).flatMap((each) => {
      const told = [text(each.value), plainCode(each.value), text(each.name)]
      return told.flatMap((plan) => (plan ? [spelled(plan)] : []))
    }),
  )
  return payers.find(
    (payer) =>
      (payer.names.some((name) => names.has(spelled(name))) ||
        payer.identifiers.some(({ system, value }) => identifiers.has(`${system} ${value}`))) &&
      (payer.plans?.some((plan) => plans.has(spelled(plan))) ?? true),
  )
}

const spelled = (name: string) => name.trim().toLowerCase()
