/** What the exported package does not say, by rule and by fact, so that nobody takes it for the whole pathway. */

import { factsIn } from '../decide/conditions.ts'
import type { Content } from '../pathway/content.ts'
import type { FactDeclaration, Rule } from '../pathway/schema.ts'
import { chartName } from './chart.ts'
import type { Exportable } from './libraries.ts'

/** Why nothing of a fact is said: its own reason, where it has one. */
function whyNot(fact: FactDeclaration): string {
  if (fact.kind === 'function') return fact.because
  return fact.kind === 'dose'
    ? 'The sum over every opioid in use: strengths are read from names, and amounts a day from directions in words.'
    : 'It is told by words alone.'
}

export function notSaid(content: Content, { rules: { parameters }, chart }: Exportable): string {
  const { pathway, rules } = content
  const comesIn = new Set(parameters.map(({ name }) => name))
  const facts = parameters.map(({ name, declaration }) => {
    const read = chart.facts.get(name)
    return `| ${name} | ${cell(declaration.asks)} | ${read?.says ?? '-'} | ${cell(read?.leaves ?? whyNot(declaration))} |`
  })
  const read = [...chart.facts.values()]
  const unread = parameters.flatMap(({ name }) => (chart.facts.has(name) ? [] : [name]))
  const byRule = rules.map(
    (rule) => `| ${rule.code} | ${cell(rule.title)} | ${behind(rule, content, comesIn).join(', ')} |`,
  )
  const fallbacks = rules.flatMap((rule) =>
    rule.role === 'headline' && rule.heard === 'last' ? [rule.code] : [],
  )
  return `# What this package does not say

Pathway ${pathway.id} ${pathway.version}, ${pathway.status}. The rules are in CQL whole. Of what they ask of a chart ${chartName} says a part.

- **Facts come in as parameters.** ${parameters.length} of them are questions that somebody else has to answer from the chart, each
  with null for "nobody can tell": missing, failed, cut off, unreadable or undated data never becomes "no". A caller that turns
  null into false loses that, and with it every held-back advice.
- **A chart is read by codes alone.** ${chartName} answers ${chart.facts.size} of those facts, ${read.filter(({ says }) => says === 'no').length} of them only where nothing of them is on
  record. It answers where Lumbar would answer the same, and null wherever Lumbar would hear words, unusual spellings, dates in
  part, or another list. "No" needs the caller's word, list by list, that it came whole and that nothing but codes speaks in it.
- **Nothing is said of** ${unread.join(', ')}: the table tells why of each.
- **Advice on a condition.** Where what is unknown may be taken as not there, Lumbar lets advice speak that names what to make
  sure of. Here such advice stays silent.
- **What could not be checked.** ${fallbacks.join(', ')}: said by Lumbar where advice is held back and nothing else speaks.
- **Which card speaks.** "… may speak" is true of every headline that the pathway lets speak. Lumbar shows one card for a kind of
  order: the headline of the lowest priority, others as lines on it, with offers that fit this patient.
- **When a card is not shown again**, wording, links, and what a site sets.

## Facts that come in

| fact | asks | ${chartName} says | what it does not say, or why not at all |
| --- | --- | --- | --- |
${facts.join('\n')}

## Rules, and the facts that they rest on

| rule | says | rests on |
| --- | --- | --- |
${byRule.join('\n')}
`
}

function behind(rule: Rule, { facts }: Content, comesIn: ReadonlySet<string>): string[] {
  const found = new Set<string>()
  const add = (name: string) => {
    const fact = facts[name]
    if (comesIn.has(name)) found.add(name)
    else if (fact?.kind === 'group')
      for (const member of [...(fact['any-of'] ?? []), ...(fact['all-of'] ?? [])]) add(member)
  }
  for (const name of factsIn(rule.when)) add(name)
  return [...found]
}

const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|')
