/** Goes over the entries of each prefetch key once, keeps what is ours by type, and settles what the key told us. */
import type { FhirResource } from 'fhir/r4.js'
import { IdTable } from './id-table.ts'
import { saysSomethingIsMissing } from './outcome.ts'
import type { IsOurs } from './owner.ts'
import type { Opened } from './prefetch.ts'
import type { PrefetchState } from './record.ts'
import { earlierVersionCheck, isEarlierVersion } from './version.ts'
import { resourceOf } from './wire.ts'

/** Types that are read where they come and that no query asks for: some stand behind a reference. */
const readUnasked = [
  'Encounter',
  'Medication',
  'MedicationAdministration',
  'MedicationStatement',
  'Organization',
  'Patient',
]

/** What depends on a type alone, worked out once for each type and not for each resource. */
interface Tray {
  table: IdTable
  /** Undefined where every resource of the type is R4. */
  isEarlierVersion: ((resource: FhirResource) => boolean) | undefined
  /** Ids of this call's draft orders: the server's copy of one is no earlier order. */
  drafted: ReadonlySet<string> | undefined
}

interface Tally {
  answers: number
  others: number
  foreign: number
  /** Entries that could not be read, and outcomes that say that something is missing. */
  lost: number
  earlier: number
}

export class Sorting {
  readonly tables = new Map<string, IdTable>()
  /** Resources of somebody else. */
  ignored = 0
  readonly #trays = new Map<string, Tray>()
  readonly #isOurs: IsOurs
  readonly #drafted: ReadonlyMap<string, ReadonlySet<string>>
  /** Only these get room: whoever makes up types by the thousand fills nothing with them. */
  readonly #kept: ReadonlySet<string>

  constructor(isOurs: IsOurs, drafted: ReadonlyMap<string, ReadonlySet<string>>, asked: Iterable<string>) {
    this.#isOurs = isOurs
    this.#drafted = drafted
    this.#kept = new Set([...readUnasked, ...asked])
  }

  /** `asked` is the type that the key was published for; `first` the first resource of that type. */
  sort(
    { entries, state }: Opened,
    asked: string | undefined,
  ): { state: PrefetchState; first?: FhirResource } {
    if (entries.length === 0) return { state }
    let [answers, others, foreign, lost, earlier] = [0, 0, 0, 0, 0]
    let first: FhirResource | undefined
    let type: string | undefined
    let tray: Tray | undefined
    for (const entry of entries) {
      const resource = resourceOf(entry)
      if (!resource) {
        lost += 1
        continue
      }
      // A Bundle mostly holds one type, so the tray of the last entry is nearly always the right one.
      if (resource.resourceType !== type) {
        type = resource.resourceType
        tray = this.#trayFor(type, type === asked ? entries.length : 0)
      }
      if (type === 'OperationOutcome') lost += saysSomethingIsMissing(resource) ? 1 : 0
      else if (tray ? tray.isEarlierVersion?.(resource) : isEarlierVersion(resource)) earlier += 1
      else if (!this.#isOurs(resource)) foreign += 1
      else {
        if (type === asked) {
          answers += 1
          first ??= resource
        } else others += 1
        if (tray && !tray.drafted?.has(resource.id ?? '')) tray.table.add(resource)
      }
    }
    this.ignored += foreign
    const settled = settle(state, { answers, others, foreign, lost, earlier })
    return first ? { state: settled, first } : { state: settled }
  }

  #trayFor(type: string, expected: number): Tray | undefined {
    const known = this.#trays.get(type)
    if (known || !this.#kept.has(type)) return known
    const table = new IdTable(expected)
    const tray = { table, isEarlierVersion: earlierVersionCheck(type), drafted: this.#drafted.get(type) }
    this.#trays.set(type, tray)
    this.tables.set(type, table)
    return tray
  }
}

/** A list that holds anything but its own answer cannot prove that something is not there (PF-14). */
function settle(state: PrefetchState, { answers, others, foreign, lost, earlier }: Tally): PrefetchState {
  if (earlier > 0) return 'unusable'
  if (answers === 0 && others + foreign > 0) return 'unusable'
  if (lost + foreign > 0) return 'truncated'
  return answers === 0 && state === 'given' ? 'empty' : state
}
