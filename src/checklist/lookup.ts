/** Finds, for a hook call, what was answered about its patient and whether a handout was given; in time or not at all. */

import type { KnownCaller } from '../evaluate.ts'
import type { Answer, Answers } from '../facts/answers.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import { type About, type AnswerBook, serverOf } from './book.ts'
import { answersOf } from './given.ts'
import type { HandedOut } from './handed-out.ts'

export interface Lookup {
  content: Pick<Content, 'checklist' | 'parameters' | 'recording'>
  book: AnswerBook
  handedOut: HandedOut
  /** A moment as a card tells it. */
  tellTime: (at: Date) => string
  now: () => Date
  /** In ms: whatever keeps them, the EHR is waiting. */
  patience: number
}

export class AnswersLate extends Error {
  override name = 'AnswersLate'
}

/** Rejects when what keeps them fails, or with AnswersLate. */
export function answersAbout({ content, book, handedOut, tellTime, now, patience }: Lookup) {
  return async (call: HookCall, caller: KnownCaller | undefined): Promise<Answers | undefined> => {
    const fhirServer = serverIn(call, caller)
    if (fhirServer === undefined) return undefined
    const about = { fhirServer, patientId: call.patientId, encounterId: call.encounterId }
    return inTime(answersIn(about), patience)
  }

  async function answersIn(about: About): Promise<Answers> {
    const answers = new Map<string, Answer>()
    const [given, handout] = await Promise.all([book.find(about), handedOut.last(about)])
    if (given) {
      const at = new Date(given.at)
      const days = Math.floor((now().getTime() - at.getTime()) / 86_400_000)
      const told = answersOf(content, given.replies, tellTime(at), Math.max(days, 0))
      for (const [fact, answer] of told) answers.set(fact, answer)
    }
    if (handout === undefined) return answers
    for (const fact of content.recording?.facts ?? []) answers.set(fact, { value: true, at: handout })
    return answers
  }
}

async function inTime<T>(answer: Promise<T>, patience: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new AnswersLate()), patience)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Ids are of one server: patient 1 of one hospital is not patient 1 of another. A verified caller is believed about its
 * own servers only (FA-7); a call that names none is about the caller's server where it has one alone.
 */
export function serverIn({ fhirServer }: HookCall, caller: KnownCaller | undefined): string | undefined {
  if (!caller) return fhirServer
  const own = caller.fhirServers.map(serverOf)
  if (fhirServer !== undefined) return own.find((each) => each === serverOf(fhirServer))
  return own.length === 1 ? own[0] : undefined
}
