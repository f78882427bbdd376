/** What reading came to in one call, in words that may stand in a log: no addresses, no ids, no content. */
import type { Missing } from '../reading.ts'
import type { Outcome } from './pages.ts'
import { isSuspicious } from './reasons.ts'

export interface ReadReport {
  /** By prefetch key: the state, and the reason when it is not whole. */
  keys: Readonly<Record<string, string>>
  /** A trust rule kept something from being read: somebody should look at the site's settings, or at the caller. */
  isSuspicious: boolean
  requests: number
  /** Decoded. */
  bytes: number
  ms: number
}

type Measures = Pick<ReadReport, 'requests' | 'bytes' | 'ms'>

export function reportOf(
  missing: readonly Missing[],
  outcomes: ReadonlyMap<string, Outcome>,
  measures: Measures,
): ReadReport {
  const keys: Record<string, string> = {}
  for (const { key } of missing) {
    const outcome = outcomes.get(key)
    if (outcome) keys[key] = outcome.reason ? `${outcome.state}: ${outcome.reason}` : outcome.state
  }
  const reasons = [...outcomes.values()].map(({ reason }) => reason)
  return { keys, isSuspicious: reasons.some(isSuspicious), ...measures }
}
