/** What a flag is worth to a physician, by how old the entry is and in which state: the table of flags.yaml, read. */
import type { Span } from './dates.ts'
import { type Flag, type Level, levels } from './vocabulary.ts'

/** How an entry stands: there now, over, or said not to be so. `suspected` is there until it is ruled out. */
export type State = 'active' | 'suspected' | 'past' | 'denied'

export function worthOf(flag: Flag, state: State, span: Span): Level {
  if (state === 'denied') return 'nothing'
  const steps = state === 'past' ? flag.worth.past : flag.worth.active
  const possible = stepsWithin(steps, span)
  const [first = 'nothing'] = possible
  const level = possible.every((each) => each === first) ? first : inDoubt(possible, state)
  return state === 'suspected' && level === 'emergency' ? 'maybe-emergency' : level
}

function stepsWithin(steps: Readonly<Record<string, Level>>, span: Span): Level[] {
  const limits = Object.keys(steps)
    .map((key) => ({
      until: key === 'later' ? Number.POSITIVE_INFINITY : Number(key),
      level: steps[key] ?? 'nothing',
    }))
    .sort((a, b) => a.until - b.until)
  const [youngest, oldest] = span ?? [0, Number.POSITIVE_INFINITY]
  let from = 0
  return limits.flatMap(({ until, level }) => {
    const overlaps = oldest >= from && youngest <= until
    from = until + 1
    return overlaps ? [level] : []
  })
}

/** An active entry that may be new holds advice back; one that is over and undated may be anything. */
function inDoubt(possible: readonly Level[], state: State): Level {
  if (state === 'past') return 'either'
  const strongest = strongestOf(possible)
  return strongest === 'emergency' ? 'maybe-emergency' : strongest
}

export const strongestOf = (found: readonly Level[]): Level =>
  found.reduce<Level>((most, each) => (levels.indexOf(each) > levels.indexOf(most) ? each : most), 'nothing')
