/** Who and what a call is about: as its EHR names them, and as the ledger does. */
import type { Explanation } from '../explanation.ts'
import type { HookCall } from '../hooks/call.ts'
import { Room } from '../store/room.ts'
import type { LedgerKeys } from './keys.ts'

/** As the EHR names them. Never written. */
export interface Naming {
  /** The FHIR server that the ids are of, or whatever else tells two hospitals apart. */
  server: string
  patient: string
  encounter: string | null
  clinician: string | null
  /** What each order is known again by; an opened chart has none. */
  orders: readonly (readonly string[] | null)[]
}

/** `place` is the FHIR server, or whatever tells two hospitals apart. */
export function namingOf(
  place: string,
  { patientId, encounterId, userId }: HookCall,
  orders: Explanation['orders'],
): Naming {
  return {
    server: spellingOf(place),
    patient: patientId,
    encounter: encounterId ?? null,
    clinician: userId?.replace(/^.*\//, '') ?? null,
    orders: orders.map(({ kind, rows, name, draft }) => {
      if (kind === 'chart-view') return null
      const codes = rows.map(({ code }) => code).sort()
      return [kind, ...(codes.length > 0 ? codes : [name || (draft.reference ?? '')])]
    }),
  }
}

/** As the ledger names them: keyed hashes, each made when it is first asked for. */
export class Names {
  readonly #keys: LedgerKeys
  readonly #naming: Naming
  #patient: string | undefined
  #clinician: string | undefined
  #orders: readonly string[] | undefined

  constructor(keys: LedgerKeys, naming: Naming) {
    this.#keys = keys
    this.#naming = naming
  }

  get patient(): string {
    const { server, patient } = this.#naming
    this.#patient ??= this.#keys.keyOf('patient', server, patient)
    return this.#patient
  }

  get encounter(): string | null {
    const { server, encounter } = this.#naming
    return encounter === null ? null : this.#keys.keyOf('encounter', server, encounter)
  }

  get clinician(): string | null {
    const { server, clinician } = this.#naming
    if (clinician === null) return null
    this.#clinician ??= this.#keys.keyOf('clinician', server, clinician)
    return this.#clinician
  }

  /** By position; empty for an opened chart. */
  get orders(): readonly string[] {
    const { server, patient, encounter, orders } = this.#naming
    this.#orders ??= orders.map((what) =>
      what === null ? '' : this.#keys.keyOf('order', server, patient, encounter ?? '', ...what),
    )
    return this.#orders
  }

  /** Keys of the orders at these positions, each once. */
  ordersAt(positions: readonly number[]): string[] {
    return [...new Set(positions.flatMap((at) => this.orders[at] || []))]
  }
}

/** Servers whose spelling is remembered. */
const spellings = new Room<string>(1000)

/** One spelling of one address; an issuer need not be an address. */
export function spellingOf(place: string): string {
  const known = spellings.get(place)
  if (known !== undefined) return known
  const spelling = URL.parse(place)?.href.replace(/\/$/, '') ?? place
  spellings.set(place, spelling)
  return spelling
}
