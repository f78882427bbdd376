/** What was answered on a checklist, and that a handout was given: kept by hash, found by the next call in time or not at all. */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { withoutClosingSlashes } from '../bounds.ts'
import type { KnownCaller } from '../evaluate.ts'
import type { Answer, Answers } from '../facts/answers.ts'
import type { HookCall } from '../hooks/call.ts'
import type { Content } from '../pathway/content.ts'
import type { Range } from '../pathway/known.ts'

// What was answered on a checklist, and the facts that it answers.

/** Yes or no; to when the pain began the id of a choice. */
export type Reply = string

/** Replies by the fact of their question; what was not asked is left out. */
export type Replies = Readonly<Record<string, Reply>>

/** One clinician's page of answers about one patient. */
export interface Given {
  replies: Replies
  /** ISO 8601. */
  at: string
  written?: Written | undefined
}

/** How the page stands in the chart. */
export interface Written {
  /** By which the chart finds it again. */
  name: string
  /** When the answers before it were given; empty for the first. */
  after: string
  /** What became of it; not there while it is being written. */
  chart?: string | undefined
}

type Asked = Pick<Content, 'checklist' | 'parameters'>

/**
 * A no also answers the facts that it implies, unless they have an answer of their own. Unknown questions say nothing.
 * In the days since the answers were given the pain has grown older.
 */
export function answersOf(content: Asked, replies: Replies, at: string, daysSince = 0): Answers {
  const { groups, onset } = content.checklist
  const questions = groups.flatMap((group) => group.questions)
  const answers = new Map<string, Answer>()
  for (const { fact } of questions) {
    const reply = replies[fact]
    if (reply === 'yes' || reply === 'no') answers.set(fact, { value: reply === 'yes', at })
  }
  for (const { fact, 'no-also': implied = [] } of questions) {
    if (replies[fact] !== 'no') continue
    for (const also of implied) if (!answers.has(also)) answers.set(also, { value: false, at })
  }
  const value = onset && onsetDays(content, replies[onset.fact], daysSince)
  if (onset && value) answers.set(onset.fact, { value, at })
  return answers
}

function onsetDays(
  { checklist, parameters }: Asked,
  reply: Reply | undefined,
  since: number,
): Range | undefined {
  const choice = checklist.onset?.choices.find(({ id }) => id === reply)
  if (!choice) return undefined
  const days = (reference: string | undefined) =>
    reference === undefined ? undefined : parameters[reference.slice(1)]?.value
  const [from = 0, below = Number.POSITIVE_INFINITY] = [days(choice['at-least']), days(choice.below)]
  return { low: from + since, high: below - 1 + since }
}

/** Whom the answers are about. A visit that one side does not name is another than one that both name. */
export interface About {
  /** Base of the FHIR server. */
  fhirServer: string
  patientId: string
  encounterId?: string | undefined
}

/** A place that forgets by itself; `until` in ms since 1970. */
export interface KeptBriefly {
  put(id: string, text: string, until: number): Promise<void>
  get(id: string): Promise<string | undefined>
}

export interface AnswerBook {
  keep(about: About, given: Given): Promise<void>
  find(about: About): Promise<Given | undefined>
}

const stored = z.object({
  replies: z.record(z.string(), z.string()),
  at: z.iso.datetime(),
  written: z.object({ name: z.string(), after: z.string(), chart: z.string().optional() }).optional(),
})

/** `now` in ms since 1970. */
export function answerBook(place: KeptBriefly, hours: number, now: () => number): AnswerBook {
  return {
    keep: (about, given) => place.put(keyOf(about), JSON.stringify(given), now() + hours * 3_600_000),
    find: async (about) => {
      const text = await place.get(keyOf(about))
      return text === undefined ? undefined : stored.parse(JSON.parse(text))
    },
  }
}

function keyOf({ fhirServer, patientId, encounterId = '' }: About): string {
  const told = JSON.stringify(['checklist', serverOf(fhirServer), patientId, encounterId])
  return createHash('sha256').update(told).digest('base64url')
}

/** One spelling of a base address. */
export const serverOf = (base: string) => withoutClosingSlashes(URL.parse(base)?.href ?? base)

// That a patient was given a handout, so that education is not offered again while it counts. Kept by hash, as
// answers are.

export interface HandedOut {
  /** `on` as 2026-11-22. */
  note(about: About, on: string): Promise<void>
  last(about: About): Promise<string | undefined>
}

const day = z.iso.date()

/** `now` in ms since 1970. A visit makes no difference: what was learned stays learned. */
export function handedOut(place: KeptBriefly, days: number, now: () => number): HandedOut {
  return {
    note: (about, on) => place.put(handoutKey(about), on, now() + days * 86_400_000),
    last: async (about) => day.optional().parse(await place.get(handoutKey(about))),
  }
}

function handoutKey({ fhirServer, patientId }: About): string {
  const told = JSON.stringify(['handout', serverOf(fhirServer), patientId])
  return createHash('sha256').update(told).digest('base64url')
}

/** What is kept about patients between calls, for as long as the site and the pathway say. */
interface Kept {
  book: AnswerBook
  handedOut: HandedOut
}

/** `now` in ms since 1970. A handout counts as long as education on record does. */
export function keptIn(
  { site, parameters }: Pick<Content, 'site' | 'parameters'>,
  place: KeptBriefly,
  now: () => number,
): Kept {
  return {
    book: answerBook(place, site['checklist-hours'], now),
    handedOut: handedOut(place, parameters['care-lookback-days']?.value ?? 0, now),
  }
}

// Finds, for a hook call, what was answered about its patient and whether a handout was given; in time or not at
// all.

interface Lookup {
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
