/** Rules added, removed, retired and changed: their sentence before and after, and every other key that differs. */

import { type Speech, speech } from '../../docs/sentence.ts'
import { roles, topicName } from '../../docs/words.ts'
import type { Content } from '../../pathway/content.ts'
import type { Rule } from '../../pathway/schema.ts'
import { isRetired } from '../../pathway/status.ts'
import type { Checkout } from './checkout.ts'
import { added, isSame, keyChanges, recordChanges, removed, type Section, section } from './section.ts'

type Ruled = Pick<Checkout, 'rules'> & { content: Pick<Content, 'facts' | 'parameters' | 'topics'> }

export function ruleChanges(before: Ruled, after: Ruled): Section {
  const [was, is] = [speech(before.content), speech(after.content)]
  return section(
    'Rules',
    recordChanges<Rule>(byCode(before.rules), byCode(after.rules), {
      name: (_, rule) =>
        after.rules.includes(rule) ? named(rule, is, after.content) : named(rule, was, before.content),
      changes: (one, other) => [
        ...retirement(one, other),
        ...sentences(one, other, was, is),
        ...others(one, other),
      ],
    }),
  )
}

/** Codes stay when a rule is renamed. */
const byCode = (rules: readonly Rule[]) => Object.fromEntries(rules.map((rule) => [rule.code, rule]))

function named(rule: Rule, { sentence }: Speech, { topics }: Pick<Content, 'topics'>): string {
  const card = rule.role === 'headline' ? `, ${rule.indicator}, about ${topicName(topics, rule.topic)}` : ''
  return `${rule.code} ${rule.title} (${roles[rule.role]}${card}): ${sentence(rule.when)}`
}

function retirement(was: Rule, is: Rule): string[] {
  if (isRetired(was) === isRetired(is)) return []
  return [isRetired(is) ? removed('retired: it no longer runs') : added('no longer retired: it runs again')]
}

/** Only where the condition itself differs: a number that moved stands under Numbers, with the rules behind it. */
function sentences(one: Rule, other: Rule, was: Speech, is: Speech): string[] {
  if (isSame(one.when, other.when)) return []
  return [removed(`holds when: ${was.sentence(one.when)}`), added(`holds when: ${is.sentence(other.when)}`)]
}

const others = (one: Rule, other: Rule) => keyChanges(one, other, ['when', 'code'])
