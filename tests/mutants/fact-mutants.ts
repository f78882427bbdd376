/** Mistakes in facts and numbers. */
import type { Content } from '../../src/pathway/content.ts'
import type { FactDeclaration } from '../../src/pathway/schema.ts'
import { type Mutant, type MutantKind, without } from './mutant.ts'

// ---------------------------------------------------------------- facts and numbers
export function factMutants(content: Content, name: string): Mutant[] {
  const fact = content.facts[name]
  if (!fact) return []
  const rules = rulesAsking(content, name)
  return plantedIn(fact).map(({ kind, what, fact: changed }) => ({
    kind,
    where: `${name} ${what}`,
    rules,
    content: { ...content, facts: { ...content.facts, [name]: changed } },
  }))
}

interface PlantedFact {
  kind: MutantKind
  what: string
  fact: FactDeclaration
}

function plantedIn(fact: FactDeclaration): PlantedFact[] {
  const planted: PlantedFact[] = []
  if ('codes' in fact && fact.codes && !Array.isArray(fact.codes)) {
    for (const [set, groups] of Object.entries(fact.codes)) {
      groups.forEach((group, at) => {
        const left = without(groups, at)
        const { [set]: _, ...sets } = fact.codes as Record<string, string[]>
        const codes = left.length > 0 ? { ...sets, [set]: left } : sets
        planted.push({
          kind: 'a group of codes is left out',
          what: `codes ${set}/${group}`,
          fact: { ...fact, codes } as FactDeclaration,
        })
      })
    }
  }
  if (fact.kind === 'group') {
    for (const key of ['any-of', 'all-of'] as const) {
      const members = fact[key] ?? []
      if (members.length > 1)
        members.forEach((member, at) => {
          planted.push({
            kind: 'a member of a group of facts is left out',
            what: `${key} ${member}`,
            fact: { ...fact, [key]: without(members, at) },
          })
        })
    }
  }
  for (const key of [
    'within',
    'within-if-active',
    'beyond',
    'not-older-than-episode',
    'started-at-least',
  ] as const) {
    if (!(key in fact) || (fact as Record<string, unknown>)[key] === undefined) continue
    const { [key]: _, ...rest } = fact as Record<string, unknown>
    planted.push({ kind: 'a window is left out', what: key, fact: rest as FactDeclaration })
  }
  return planted
}

/** Codes of the rules that ask a fact, themselves or through a group of facts. */
function rulesAsking(content: Content, name: string): string[] {
  const asked = new Set([name])
  for (let grown = 0; grown !== asked.size; ) {
    grown = asked.size
    for (const [other, fact] of Object.entries(content.facts)) {
      const members =
        fact.kind === 'group'
          ? [...(fact['any-of'] ?? []), ...(fact['all-of'] ?? [])]
          : fact.kind === 'placed'
            ? [fact.fact]
            : []
      if (members.some((member) => asked.has(member))) asked.add(other)
    }
  }
  return content.rules
    .filter(({ when }) => [...asked].some((fact) => JSON.stringify(when).includes(`"${fact}":`)))
    .map(({ code }) => code)
}

/** Of numbers that a card rests on. Those of pages for patients have tests of their own. */
export function numberMutants(content: Content): Mutant[] {
  const { rules, facts, suggestions, episode, medicines } = content
  const onCards = JSON.stringify([rules, facts, suggestions, episode, medicines])
  return Object.entries(content.parameters).flatMap(([name, parameter]) => {
    const text = `$${name}"`
    if (!onCards.includes(`"${text}`)) return []
    const asking = content.rules
      .filter(({ when }) => JSON.stringify(when).includes(text))
      .map(({ code }) => code)
    const through = Object.entries(content.facts).flatMap(([fact, declared]) =>
      JSON.stringify(declared).includes(text) ? rulesAsking(content, fact) : [],
    )
    const step = Number.isInteger(parameter.value) ? 1 : 0.1
    return ([1, -1] as const).map((direction) => ({
      kind: direction > 0 ? ('a number is one more' as const) : ('a number is one less' as const),
      where: `$${name} ${parameter.value}`,
      rules: [...new Set([...asking, ...through])],
      content: {
        ...content,
        parameters: {
          ...content.parameters,
          [name]: { ...parameter, value: parameter.value + direction * step },
        },
      },
    }))
  })
}
