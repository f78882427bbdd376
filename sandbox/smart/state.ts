/** What the simulator remembers: launches, codes, tokens. Bounded, and gone with the process. */
import { randomUUID } from 'node:crypto'

/** What a launch puts into the token response. */
export interface Context {
  patient?: string
  encounter?: string
  /** `Practitioner/…`. */
  user?: string
  appContext?: unknown
  intent?: string
  tenant?: string
  need_patient_banner?: boolean
  fhirContext?: unknown[]
}

/** What was allowed to whom, by a code or a refresh token. */
export interface Grant {
  client: string
  redirectUri: string
  challenge: string
  scope: string
  nonce?: string
  context: Context
}

export interface Access {
  scope: string
  context: Context
  /** In ms since 1970. */
  expiresAt: number
}

const most = 2000

/** Gives each thing a name that nobody can guess. Beyond a number the oldest is forgotten. */
export class Shelf<T> {
  readonly #things = new Map<string, T>()

  keep(thing: T, name: string = randomUUID()): string {
    const [oldest] = this.#things.keys()
    if (oldest !== undefined && this.#things.size >= most) this.#things.delete(oldest)
    this.#things.set(name, thing)
    return name
  }

  find(name: string | undefined): T | undefined {
    return name === undefined ? undefined : this.#things.get(name)
  }

  take(name: string | undefined): T | undefined {
    const thing = this.find(name)
    if (name !== undefined) this.#things.delete(name)
    return thing
  }
}
