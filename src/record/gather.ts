/** Builds the patient's record of one call: prefetch and draft orders in one pass, nothing copied; then what is missing. */
import type { Encounter, FhirResource } from 'fhir/r4.js'
import type { HookCall } from '../hooks/call.ts'
import type { Query } from '../pathway/schema.ts'
import { draftEntries, draftedIds, readDrafts } from './drafts.ts'
import { EntryBounds } from './entry-bounds.ts'
import { join, type Missing, type Opened, open, type Question, type ReadMissing } from './prefetch.ts'
import type { Completeness, PatientRecord, PrefetchState } from './record.ts'
import { fullUrlFinder, ownerCheck } from './reference.ts'
import { medicinesReferredTo, medicineTypes, resolver, Shelf } from './resolve.ts'
import { type Asked, type Sorted, Sorting, typesRead } from './sorting.ts'
import { isObject } from './wire.ts'

export type { ReadMissing } from './prefetch.ts'

type Queries = Readonly<Record<string, Query>>

/** By prefetch key: the day, since 1970-01-01, before which the client was not asked for entries. */
type Since = ReadonlyMap<string, number>
const allTime: Since = new Map()

/** The key beside the queries under which the encounter of the call is asked for. */
export const encounterKey = 'encounter'

/** The record of a call whose orders are known. What else is read depends on them. */
interface Gathering {
  /** Of what the EHR sent, with the medicines that drafts only refer to. */
  record: PatientRecord
  /** Reads what did not come and is of a wanted type; without `wanted` all of it. */
  complete(wanted?: ReadonlySet<string>): Promise<PatientRecord>
}

/** `readMissing` reads what did not come; without it that is unknown. `since` is what the client was told to leave out. */
export async function gatherOrders(
  call: HookCall,
  queries: Queries,
  readMissing?: ReadMissing,
  since: Since = allTime,
): Promise<Gathering> {
  let opened: readonly KeySent[] = openAll(call.prefetch, queries)
  // What is read from the server is asked for whole.
  const sent = new Map([...since].filter(([key]) => call.prefetch?.[key] !== undefined))
  let record = buildRecord(call, queries, opened, sent)
  if (!readMissing) return { record, complete: async () => record }

  const read = async (missing: readonly Missing[]) => {
    if (missing.length === 0) return
    const reads = await readMissing(missing)
    const referred = missing.flatMap(({ key, id }) =>
      id === undefined ? [] : { ...notAsked, key, ...nothingSent },
    )
    opened = [...opened, ...referred].map((answer) => join(answer, reads.get(answer.key)))
    record = buildRecord(call, queries, opened, sent)
  }
  const medicinesOf = (resources: readonly FhirResource[]) =>
    medicinesReferredTo(resources, record, call.fhirServer)

  await read(medicinesOf(record.draftOrders.map(({ resource }) => resource)))
  return {
    record,
    complete: async (wanted) => {
      const isWanted = (type: string) => wanted?.has(type) ?? true
      await read(findMissing(opened, record).filter(({ type }) => isWanted(type)))
      const lists = medicineTypes.filter(isWanted).map((type) => record.resources.get(type) ?? [])
      await read(medicinesOf(lists.flat()))
      return record
    },
  }
}

/** PF-10: null, an empty Bundle and an OperationOutcome are answers, and are not asked for again. */
function findMissing(opened: readonly KeySent[], record: PatientRecord): Missing[] {
  return opened.flatMap(({ key, type, next }) => {
    if (type === undefined) return []
    const state = record.states.get(key)
    if (state === 'truncated') return next === undefined ? [] : [{ key, type, next }]
    if (state !== 'absent') return []
    const isNeeded = key !== encounterKey || (record.encounterId !== undefined && !record.encounter)
    return isNeeded ? [{ key, type }] : []
  })
}

function buildRecord(
  call: HookCall,
  queries: Queries,
  opened: readonly KeySent[],
  since: Since,
): PatientRecord {
  const draftList = draftEntries(call.draftOrders)
  const bounds = new EntryBounds()
  const findByFullUrl = fullUrlFinder([draftList, ...opened.map(({ entries }) => entries)], bounds)
  const isOurs = ownerCheck(call.patientId, findByFullUrl)
  const drafts = readDrafts(draftList, call, isOurs, bounds)
  const sorting = new Sorting(isOurs, draftedIds(drafts.orders), keptOf(queries), bounds)

  const states = new Map<string, PrefetchState>()
  const wholeFrom = new Map<string, number>()
  let current: FhirResource | undefined
  for (const answer of opened) {
    const sorted = sorting.sort(answer, answer)
    if (answer.type !== undefined) states.set(answer.key, sorted.state)
    const from = wholeSince(sorted, since.get(answer.key))
    if (from !== undefined) wholeFrom.set(answer.key, from)
    if (answer.key === encounterKey) current = sorted.first
  }

  const shelf = new Shelf(sorting.tables)
  const patient = shelf.resources.get('Patient')?.[0]
  const encounter = currentEncounter(call.encounterId, current, shelf)
  const keyOf = (type: string) => queries[type]?.key ?? ''
  return {
    patientId: call.patientId,
    patient: patient?.resourceType === 'Patient' ? patient : undefined,
    encounterId: encounter || !namesNone(states, keyOf('Encounter')) ? call.encounterId : undefined,
    encounter,
    resources: shelf.resources,
    completeness: (type) =>
      since.has(keyOf(type)) && cameWhole(states.get(keyOf(type)))
        ? 'partial'
        : completeness(states.get(keyOf(type)), shelf.resources.has(type)),
    wholeFrom: (type) => wholeFrom.get(keyOf(type)),
    states,
    draftOrders: drafts.orders,
    resolve: resolver(shelf, drafts.orders, findByFullUrl, isOurs),
    ignored: drafts.ignored + sorting.ignored,
    isCut: (resource) => bounds.isCut(resource),
    // References that are followed later may lead to more of them. No getter: see `tests/architecture/accessors.test.ts`.
    entriesCut: () => bounds.count,
  }
}

/** What is asked under one key, as far as it tells how to read the answer. */
interface Asking extends Asked, Question {}

/** What came under one key. */
interface KeySent extends Opened, Asked {
  key: string
}

const nothingSent: Opened = { entries: [], state: 'absent' }
const notAsked: Asking = { type: undefined, datedBy: [], isRead: false, pageSize: undefined }

const keptTypes = new WeakMap<Queries, ReadonlySet<string>>()

/** Types of which entries are read. */
function keptOf(queries: Queries): ReadonlySet<string> {
  const known = keptTypes.get(queries) ?? typesRead(Object.keys(queries))
  keptTypes.set(queries, known)
  return known
}

const askings = new WeakMap<Queries, ReadonlyMap<string, Asking>>()

/** By key. Queries are the same in every call. */
function askingsOf(queries: Queries): ReadonlyMap<string, Asking> {
  const known = askings.get(queries)
  if (known) return known
  const asked = new Map<string, Asking>([[encounterKey, { ...notAsked, type: 'Encounter', isRead: true }]])
  for (const [type, { key, search, 'dated-by': datedBy }] of Object.entries(queries)) {
    const [, count] = /[?&]_count=(\d+)/.exec(search) ?? []
    const pageSize = count === undefined ? undefined : Number(count)
    asked.set(key, { type, datedBy, isRead: search.startsWith('/'), pageSize })
  }
  askings.set(queries, asked)
  return asked
}

/** Our own keys, come or not, then what else came: some EHRs have keys typed in by hand. */
function openAll(prefetch: unknown, queries: Queries): KeySent[] {
  const sent = isObject(prefetch) ? prefetch : {}
  const asked = askingsOf(queries)
  const answers: KeySent[] = []
  const add = (key: string, { type, datedBy, ...question }: Asking) =>
    answers.push({ key, type, datedBy, ...open(sent[key], question) })
  for (const [key, asking] of asked) add(key, asking)
  for (const key in sent) if (!asked.has(key)) add(key, notAsked)
  return answers
}

const cameWhole = (state: PrefetchState | undefined) => state === 'given' || state === 'empty'

/** From which day on a list is whole that was asked for from a day on, or was cut off. */
function wholeSince({ state, wholeFrom }: Sorted, since: number | undefined): number | undefined {
  if (since === undefined) return wholeFrom
  if (cameWhole(state)) return since
  return wholeFrom === undefined ? undefined : Math.max(since, wholeFrom)
}

/** Only the answer to our own query can be whole; what came under other keys may be anything. */
function completeness(state: PrefetchState | undefined, hasSome: boolean): Completeness {
  if (cameWhole(state)) return 'complete'
  return state === 'truncated' || hasSome ? 'partial' : 'missing'
}

/** By its id wherever it came; otherwise what came as the current one, unless its id says that it is another. */
function currentEncounter(id: string | undefined, current: FhirResource | undefined, shelf: Shelf) {
  const named = id === undefined ? undefined : shelf.find('Encounter', id)
  const found = named ?? (id === undefined || current?.id === undefined ? current : undefined)
  return found?.resourceType === 'Encounter' ? (found satisfies Encounter) : undefined
}

/** The server was asked for the encounter of the call, keeps encounters, and has none of that id. */
function namesNone(states: ReadonlyMap<string, PrefetchState>, list: string): boolean {
  const state = states.get(encounterKey)
  return (state === 'empty' || state === 'gone') && states.get(list) !== 'unsupported'
}
