/** What keeps the ledger from writing. */
export class LedgerFailure extends Error {
  override name = 'LedgerFailure'
  /** `row`: what was to be written is at fault, and will be again. `away`: the store is, and may come back. */
  readonly kind: 'row' | 'away'
  /** Of the store, for the log; its words may quote what was to be written. */
  readonly code: string

  constructor(kind: 'row' | 'away', code: string, message: string) {
    super(message)
    this.kind = kind
    this.code = code
  }
}
