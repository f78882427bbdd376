/** What ends a finding that nobody closed: after a birth there is no pregnancy, whatever the list of problems still says. */
import type { CodeGroups } from '../grammar.ts'
import type { Case } from './case.ts'
import { keysOf } from './lookups.ts'
import type { Span } from './spans.ts'
import type { Statement } from './statements.ts'

/** Surely over, surely not, or `unknown`: one of both has no day, or one that is too vague. */
type Ended = boolean | 'unknown'

/** By an entry of these groups that is as late as the finding was last written down, or later. */
export function endedBy(codes: CodeGroups | undefined): (statement: Statement, about: Case) => Ended {
  if (!codes) return () => false
  const keys = keysOf(codes)
  return (statement, { index, today }) => {
    const ends = keys.flatMap((key) =>
      index.statements(key).flatMap((each) => {
        const on = each.began ?? each.recorded
        return each.presence === 'present' && on && on.first <= today ? [on] : []
      }),
    )
    if (ends.length === 0) return false
    const told = lastTold(statement)
    if (!told || ends.some((on) => on.first < told.last && on.last >= told.first)) return 'unknown'
    return ends.some((on) => on.first >= told.last)
  }
}

/** The later of the day on which it began and that on which it was written down. */
function lastTold({ began, recorded }: Statement): Span | undefined {
  if (!began || !recorded) return began ?? recorded
  return recorded.last > began.last ? recorded : began
}
