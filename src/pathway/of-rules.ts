/**
 * What cards ask of the families and topics that their rules belong to. Apart from the schemas of both, which only who reads
 * content needs: the service takes it compiled.
 */
import type { OverrideReasons, Topics } from './schema.ts'

/** The family that names the rule of a card, else the one that names its topic. */
export const familyOf = (
  { id, topic: about }: { id: string; topic: string },
  families: OverrideReasons['families'],
): OverrideReasons['families'][number] | undefined =>
  families.find(({ rules }) => rules.includes(id)) ?? families.find(({ topics }) => topics.includes(about))

/** Of which a card that is heard last says what could not be checked. */
export const toldInDoubt = (topics: Topics): string[] =>
  Object.entries(topics).flatMap(([name, topic]) =>
    topic.role === 'headline' && topic['if-unknown'] === 'say-so' ? [name] : [],
  )
