/** How one call went, in our own words and numbers, for the log and for metrics: no ids, no content. */
import type { Indicator } from './pathway/schema.ts'

const stages = ['gather', 'facts', 'decide', 'recall', 'render'] as const
export type Stage = (typeof stages)[number]
/** In ms. A stage that was not reached has none. */
export type Times = Partial<Record<Stage, number>>

export interface Report {
  times: Times
  /** State by prefetch key that we publish. */
  prefetch: ReadonlyMap<string, string>
  /** Drafted orders beyond the most that are judged. */
  passedOver?: number
  /** Entries and drafts that bring more than is read of one. */
  entriesCut?: number
  /** Cards shown. */
  spoken: readonly { rule: string; indicator: Indicator }[]
}

/** `stopwatch` gives milliseconds from any beginning; without one nothing is timed. */
export function timer(stopwatch: (() => number) | undefined): { times: Times; end: (stage: Stage) => void } {
  const times: Times = {}
  if (!stopwatch) return { times, end: () => undefined }
  let last = stopwatch()
  const end = (stage: Stage) => {
    const now = stopwatch()
    times[stage] = now - last
    last = now
  }
  return { times, end }
}
