/** Reads OperationOutcomes: does one say that something is missing, and why, or is it only a remark? */
import type { FhirResource } from 'fhir/r4.js'
import { isObject } from './wire.ts'

/**
 * Codes that say at any severity that results were left out. Epic sends `suppressed` as a warning when the client
 * may not read a part, while its "no results" and "may not contain the entire record" are only remarks.
 */
const leftOut = new Set(['suppressed', 'incomplete', 'forbidden', 'timeout', 'throttled', 'too-costly'])

export function saysSomethingIsMissing(outcome: FhirResource): boolean {
  return (
    hasMoreToSay(outcome) || issuesOf(outcome).some((issue) => isError(issue) || leftOut.has(codeOf(issue)))
  )
}

/** Why there is an outcome instead of data, in the words of its first error. */
export type Refusal = 'failed' | 'unsupported' | 'forbidden' | 'not-found'

const refusals: Readonly<Record<string, Refusal>> = {
  'not-supported': 'unsupported',
  'not-found': 'not-found',
  deleted: 'not-found',
  security: 'forbidden',
  login: 'forbidden',
  expired: 'forbidden',
  forbidden: 'forbidden',
}

export function refusalIn(outcome: object): Refusal {
  const issues = issuesOf(outcome)
  const issue = issues.find(isError) ?? issues[0]
  const code = issue === undefined ? '' : codeOf(issue)
  return (Object.hasOwn(refusals, code) && refusals[code]) || 'failed'
}

/** The same by HTTP status. */
export function refusalOf(status: number): Refusal {
  if (status === 404 || status === 410) return 'not-found'
  if (status === 405 || status === 501) return 'unsupported'
  return status === 401 || status === 403 ? 'forbidden' : 'failed'
}

/** At an address that names one resource nothing may be there; at that of a type the type is what is missing. */
export const stateOfRefusal = (refusal: Refusal, isRead: boolean) =>
  refusal !== 'not-found' ? refusal : isRead ? 'gone' : 'unsupported'

const isError = ({ severity }: Readonly<Record<string, unknown>>) =>
  severity === 'error' || severity === 'fatal'

/** A code is a text: in whatever else stands there nothing is looked for. */
const codeOf = ({ code }: Readonly<Record<string, unknown>>) => (typeof code === 'string' ? code : '')

/** Issues of one outcome that are read. Whoever has more to say has not only remarks. */
const mostIssues = 100

function hasMoreToSay(outcome: object): boolean {
  const { issue } = outcome as { issue?: unknown }
  return Array.isArray(issue) && issue.length > mostIssues
}

function issuesOf(outcome: object): readonly Record<string, unknown>[] {
  const issues: unknown = (outcome as { issue?: unknown }).issue
  return Array.isArray(issues) ? issues.slice(0, mostIssues).filter(isObject) : []
}
