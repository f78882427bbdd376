/**
 * A record as it was at a moment: what was written later is taken away, and of what was still going on its end. Changes of
 * status cannot be undone further than that: an export tells how things ended, not how they stood.
 */
import type { Encounter, FhirResource } from 'fhir/r4.js'

type Loose = Readonly<Record<string, unknown>>

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const start = (value: unknown) =>
  typeof value === 'object' && value !== null ? text((value as Loose).start) : undefined

/** When an entry came into the record, as far as it says so: a full date, perhaps with a time. */
export function writtenAt(resource: FhirResource): string | undefined {
  const said = resource as unknown as Loose
  const candidates =
    {
      Condition: [said.recordedDate, said.onsetDateTime, start(said.onsetPeriod)],
      Encounter: [start(said.period)],
      Observation: [said.issued, said.effectiveDateTime, start(said.effectivePeriod)],
      MedicationRequest: [said.authoredOn],
      MedicationDispense: [said.whenHandedOver, said.whenPrepared],
      MedicationStatement: [said.dateAsserted, said.effectiveDateTime, start(said.effectivePeriod)],
      Procedure: [said.performedDateTime, start(said.performedPeriod)],
      ServiceRequest: [said.authoredOn],
      DiagnosticReport: [said.issued, said.effectiveDateTime, start(said.effectivePeriod)],
      ImagingStudy: [said.started],
      AllergyIntolerance: [said.recordedDate],
    }[resource.resourceType as string] ?? []
  return candidates.map(text).find((each) => each !== undefined && /^\d{4}-\d\d-\d\d/.test(each))
}

/** People and their cover are as they are; everything else has a date or lacks it. */
export const isDated = ({ resourceType }: FhirResource) =>
  resourceType !== 'Patient' && resourceType !== 'Coverage'

/** Of the same day, without a time on both sides, counts as known. */
function isKnownAt(written: string, moment: string): boolean {
  if (written.includes('T') && moment.includes('T')) return Date.parse(written) <= Date.parse(moment)
  return written.slice(0, 10) <= moment.slice(0, 10)
}

interface AsOf {
  resources: readonly FhirResource[]
  /** The visit during which the order was written. */
  visit: Encounter | undefined
  /** Entries without a date, which are taken to have been there. */
  undated: number
}

export function asOf(all: readonly FhirResource[], order: FhirResource, moment: string): AsOf {
  const itself = `${order.resourceType}/${order.id}`
  let undated = 0
  const resources: FhirResource[] = []
  for (const resource of all) {
    if (resource === order || isBasedOn(resource, itself)) continue
    const written = writtenAt(resource)
    if (written === undefined && isDated(resource)) undated += 1
    if (written === undefined || isKnownAt(written, moment)) resources.push(stillOpen(resource, moment))
  }
  return { resources, visit: visitOf(resources, order, moment), undated }
}

function isBasedOn(resource: FhirResource, reference: string): boolean {
  const { basedOn, authorizingPrescription } = resource as unknown as Record<string, unknown>
  return [basedOn, authorizingPrescription].some(
    (list) => Array.isArray(list) && list.some((each) => text(each?.reference)?.endsWith(reference)),
  )
}

function stillOpen(resource: FhirResource, moment: string): FhirResource {
  if (resource.resourceType === 'Encounter') {
    const end = text(resource.period?.end)
    if (end === undefined || isKnownAt(end, moment)) return resource
    const { end: _, ...period } = resource.period ?? {}
    return { ...resource, status: 'in-progress', period }
  }
  if (resource.resourceType === 'Condition') {
    const ended = text(resource.abatementDateTime)
    if (ended === undefined || isKnownAt(ended, moment)) return resource
    const { abatementDateTime: _, ...open } = resource
    const coding = [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }]
    return { ...open, clinicalStatus: { coding } }
  }
  return resource
}

/** The one that the order names, else the last that began on its day. */
function visitOf(
  resources: readonly FhirResource[],
  order: FhirResource,
  moment: string,
): Encounter | undefined {
  const visits = resources.filter((each) => each.resourceType === 'Encounter')
  const named = text((order as { encounter?: { reference?: unknown } }).encounter?.reference)
  if (named) return visits.find(({ id }) => id !== undefined && named.endsWith(`Encounter/${id}`))
  const began = ({ period }: Encounter) => start(period) ?? ''
  const today = visits.filter((each) => began(each).slice(0, 10) === moment.slice(0, 10))
  return today.sort((a, b) => began(a).localeCompare(began(b))).at(-1)
}
