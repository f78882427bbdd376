/** The flags of an entry as the statuses of a FHIR Condition. */
import type { Condition } from 'fhir/r4.js'

const hl7 = 'http://terminology.hl7.org/CodeSystem'

export function statusOf(
  flags: ReadonlySet<string>,
): Pick<Condition, 'clinicalStatus' | 'verificationStatus'> {
  const clinical =
    ['resolved', 'inactive', 'remission', 'recurrence'].find((each) => flags.has(each)) ?? 'active'
  const verification = flags.has('error')
    ? 'entered-in-error'
    : (['provisional', 'differential', 'unconfirmed', 'refuted'].find((each) => flags.has(each)) ??
      'confirmed')
  return {
    ...(verification === 'entered-in-error'
      ? {}
      : { clinicalStatus: { coding: [{ system: `${hl7}/condition-clinical`, code: clinical }] } }),
    verificationStatus: { coding: [{ system: `${hl7}/condition-ver-status`, code: verification }] },
  }
}
