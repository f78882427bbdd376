/** Facts read what exists: value sets, columns, words, routes, queries and other facts. */
import { answersOf } from '../answers.ts'
import type { Entry } from '../catalog.ts'
import type { Draft } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { FactDeclaration, FactOf } from '../schema.ts'
import { checkCodes, checkColumn, checkGroups, checkNames, checkSets } from './value-sets.ts'

// Facts made of other facts: these exist, can be joined, and do not lead back to where they began.

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

function checkParts({ facts }: Draft, { name, value, place }: Entry<FactDeclaration>, problems: Problems) {
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

function checkCycles({ facts }: Draft, problems: Problems) {
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

export function checkFacts(draft: Draft, problems: Problems) {
  for (const entry of draft.facts.entries) {
    checkReadings(draft, entry, problems)
    checkCodedFact(draft, entry, problems)
    checkNamedLists(draft, entry, problems)
    checkParts(draft, entry, problems)
    const { name, value: fact, place } = entry
    if ('absent-means' in fact && fact['absent-means'] === 'unknown' && fact.because === undefined) {
      problems.add(
        place('absent-means'),
        `"${name}" says that absent means unknown: add "because" with the reason`,
      )
    }
    if (fact.kind === 'draft-order') checkDraftOrder(draft, { ...entry, value: fact }, problems)
    if (fact.kind === 'episode' && answersOf(fact).length === 0) {
      problems.add(place('read'), `"${name}" answers with words: list them under "words"`)
    }
  }
  checkCycles(draft, problems)
}

/** FHIR resource types that a fact of this kind reads. */
function resourcesOf(fact: FactDeclaration): readonly string[] {
  switch (fact.kind) {
    case 'condition':
    case 'service':
      return fact.in
    case 'observation':
      return ['Observation']
    case 'medication':
      return ['MedicationRequest']
    case 'allergy':
      return ['AllergyIntolerance']
    case 'person':
      return ['Patient']
    case 'encounter':
      return ['Encounter']
    case 'episode':
    case 'reason':
      return ['Condition']
    case 'function':
      return fact.reads.filter((name) => /^[A-Z]/.test(name))
    // Of the order, of other facts, or of whatever came.
    case 'draft-order':
    case 'dose':
    case 'words':
    case 'group':
    case 'placed':
      return []
  }
}

function checkReadings(
  { queries }: Draft,
  { value: fact, place }: Entry<FactDeclaration>,
  problems: Problems,
) {
  const at = fact.kind === 'function' ? 'reads' : 'in' in fact ? 'in' : 'kind'
  for (const resource of resourcesOf(fact)) {
    if (queries.lacks(resource)) {
      const mend = 'add an entry to pathway/queries.yaml, or read something else'
      problems.add(place(at), `reads ${resource}, for which there is no query: ${mend}`)
    }
  }
}

function checkCodedFact(
  { codes }: Draft,
  { value: fact, place }: Entry<FactDeclaration>,
  problems: Problems,
) {
  if (!('codes' in fact) || !fact.codes || Array.isArray(fact.codes)) return
  const groups = fact.codes
  checkGroups(codes, groups, (...path) => place('codes', ...path), problems)
  for (const key of ['except-codes', 'only-codes']) {
    const narrowing: unknown = Reflect.get(fact, key)
    if (!Array.isArray(narrowing)) continue
    checkCodes(codes, groups, narrowing.map(String), (...path) => place(key, ...path), problems)
  }
  if (fact.kind === 'medication' || fact.kind === 'condition') {
    checkNames(codes, groups, fact['only-named'] ?? [], (...path) => place('only-named', ...path), problems)
  }
  if (fact.kind !== 'service') return
  for (const [column, values] of Object.entries(fact.where ?? {})) {
    const wanted = values.map((value, at) => ({ value, place: place('where', column, at) }))
    checkColumn(codes, Object.keys(groups), column, wanted, place('where', column), problems)
  }
}

function checkNamedLists(draft: Draft, { value: fact, place }: Entry<FactDeclaration>, problems: Problems) {
  const { wordLists, routeNames } = draft
  if (fact.kind === 'words' && fact.list !== undefined && wordLists.lacks(fact.list)) {
    problems.add(place('list'), unknownName('word list', fact.list, wordLists.names))
  }
  if (fact.kind !== 'medication') return
  for (const key of ['route', 'not-by-route'] as const) {
    for (const route of [fact[key] ?? []].flat()) {
      if (routeNames.lacks(route)) problems.add(place(key), unknownName('route', route, routeNames.names))
    }
  }
}

/** The one column that stands in no value set: how strongly `orders.yaml` takes an order for back pain. */
const strength = 'strength'

function checkDraftOrder(
  draft: Draft,
  { name, value, place }: Entry<FactOf<'draft-order'>>,
  problems: Problems,
) {
  const { codes: sets, column, element, beside, form, words } = value
  if ([column, element, beside, form || undefined].filter((each) => each !== undefined).length !== 1) {
    problems.add(
      place(),
      `"${name}" must read one thing: a "column" of value sets, an "element" of the order, its "form", or an order "beside" it`,
    )
    return
  }
  if (column === undefined) return
  const wanted = Object.entries(words).flatMap(([word, values]) =>
    values.map((each, at) => ({ value: String(each), place: place('words', word, at) })),
  )
  if (sets) {
    checkSets(draft.codes, sets, (...path) => place('codes', ...path), problems)
    checkColumn(draft.codes, sets, column, wanted, place('column'), problems)
  } else if (column === strength) {
    const known = new Set(
      draft.orderKinds.entries.flatMap(({ value: kind }) => [
        ...kind.triggers.map((trigger) => trigger.strength),
        ...[kind['not-read'] ?? []].flat(),
      ]),
    )
    for (const { value: each, place: where } of wanted) {
      if (known.size > 0 && !known.has(each))
        problems.add(where, unknownName('trigger strength', each, known))
    }
  } else
    problems.add(place('column'), `"${name}" reads a column: name the value sets that have it under "codes"`)
}
