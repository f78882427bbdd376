/** Every failure that a caller can meet: one table, with a stable code, an HTTP status and what to do about it. */
export const failures = {
  'unknown-route': { status: 404, issue: 'not-found' },
  'unknown-service': { status: 404, issue: 'not-found' },
  'method-not-allowed': { status: 405, issue: 'not-supported' },
  'malformed-json': { status: 400, issue: 'structure' },
  'not-json': { status: 415, issue: 'structure' },
  'body-too-large': { status: 413, issue: 'too-long' },
  'invalid-request': { status: 400, issue: 'invalid' },
  'wrong-hook': { status: 400, issue: 'value' },
  'data-unavailable': { status: 412, issue: 'not-found' },
  'malformed-http': { status: 400, issue: 'structure' },
  'too-slow': { status: 408, issue: 'timeout' },
  'head-too-large': { status: 431, issue: 'too-long' },
  'too-many-calls': { status: 429, issue: 'throttled' },
  'under-pressure': { status: 503, issue: 'transient' },
  stopping: { status: 503, issue: 'transient' },
  'ledger-unavailable': { status: 503, issue: 'transient' },
  'replay-store-unavailable': { status: 503, issue: 'transient' },
  'internal-error': { status: 500, issue: 'exception' },
} as const

/** Seconds after which a caller that was sent away may try again. */
export const retryAfter = 5

type FailureCode = keyof typeof failures

/** A failure to be told to the caller. `message` says what to mend and never repeats what the caller sent. */
export class LumbarError extends Error {
  readonly code: FailureCode
  readonly status: number
  /** FHIRPath-like places in the request that need mending. */
  readonly places: readonly string[]

  constructor(code: FailureCode, message: string, places: readonly string[] = []) {
    super(message)
    this.name = 'LumbarError'
    this.code = code
    this.status = failures[code].status
    this.places = places
  }
}

/** The FHIR way to say it (CDS Hooks RSP-5, PF-13). */
export function operationOutcome(error: LumbarError) {
  return {
    resourceType: 'OperationOutcome' as const,
    issue: [
      {
        severity: 'error' as const,
        code: failures[error.code].issue,
        details: { coding: [{ system: 'urn:lumbar:error', code: error.code }], text: error.message },
        diagnostics: error.message,
        ...(error.places.length > 0 ? { expression: [...error.places] } : {}),
      },
    ],
  }
}
