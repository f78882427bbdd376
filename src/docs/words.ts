/** What the words of the machine mean to a reader who is no engineer. Nothing clinical stands here. */
import type { Rule, Subject, Topic, Topics } from '../pathway/schema.ts'

/** As in "cards about …"; topics that say nothing by themselves by their own name. */
export function topicName(topics: Topics, topic: Topic): string {
  const declared = topics[topic]
  return declared?.role === 'headline' ? declared.name : topic.replaceAll('-', ' ')
}

export const subjectNames: Readonly<Record<Subject, string>> = {
  'lumbar-imaging': 'lumbar imaging',
  opioid: 'opioids',
  'chart-view': 'an opened chart',
}

/** What sets the rules about a subject going. */
export const subjectStarts: Readonly<Record<Subject, string>> = {
  'lumbar-imaging': 'Lumbar imaging is drafted',
  opioid: 'An opioid is drafted',
  'chart-view': 'A chart is opened',
}

export const roles: Readonly<Record<Rule['role'], string>> = {
  gate: 'gate',
  silencer: 'silencer',
  headline: 'card',
  line: 'line',
  marker: 'marker',
  offer: 'offer',
}

export const stances = {
  discourages: 'needs the whole chart',
  warns: 'speaks on what it sees',
} as const
