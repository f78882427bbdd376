/** What created orders and links need to know of the case: the back-pain reason, and who pays. */
import type { Content } from '../pathway/content.ts'
import type { Facts } from '../pathway/known.ts'
import type { PatientRecord } from '../record/record.ts'
import type { OrderUnderReview } from './case.ts'
import { keysOf } from './lookups.ts'
import { type Element, elements, text } from './wire.ts'

interface StatedReason {
  reference?: string | undefined
  coding?: { system: string; code: string; display: string } | undefined
}

export function reasonFor(
  orders: readonly OrderUnderReview[],
  decisions: readonly { facts: Facts }[],
  content: Content,
): StatedReason | undefined {
  for (const { facts } of decisions) {
    for (const fact of ['reason-grade', 'onset-days']) {
      const problem = facts
        .get(fact)
        ?.evidence.find(({ reference }) => reference.startsWith('Condition/') && !reference.endsWith('/?'))
      if (problem) return { reference: problem.reference }
    }
  }
  const backPain = new Set([
    ...keysOf(content.episode['back-pain']),
    ...keysOf(content.episode['site-unstated']),
  ])
  for (const { reasons } of orders) {
    for (const coding of reasons.flatMap((concept) => concept.codings)) {
      const row = content.codes.lookup(coding).find(({ key }) => backPain.has(key))
      if (row) return { coding: { system: row.system, code: coding.code ?? row.code, display: row.display } }
    }
  }
  return undefined
}

/** Names of payers in the coverage that came, lower case. */
export function payerNames(record: PatientRecord): string[] {
  return (record.resources.get('Coverage') ?? []).flatMap((coverage) => {
    const source = coverage as unknown as Element
    const payors = elements(source.payor).flatMap((payor) => {
      const target = record.resolve(text(payor.reference), coverage) as Element | undefined
      return [text(payor.display), text(target?.name)]
    })
    const classes = elements(source.class).map((each) => text(each.name))
    return [...payors, ...classes].flatMap((name) => (name ? [name.toLowerCase()] : []))
  })
}
