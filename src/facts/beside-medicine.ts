/** What stands beside the name of a medicine without a code: "Renvela with meals, dialysis pt", "Librium taper for EtOH w/d". */
import type { FhirResource } from 'fhir/r4.js'
import type { Medicines } from './exposures.ts'
import { circumstances, type Statement, statementsOfReason } from './statements.ts'
import { concepts, type Element } from './wire.ts'

const none: readonly never[] = []

/** Of a medicine that is taken; what is said of one that was stopped may be over with it. */
export function besideMedicine(resource: FhirResource, { reader, reading }: Medicines): readonly Statement[] {
  const source = resource as unknown as Element
  const written = concepts(source.medicationCodeableConcept).filter(
    ({ codings, text }) => codings.length === 0 && text !== undefined,
  )
  if (written.length === 0 || reader.statuses.isWithdrawn(source)) return none
  const { state, isInHospital } = reading.taking(resource.resourceType, source, written)
  if (state !== 'going-on' || isInHospital) return none
  const about = circumstances(resource, reader)
  // A name that says nothing more is read as a medicine.
  return written
    .flatMap((each) => statementsOfReason(each, about, reader))
    .filter(({ how }) => how !== 'not-read')
}
