/** Holds the answers against the truth of the stories. */
import type { Card, Library } from 'lumbar'
import type { Event } from './events.ts'

export const faults = [
  'false alarm',
  'missed emergency',
  'missed speech',
  'wrong card',
  'missed opioid safety',
] as const
export type Fault = (typeof faults)[number]

export interface Verdict {
  event: Event
  /** Of each fault: was it possible here, and was it made? */
  faults: Partial<Record<Fault, boolean>>
  said: string
}

export function verdictBy({
  rules,
}: Pick<Library, 'rules'>): (event: Event, cards: readonly Card[]) => Verdict {
  const topicOf = new Map(
    rules.flatMap((rule) => (rule.role === 'headline' ? [[rule.code, rule.topic as string] as const] : [])),
  )
  return (event, cards) => {
    const traces = cards.map(({ extension: { lumbar } }) => lumbar)
    const spoken = traces.flatMap(({ rule, lines = [] }) => [rule, ...lines])
    const topics = traces.flatMap(({ rule }) => topicOf.get(rule) ?? [])
    const said = traces.map(({ rule, lines = [] }) => [rule, ...lines].join('+')).join(' | ') || 'nothing'
    return { event, faults: faultsOf(event, topics, spoken), said }
  }
}

/** A red flag in the words of an order is heard by the card that asks to code it (pathway RF-14). */
const heardInWords = ['RF14', 'RF00']

function faultsOf(
  { truth, kind, story, style, order }: Event,
  topics: readonly string[],
  spoken: readonly string[],
): Verdict['faults'] {
  const has = (...wanted: string[]) => topics.some((topic) => wanted.includes(topic))
  const says = (codes: readonly string[] = []) => codes.some((code) => spoken.includes(code))
  const against = has('not-now', 'opioid-first')
  const answered = topics.some((topic) => topic !== 'not-checked')
  const made: Verdict['faults'] = {}
  if (truth === 'emergency') {
    made['false alarm'] = kind === 'opened' ? has('care') : against
    made['missed emergency'] =
      !has('emergency') && !(style === 'words' && kind === 'imaging' && says(heardInWords))
  } else if (truth === 'reasonable' || truth === 'careful') {
    made['false alarm'] = kind === 'opened' ? has('care') : against
    made['wrong card'] = has('emergency') && !says(story.also)
  } else if (truth === 'ask') {
    made['false alarm'] = says(['IM01', 'IM06'])
    made['wrong card'] = has('emergency')
  } else if (truth === 'either') made['wrong card'] = has('emergency')
  else if (truth === 'notnow') {
    made['missed speech'] = !answered
    made['wrong card'] =
      has('emergency') ||
      (answered && !has('not-now')) ||
      (story.card !== undefined && has('not-now') && !says(story.card))
  } else if (truth === 'quiet' || truth === 'excluded')
    made['wrong card'] = topics.some((topic) => topic !== 'safety')
  else if (truth === 'opens') made['missed speech'] = topics.length === 0
  if (truth === 'opioid') {
    if (story.speech) made['missed speech'] = !answered
    if (story.speech || story.not || story.notlines)
      made['wrong card'] =
        has('emergency') ||
        (answered && story.speech !== undefined && !says(story.speech)) ||
        says(story.not) ||
        says(story.notlines)
  }
  if (story.safety)
    made['missed opioid safety'] = !(order === 'open' ? says(story.safety) : allSaid(story.safety, says))
  return made
}

/** Names of one danger are alternatives (OP03 or OP13); different dangers must all be named. */
function allSaid(wanted: readonly string[], says: (codes: readonly string[]) => boolean): boolean {
  const both = wanted.length === 2 && wanted.includes('OP16')
  return both ? wanted.every((code) => says([code])) : says(wanted)
}
