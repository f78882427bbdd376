/** Goes over the entries of each prefetch key once, keeps what is ours by type, and settles what the key told us. */
import type { FhirResource } from 'fhir/r4.js'
import type { EntryBounds } from './entry-bounds.ts'
import { NewestFirst } from './extent.ts'
import { IdTable } from './id-table.ts'
import { type Opened, saysSomethingIsMissing } from './prefetch.ts'
import type { PrefetchState } from './record.ts'
import type { IsOurs } from './reference.ts'
import { typeSinceR4 } from './version.ts'
import { idOf, isObject, resourceOf } from './wire.ts'

/** Types that are read where they come and that no query asks for: some stand behind a reference. */
const readUnasked = [
  'ClinicalImpression',
  'Encounter',
  'Medication',
  'MedicationAdministration',
  'MedicationStatement',
  'Organization',
  'Patient',
]

/** Types of which entries are read; `asked` are those of the queries. */
export const typesRead = (asked: Iterable<string>): ReadonlySet<string> => new Set([...readUnasked, ...asked])

/** What depends on a type alone, worked out once for each type and not for each resource. */
interface Tray {
  table: IdTable
  /** Ids of this call's draft orders: the server's copy of one is no earlier order. */
  drafted: ReadonlySet<string> | undefined
}

interface Tally {
  answers: number
  others: number
  foreign: number
  /** Entries that could not be read, or not whole, and outcomes that say that something is missing. */
  lost: number
}

export interface Sorted {
  state: PrefetchState
  /** The first resource of the type that was asked for. */
  first?: FhirResource | undefined
  /** Of a list that was cut off after its newest entries: the day from which on it is whole. */
  wholeFrom?: number | undefined
}

export interface Asked {
  /** The type that the key was published for; undefined for a key that we did not publish. */
  type: string | undefined
  /** Elements with the date by which the newest come first; none where there is no such order. */
  datedBy: readonly string[]
}

export class Sorting {
  readonly tables = new Map<string, IdTable>()
  /** Resources of somebody else. */
  ignored = 0
  readonly #trays = new Map<string, Tray>()
  readonly #isOurs: IsOurs
  readonly #bounds: EntryBounds
  readonly #drafted: ReadonlyMap<string, ReadonlySet<string>>
  /** Only these get room: whoever makes up types by the thousand fills nothing with them. */
  readonly #kept: ReadonlySet<string>

  constructor(
    isOurs: IsOurs,
    drafted: ReadonlyMap<string, ReadonlySet<string>>,
    kept: ReadonlySet<string>,
    bounds: EntryBounds,
  ) {
    this.#isOurs = isOurs
    this.#bounds = bounds
    this.#drafted = drafted
    this.#kept = kept
  }

  sort({ entries, state, hasHoles }: Opened, asked: Asked): Sorted {
    if (entries.length === 0) return { state }
    const order = state === 'truncated' && !hasHoles ? new NewestFirst(asked.datedBy) : undefined
    let [answers, others, foreign, lost] = [0, 0, 0, 0]
    let first: FhirResource | undefined
    let type: string | undefined
    let tray: Tray | undefined
    for (const entry of entries) {
      const sent = resourceOf(entry)
      if (!sent) {
        lost += 1
        continue
      }
      // A Bundle mostly holds one type, so the tray of the last entry is nearly always the right one.
      const sentType = typeSinceR4(sent)
      if (sentType !== type) {
        type = sentType
        tray = this.#trayFor(type, type === asked.type ? entries.length : 0)
      }
      if (type === 'OperationOutcome') lost += saysSomethingIsMissing(sent) ? 1 : 0
      else if (!this.#isOurs(sent)) foreign += 1
      else {
        if (type === asked.type) answers += 1
        else others += 1
        if (!tray) continue
        const resource = this.#bounds.read(sent)
        if (this.#bounds.isCut(resource)) lost += 1
        if (type === asked.type) {
          first ??= resource
          order?.add(resource)
        }
        if (!tray.drafted?.has(idOf(sent) ?? '')) tray.table.add(resource, addressOf(entry))
      }
    }
    this.ignored += foreign
    // What was lost on the way may be of any date.
    const wholeFrom = lost + foreign > 0 ? undefined : order?.wholeFrom
    return { state: settle(state, { answers, others, foreign, lost }), first, wholeFrom }
  }

  #trayFor(type: string, expected: number): Tray | undefined {
    const known = this.#trays.get(type)
    if (known || !this.#kept.has(type)) return known
    const table = new IdTable(expected)
    const tray = { table, drafted: this.#drafted.get(type) }
    this.#trays.set(type, tray)
    this.tables.set(type, table)
    return tray
  }
}

/** A list that holds anything but its own answer cannot prove that something is not there (PF-14). */
function settle(state: PrefetchState, { answers, others, foreign, lost }: Tally): PrefetchState {
  if (answers === 0 && others + foreign > 0) return 'unusable'
  if (lost + foreign > 0) return 'truncated'
  return answers === 0 && state === 'given' ? 'empty' : state
}

/** The `fullUrl` of a Bundle's entry. */
const addressOf = (entry: unknown) =>
  isObject(entry) && typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined
