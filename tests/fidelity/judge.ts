/** Holds the service's answer against the truth of an event: which kinds of mistake it made. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Card, Library } from 'lumbar'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Event } from './event.ts'
import type { Topic } from './truth.ts'
import { folder } from './vocabulary.ts'

const codes = z.record(z.string(), z.array(z.string()))
const reading = z
  .strictObject({ dangers: codes, also: codes, untrue: z.array(z.string()), nsaid: z.array(z.string()) })
  .parse(parse(readFileSync(join(folder, 'answers.yaml'), 'utf8')))

export const mistakes = [
  'false alarm',
  'missed emergency',
  'missed speech',
  'wrong card',
  'spoken out of scope',
  'missed opioid safety',
  'untrue opioid danger',
  'NSAID where it is contraindicated',
] as const
export type Mistake = (typeof mistakes)[number]

/** Of each kind: was it possible here, and was it made? */
type Judgement = Partial<Record<Mistake, boolean>>

export interface Judged {
  event: Event
  judgement: Judgement
  /** What was said, in codes. */
  said: string
}

type Judge = (event: Event, cards: readonly Card[]) => Judged

export function judgeBy({ rules }: Pick<Library, 'rules'>): Judge {
  const topicOf = new Map(
    rules.flatMap((rule) => (rule.role === 'headline' ? [[rule.code, rule.topic as Topic]] : [])) as [
      string,
      Topic,
    ][],
  )
  return (event, cards) => {
    const traces = cards.map(({ extension: { lumbar } }) => lumbar)
    const headlines = traces.map(({ rule }) => rule)
    const spoken = [...headlines, ...traces.flatMap(({ lines = [] }) => lines)]
    const topics = headlines.flatMap((code) => topicOf.get(code) ?? [])
    const said = traces.map(({ rule, lines = [] }) => [rule, ...lines].join('+')).join(' | ') || 'nothing'
    return { event, judgement: judgementOf(event, topics, spoken), said }
  }
}

function judgementOf(
  { truth, order }: Event,
  topics: readonly Topic[],
  spoken: readonly string[],
): Judgement {
  const has = (topic: Topic) => topics.includes(topic)
  const judgement: Judgement = {}
  const real = topics.filter((topic) => topic !== 'safety')
  if (truth.verdict === 'out of scope') {
    judgement['spoken out of scope'] = real.length > 0
    return judgement
  }
  const against: Topic = order === 'imaging' ? 'not-now' : 'opioid-first'
  if (truth.never.includes(against)) judgement['false alarm'] = has(against)
  const demandsEmergency = truth.must.includes('emergency') && truth.must.length === 1
  if (demandsEmergency) judgement['missed emergency'] = !has('emergency')
  const answered = real.some((topic) => topic !== 'not-checked')
  if (truth.must.length > 0 && !demandsEmergency) judgement['missed speech'] = !answered
  const { allowed } = truth
  const emergencyStands = demandsEmergency && has('emergency')
  if (!emergencyStands && truth.verdict !== 'either') {
    // Speech against the order is counted as a false alarm, and once.
    const wrong = real
      .filter((topic) => topic !== against || !truth.never.includes(against))
      .filter((topic) => truth.never.includes(topic) || (allowed && !allowed.includes(topic)))
    judgement['wrong card'] = wrong.some((topic) => !(demandsEmergency && topic === 'not-checked'))
  }
  if (order === 'opioid') Object.assign(judgement, dangersOf(truth, spoken))
  if (truth.noNsaid)
    judgement['NSAID where it is contraindicated'] = spoken.some((code) => reading.nsaid.includes(code))
  return judgement
}

function dangersOf({ safety, safetyMaybe, verdict }: Event['truth'], spoken: readonly string[]): Judgement {
  const says = (danger: string) =>
    [...(reading.dangers[danger] ?? []), ...(reading.also[danger] ?? [])].some((code) =>
      spoken.includes(code),
    )
  const missed = safety.filter((danger) => !says(danger))
  const true_ = new Set([...safety, ...safetyMaybe])
  const untrue = reading.untrue.filter(
    (danger) => !true_.has(danger) && (reading.dangers[danger] ?? []).some((code) => spoken.includes(code)),
  )
  return {
    ...(safety.length > 0 ? { 'missed opioid safety': missed.length > 0 } : {}),
    ...(verdict === 'either' ? {} : { 'untrue opioid danger': untrue.length > 0 }),
  }
}
