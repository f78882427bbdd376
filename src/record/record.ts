/** The patient's record as one call brought it: resources by type, what is known of each query, references resolved. */
import type { Encounter, FhirResource, Patient } from 'fhir/r4.js'

/** What is known of one prefetch key: from the client (specification, section 6b), or from its FHIR server. */
export type PrefetchState =
  | 'given' // resources came
  | 'empty' // null, or a Bundle without matches: known to be nothing
  | 'truncated' // more exists that we did not read: what is there counts, what is not is unknown
  | 'failed' // an OperationOutcome instead of data, or a server that did not answer with data
  | 'unsupported' // the server does not have this type of resource
  | 'gone' // the id that was read names nothing
  | 'late' // the server did not answer in time
  | 'forbidden' // may not be read: no right to it, or a server that we do not trust
  | 'absent' // the key did not come
  | 'unusable' // something that is no FHIR data: a string, a wrapper without resource

/** Is a list of resources of one type whole, so that "not found" means "not there"? */
export type Completeness = 'complete' | 'partial' | 'missing'

export interface DraftOrder {
  /** Under the name and with the elements that its type has since R4. */
  resource: FhirResource
  /** As the client drafted it: what goes back to it is made of this. */
  sent: FhirResource
  /** `ServiceRequest/abc`, or undefined when the draft has no id and cannot be named in an action. */
  reference: string | undefined
  /** Chosen just now (order-select), or every draft (order-sign). */
  selected: boolean
}

export interface PatientRecord {
  patientId: string
  patient: Patient | undefined
  /** Undefined also where the id of the call names no encounter. */
  encounterId: string | undefined
  /** The encounter of this call, if it came. */
  encounter: Encounter | undefined
  /** Each resource once; the wrong patient's and outcomes left out. */
  resources: ReadonlyMap<string, readonly FhirResource[]>
  completeness(type: string): Completeness
  /**
   * Of a list that was cut off after its newest entries: the day, since 1970-01-01, from which on it is whole.
   * Undefined where nothing proves that.
   */
  wholeFrom(type: string): number | undefined
  /** By prefetch key. */
  states: ReadonlyMap<string, PrefetchState>
  draftOrders: readonly DraftOrder[]
  /** Resolves relative, absolute, versioned, `urn:uuid` and `#contained` references; undefined when it is not here. */
  resolve(reference: string | undefined, from?: FhirResource): FhirResource | undefined
  /** Resources that belong to somebody else and were not read. */
  ignored: number
  /** Does a resource of this record bring more than is read of one? What was left out of it is unknown. */
  isCut(resource: FhirResource): boolean
  /** How many entries and drafts bring more than is read of one. */
  entriesCut(): number
}
