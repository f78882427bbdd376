/** What reading came to in one call, in words that may stand in a log: no addresses, no ids, no content. */
import type { Missing } from '../reading.ts'
import type { Outcome } from './pages.ts'
import { isSuspicious } from './reasons.ts'

export interface ReadReport {
  /** By prefetch key, or by the type of what was referred to: the state, and the reason when it is not whole. */
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
  for (const { key, type, id } of missing) {
    const outcome = outcomes.get(key)
    const told = outcome?.reason ? `${outcome.state}: ${outcome.reason}` : outcome?.state
    // Of several of one type, one that failed is told.
    if (told !== undefined && (id === undefined || outcome?.reason || !keys[type]))
      keys[id === undefined ? key : type] = told
  }
  const reasons = [...outcomes.values()].map(({ reason }) => reason)
  return { keys, isSuspicious: reasons.some(isSuspicious), ...measures }
}
