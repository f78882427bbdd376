/** Reads OperationOutcomes: does one say that something is missing, or is it only a remark? */
import type { FhirResource } from 'fhir/r4.js'
import { isObject } from './wire.ts'

/**
 * Codes that say at any severity that results were left out. Epic sends `suppressed` as a warning when the client
 * may not read a part, while its "no results" and "may not contain the entire record" are only remarks.
 */
const leftOut = new Set(['suppressed', 'incomplete', 'forbidden', 'timeout', 'throttled', 'too-costly'])

export function saysSomethingIsMissing(outcome: FhirResource): boolean {
  const issues: unknown = (outcome as { issue?: unknown }).issue
  return Array.isArray(issues) && issues.some(isLoss)
}

function isLoss(issue: unknown): boolean {
  if (!isObject(issue)) return false
  if (issue.severity === 'error' || issue.severity === 'fatal') return true
  return typeof issue.code === 'string' && leftOut.has(issue.code)
}
