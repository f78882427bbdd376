/** What ends a finding that nobody closed: after a birth there is no pregnancy, whatever the list of problems still says. */
import type { CodeGroups } from '../grammar.ts'
import type { Case } from './case.ts'
import { keysOf } from './lookups.ts'
import type { Span } from './spans.ts'
import type { Statement } from './statements.ts'

/** Surely over, surely not, or `unknown`: one of both has no day, or one that is too vague. */
type Ended = boolean | 'unknown'

/** By an entry of these groups that is as late as the finding was last written down, or later. */
export function endedBy(codes: CodeGroups | undefined): (about: Case) => (statement: Statement) => Ended {
  if (!codes) return () => () => false
  const keys = keysOf(codes)
  return (about) => {
    // Looked for once for a chart: it may hold thousands of both.
    let latest: Span | undefined | null = null
    return (statement) => {
      if (latest === null) latest = latestEnd(keys, about)
      if (!latest) return false
      const told = lastTold(statement)
      if (!told) return 'unknown'
      if (latest.first >= told.last) return true
      return latest.last >= told.first ? 'unknown' : false
    }
  }
}

/** The latest day on which one surely was, and the latest on which one may have been. */
function latestEnd(keys: readonly string[], { index, today }: Case): Span | undefined {
  let latest: Span | undefined
  for (const key of keys)
    for (const { began, recorded, presence } of index.statements(key)) {
      const on = began ?? recorded
      if (presence !== 'present' || !on || on.first > today) continue
      latest = latest ? { first: Math.max(latest.first, on.first), last: Math.max(latest.last, on.last) } : on
    }
  return latest
}

/** The later of the day on which it began and that on which it was written down. */
function lastTold({ began, recorded }: Statement): Span | undefined {
  if (!began || !recorded) return began ?? recorded
  return recorded.last > began.last ? recorded : began
}
