/** A page of answers that is sent once more, by a second click or a page that is loaded again, is still one statement. */
import { createHash } from 'node:crypto'
import type { Launch } from '../smart/launch.ts'
import type { Given, Replies, Written } from './given.ts'
import type { Outcome } from './recording.ts'

export interface Statement extends Given {
  written: Written
  /** What became of it in the chart, where it was sent before and need not be written again. */
  done?: Outcome
}

/** `last` is what was kept before. Whoever answers otherwise, and then as at first again, has said three things. */
export function statementOf(
  launch: Pick<Launch, 'id' | 'user'>,
  replies: Replies,
  at: string,
  last: Given | undefined,
): Statement {
  const name = (after: string) => nameOf([launch.id, launch.user?.reference ?? '', told(replies), after])
  const before = last?.written
  if (last && before && before.name === name(before.after)) {
    const { chart } = before
    return { replies, at: last.at, written: before, ...(isSettled(chart) ? { done: chart } : {}) }
  }
  const after = last?.at ?? ''
  return { replies, at, written: { name: name(after), after } }
}

/** What the server refused may be taken the next time, under the same name: perhaps only its answer was lost. */
const isSettled = (chart: string | undefined): chart is Outcome => chart !== undefined && chart !== 'refused'

const told = (replies: Replies) => Object.entries(replies).sort(([a], [b]) => (a < b ? -1 : 1))

const nameOf = (parts: unknown) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

/** Lets one of several that are the same do the work at a time; the others get what it came to. */
export function onceAtATime<T>(): (name: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>()
  return (name, work) => {
    const known = underWay.get(name)
    if (known) return known
    const begun = work().finally(() => underWay.delete(name))
    underWay.set(name, begun)
    return begun
  }
}
