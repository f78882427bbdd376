/** What is kept by a key until a time: in this process, or in a database that replicas share. */

export interface Store {
  /** Replaces what was there. `until` in ms since 1970. */
  put(id: string, text: string, until: number): Promise<void>
  get(id: string): Promise<string | undefined>
  /** Gives it once: whoever comes second gets nothing. */
  take(id: string): Promise<string | undefined>
  /** Refused while somebody else holds it. */
  claim(id: string, until: number): Promise<boolean>
}

export interface Stores {
  /** States of sign-ins that came back. */
  used: Store
  launches: Store
  /** What outlasts a launch: answers of clinicians, handouts given, links to print. */
  kept: Store
}

/** The database is away. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable'
  /** Of the system or of PostgreSQL. */
  readonly detail: string

  constructor(detail: string) {
    super(`The database of DATABASE_URL cannot be asked (${detail}).`)
    this.name = 'StoreUnavailable'
    this.detail = detail
  }
}
