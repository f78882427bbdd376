/** Builds the patient's record of one call: prefetch and draft orders in one pass, nothing copied; then what is missing. */
import type { Encounter, FhirResource } from 'fhir/r4.js'
import type { Query } from '../content/schema.ts'
import type { HookCall } from '../hooks/call.ts'
import { draftEntries, draftedIds, readDrafts } from './drafts.ts'
import { fullUrlFinder } from './full-urls.ts'
import { ownerCheck } from './owner.ts'
import { type Opened, open } from './prefetch.ts'
import { join, type Missing, type ReadMissing } from './reading.ts'
import type { Completeness, PatientRecord, PrefetchState } from './record.ts'
import { resolver } from './resolve.ts'
import { Shelf } from './shelf.ts'
import { Sorting } from './sorting.ts'
import { isObject } from './wire.ts'

export type { ReadMissing } from './reading.ts'

type Queries = Readonly<Record<string, Query>>

/** The key beside the queries under which the encounter of the call is asked for. */
export const encounterKey = 'encounter'

/** Resource types that the rules of a call read, found out once its drafts are known. */
export type FindWanted = (record: PatientRecord) => ReadonlySet<string>

/** `readMissing` reads what did not come and is wanted; without `findWanted` everything is. */
export async function gather(
  call: HookCall,
  queries: Queries,
  readMissing?: ReadMissing,
  findWanted?: FindWanted,
): Promise<PatientRecord> {
  const opened = openAll(call.prefetch, queries)
  const record = buildRecord(call, queries, opened)
  if (!readMissing) return record
  const notSent = findMissing(opened, record)
  if (notSent.length === 0) return record
  const wanted = findWanted?.(record)
  const missing = wanted ? notSent.filter(({ type }) => wanted.has(type)) : notSent
  if (missing.length === 0) return record
  const reads = await readMissing(missing)
  const joined = opened.map((answer) => join(answer, reads.get(answer.key)))
  return buildRecord(call, queries, joined)
}

/** PF-10: null, an empty Bundle and an OperationOutcome are answers, and are not asked for again. */
function findMissing(opened: readonly Answer[], record: PatientRecord): Missing[] {
  return opened.flatMap(({ key, asked, next }) => {
    if (asked === undefined) return []
    const state = record.states.get(key)
    if (state === 'truncated') return next === undefined ? [] : [{ key, type: asked, next }]
    if (state !== 'absent') return []
    const isNeeded = key !== encounterKey || (record.encounterId !== undefined && !record.encounter)
    return isNeeded ? [{ key, type: asked }] : []
  })
}

function buildRecord(call: HookCall, queries: Queries, opened: readonly Answer[]): PatientRecord {
  const draftList = draftEntries(call.draftOrders)
  const findByFullUrl = fullUrlFinder([draftList, ...opened.map(({ entries }) => entries)])
  const isOurs = ownerCheck(call.patientId, findByFullUrl)
  const drafts = readDrafts(draftList, call, isOurs)
  const sorting = new Sorting(isOurs, draftedIds(drafts.orders), Object.keys(queries))

  const states = new Map<string, PrefetchState>()
  let current: FhirResource | undefined
  for (const answer of opened) {
    const { state, first } = sorting.sort(answer, answer.asked)
    if (answer.asked !== undefined) states.set(answer.key, state)
    if (answer.key === encounterKey) current = first
  }

  const shelf = new Shelf(sorting.tables)
  const patient = shelf.resources.get('Patient')?.[0]
  return {
    patientId: call.patientId,
    patient: patient?.resourceType === 'Patient' ? patient : undefined,
    encounterId: call.encounterId,
    encounter: currentEncounter(call.encounterId, current, shelf),
    resources: shelf.resources,
    completeness: (type) => completeness(states.get(queries[type]?.key ?? ''), shelf.resources.has(type)),
    states,
    draftOrders: drafts.orders,
    resolve: resolver(shelf, drafts.orders, findByFullUrl, isOurs),
    ignored: drafts.ignored + sorting.ignored,
  }
}

interface Answer extends Opened {
  key: string
  /** The type that the key was published for; undefined for a key that we did not ask for. */
  asked: string | undefined
}

/** Our own keys, come or not, then what else came: some EHRs have keys typed in by hand. */
function openAll(prefetch: unknown, queries: Queries): Answer[] {
  const sent = isObject(prefetch) ? prefetch : {}
  const askedBy = new Map([[encounterKey, 'Encounter']])
  for (const type in queries) askedBy.set(queries[type]?.key ?? type, type)
  const answers: Answer[] = []
  for (const [key, asked] of askedBy) answers.push({ key, asked, ...open(sent[key]) })
  for (const key in sent) if (!askedBy.has(key)) answers.push({ key, asked: undefined, ...open(sent[key]) })
  return answers
}

/** Only the answer to our own query can be whole; what came under other keys may be anything. */
function completeness(state: PrefetchState | undefined, hasSome: boolean): Completeness {
  if (state === 'given' || state === 'empty') return 'complete'
  return state === 'truncated' || hasSome ? 'partial' : 'missing'
}

/** By its id wherever it came; otherwise what came as the current one, unless its id says that it is another. */
function currentEncounter(id: string | undefined, current: FhirResource | undefined, shelf: Shelf) {
  const named = id === undefined ? undefined : shelf.find('Encounter', id)
  const found = named ?? (id === undefined || current?.id === undefined ? current : undefined)
  return found?.resourceType === 'Encounter' ? (found satisfies Encounter) : undefined
}
