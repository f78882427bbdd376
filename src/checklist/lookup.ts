/** Finds, for a hook call, what was answered about its patient and whether a handout was given. */
import type { Content } from '../content/content.ts'
import type { KnownCaller } from '../evaluate.ts'
import type { HookCall } from '../hooks/call.ts'
import type { About, AnswerBook } from './book.ts'
import { type Answer, answersOf } from './given.ts'
import type { HandedOut } from './handed-out.ts'

export interface Lookup {
  content: Pick<Content, 'checklist' | 'recording'>
  book: AnswerBook
  handedOut: HandedOut
  /** A moment as a card tells it. */
  tellTime: (at: Date) => string
}

export type Answers = ReadonlyMap<string, Answer>

export function answersAbout({ content, book, handedOut, tellTime }: Lookup) {
  return async (call: HookCall, caller: KnownCaller | undefined): Promise<Answers | undefined> => {
    const answers = new Map<string, Answer>()
    for (const fhirServer of serversOf(call, caller)) {
      const about = { fhirServer, patientId: call.patientId, encounterId: call.encounterId }
      await addTo(answers, about)
      if (answers.size > 0) return answers
    }
    return undefined
  }

  async function addTo(answers: Map<string, Answer>, about: About): Promise<void> {
    const [given, handout] = await Promise.all([book.find(about), handedOut.last(about)])
    if (given) {
      const at = tellTime(new Date(given.at))
      for (const [fact, answer] of answersOf(content.checklist, given.replies, at)) answers.set(fact, answer)
    }
    if (handout === undefined) return
    for (const fact of content.recording?.facts ?? []) answers.set(fact, { value: true, at: handout })
  }
}

/** Patients of one hospital are not those of another: a verified caller is believed about its own servers only (FA-7). */
function serversOf({ fhirServer }: HookCall, caller: KnownCaller | undefined): readonly string[] {
  if (!caller) return fhirServer === undefined ? [] : [fhirServer]
  const own = caller.fhirServers
  if (fhirServer === undefined) return own
  return own.some((each) => isSame(each, fhirServer)) ? [fhirServer] : []
}

const isSame = (one: string, other: string) => one.replace(/\/+$/, '') === other.replace(/\/+$/, '')
