/** Writes the answers into the chart, where the server takes them and the scopes allow it; says what became of it. */

import { createHash } from 'node:crypto'
import type { Content } from '../pathway/content.ts'
import type { Launch } from '../smart/launch.ts'
import type { About, Given, Replies, Written } from './book.ts'
import { type Answering, identifierOf, observationOf, responseOf } from './questionnaire.ts'

// Whom a launch is about and who opened it, as what is kept and written needs them.

export const aboutOf = ({ ehr, patient, encounter }: Launch): About => ({
  fhirServer: ehr.iss,
  patientId: patient,
  encounterId: encounter,
})

/** FHIR has no place for a Person where an author stands. */
export const authorOf = ({ user }: Launch): string | undefined =>
  user?.type === 'Person' ? undefined : user?.reference

const outcomes = ['questionnaire', 'observation', 'not-possible', 'refused'] as const
export type Outcome = (typeof outcomes)[number]

/** Of the answers that were just sent, as the address of the page says it. */
export function outcomeIn(query: unknown): Outcome | undefined {
  const { chart } = (query ?? {}) as { chart?: unknown }
  return outcomes.find((outcome) => outcome === chart)
}

export async function record(
  launch: Launch,
  content: Pick<Content, 'checklist' | 'parameters' | 'pathway'>,
  answering: Answering,
): Promise<Outcome> {
  if (launch.ehr.writeback === 'none') return 'not-possible'
  const { system, value } = identifierOf(answering)
  const ifNoneExist = new URLSearchParams({ identifier: `${system}|${value}` }).toString()
  try {
    if (await launch.canCreate('QuestionnaireResponse')) {
      await launch.fhir.create(responseOf(content, answering), { ifNoneExist })
      return 'questionnaire'
    }
    if (await launch.canCreate('Observation')) {
      await launch.fhir.create(observationOf(content, answering), { ifNoneExist })
      return 'observation'
    }
    return 'not-possible'
  } catch {
    // The answers count all the same; the page says that the chart does not hold them.
    return 'refused'
  }
}

// A page of answers that is sent once more, by a second click or a page that is loaded again, is still one
// statement.

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
