/** Arithmetic of supplied days. */

/** Day numbers, both included. */
export interface Stretch {
  first: number
  last: number
}

export function overlap(stretch: Stretch, window: Stretch): Stretch | undefined {
  const first = Math.max(stretch.first, window.first)
  const last = Math.min(stretch.last, window.last)
  return first <= last ? { first, last } : undefined
}

/** Stretches joined where they touch, overlap, or leave at most `gap` uncovered days between them. */
export function joined(stretches: readonly Stretch[], gap = 0): Stretch[] {
  const runs: Stretch[] = []
  for (const { first, last } of [...stretches].sort((a, b) => a.first - b.first)) {
    const run = runs.at(-1)
    if (run && first <= run.last + 1 + gap) run.last = Math.max(run.last, last)
    else runs.push({ first, last })
  }
  return runs
}

const lengthOf = ({ first, last }: Stretch) => last - first + 1

/** Days covered by at least one stretch. */
export const coveredDays = (stretches: readonly Stretch[]) =>
  joined(stretches).reduce((sum, run) => sum + lengthOf(run), 0)

/** Days of the longest run without a gap longer than `gap`. */
export const longestRun = (stretches: readonly Stretch[], gap: number) =>
  Math.max(0, ...joined(stretches, gap).map(lengthOf))
