/** Facts made of other facts: these exist, can be joined, and do not lead back to where they began. */
import { answersOf } from '../answers.ts'
import type { Entry } from '../catalog.ts'
import type { Draft } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { FactDeclaration } from '../schema.ts'

interface Part {
  name: string
  path: Path
  answers: 'yes-or-no' | 'number'
}

function partsOf(fact: FactDeclaration): Part[] {
  if (fact.kind === 'placed') return [{ name: fact.fact, path: ['fact'], answers: 'number' }]
  if (fact.kind !== 'group') return []
  return (['any-of', 'all-of'] as const).flatMap((key) =>
    (fact[key] ?? []).map((name, at): Part => ({ name, path: [key, at], answers: 'yes-or-no' })),
  )
}

export function checkParts(
  { facts }: Draft,
  { name, value, place }: Entry<FactDeclaration>,
  problems: Problems,
) {
  if (value.kind === 'group' && (value['any-of'] === undefined) === (value['all-of'] === undefined)) {
    problems.add(place(), `group "${name}" must have either "any-of" or "all-of", and only one of them`)
  }
  for (const part of partsOf(value)) {
    if (facts.lacks(part.name)) problems.add(place(...part.path), unknownName('fact', part.name, facts.names))
    const fact = facts.get(part.name)
    if (!fact || answersOf(fact) === part.answers) continue
    const needed = part.answers === 'number' ? 'answers with a number' : 'answers true or false'
    problems.add(place(...part.path), `"${part.name}" cannot stand here: only a fact that ${needed} can`)
  }
}

export function checkCycles({ facts }: Draft, problems: Problems) {
  const finished = new Set<string>()
  const visit = (name: string, trail: readonly string[]) => {
    if (finished.has(name)) return
    const fact = facts.get(name)
    for (const part of fact ? partsOf(fact) : []) {
      const start = [...trail, name].indexOf(part.name)
      if (start < 0) visit(part.name, [...trail, name])
      else {
        const circle = [...[...trail, name].slice(start), part.name].join(' -> ')
        const entry = facts.entries.find((each) => each.name === name)
        if (entry) problems.add(entry.place(...part.path), `goes in a circle: ${circle}`)
      }
    }
    finished.add(name)
  }
  for (const { name } of facts.entries) visit(name, [])
}
