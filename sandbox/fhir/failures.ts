/** What the FHIR server answers when it does not do what was asked: a status, and an OperationOutcome that says why. */
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'

const issueCodes: Readonly<Record<number, OperationOutcomeIssue['code']>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  406: 'not-supported',
  408: 'timeout',
  412: 'conflict',
  413: 'too-long',
  415: 'not-supported',
  429: 'throttled',
  503: 'transient',
  504: 'timeout',
  507: 'too-costly',
}

/** `message` is for the caller. */
export class FhirFailure extends Error {
  readonly status: number
  /** FHIRPath-like places in the request. */
  readonly places: readonly string[]

  constructor(status: number, message: string, places: readonly string[] = []) {
    super(message)
    this.name = 'FhirFailure'
    this.status = status
    this.places = places
  }
}

export function outcomeOf({ status, message, places }: FhirFailure): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: issueCodes[status] ?? (status < 500 ? 'processing' : 'exception'),
        diagnostics: message,
        ...(places.length > 0 ? { expression: [...places] } : {}),
      },
    ],
  }
}

/** Names that callers sent are quoted, and not at length. */
export const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
