/** Questions asked of the chart: added, removed, and found otherwise than before. */

import { tellEvidence } from '../../docs/evidence.ts'
import { spaced } from '../../docs/markdown.ts'
import { speech } from '../../docs/sentence.ts'
import type { Content } from '../../pathway/content.ts'
import type { FactDeclaration } from '../../pathway/schema.ts'
import { added, keyChanges, recordChanges, removed, type Section, section } from './section.ts'

export function factChanges(before: Content, after: Content): Section {
  const told = (content: Content) => {
    const said = speech(content)
    return (fact: FactDeclaration) => tellEvidence(fact, said, spaced)
  }
  const [was, is] = [told(before), told(after)]
  const evidence = (one: FactDeclaration, other: FactDeclaration) => {
    const [earlier, later] = [was(one), is(other)]
    return [
      ...changed('found by', earlier.how, later.how),
      ...changed('how recent', earlier.when, later.when),
    ]
  }
  return section(
    'Questions asked of the chart',
    recordChanges<FactDeclaration>(before.facts, after.facts, {
      name: (name, fact) => `${name}: ${fact.asks}`,
      changes: (one, other) => [
        ...evidence(one, other),
        ...keyChanges(one, other, ['codes']),
        ...groups(one, other),
      ],
    }),
  )
}

function changed(what: string, was: readonly string[], is: readonly string[]): string[] {
  const [before, after] = [was.join('; '), is.join('; ')]
  return before === after ? [] : [removed(`${what}: ${before}`), added(`${what}: ${after}`)]
}

/** Groups of value sets that a fact reads. */
function groups(one: FactDeclaration, other: FactDeclaration): string[] {
  return keyChanges({ groups: groupsOf(one) }, { groups: groupsOf(other) })
}

function groupsOf(fact: FactDeclaration): string[] {
  const codes = 'codes' in fact ? (fact.codes ?? []) : []
  if (Array.isArray(codes)) return codes
  return Object.entries(codes).flatMap(([set, names]) => names.map((name) => `${set}/${name}`))
}
