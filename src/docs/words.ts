/** What the words of the machine mean to a reader who is no engineer. Nothing clinical stands here. */
import type { Rule, Subject, Topic } from '../content/schema.ts'

export const topicNames: Readonly<Record<Topic, string>> = {
  emergency: 'emergency',
  'right-test': 'the right test',
  'xray-first': 'X-ray first',
  ask: 'something to ask',
  'not-now': 'imaging not now',
  repeat: 'a repeat',
  'opioid-first': 'an opioid first',
  'opioid-safety': 'opioid safety',
  'use-disorder': 'opioid use disorder',
  care: 'care',
  safety: 'a safety signal',
  'not-checked': 'what could not be checked',
}

/** The question that a chart asks before a card of this topic. */
export const topicQuestions: Readonly<Record<Topic, string>> = {
  emergency: 'Is there an emergency sign?',
  'right-test': 'Is another test the right one?',
  'xray-first': 'Should an X-ray come first?',
  ask: 'Is there something to ask first?',
  'not-now': 'Can imaging wait?',
  repeat: 'Has it been imaged already?',
  'opioid-first': 'Should other care come first?',
  'opioid-safety': 'Is an opioid unsafe here?',
  'use-disorder': 'Is there an opioid use disorder?',
  care: 'Is there something to offer?',
  safety: 'Is there a safety signal?',
  'not-checked': 'Could something not be checked?',
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
