/**
 * The reading of a chart as a library of CQL, as far as it can be said there: a define for each fact, named as the fact, which
 * answers true or false only where Lumbar is sure to answer the same, and null otherwise. What it answers goes into the rules as
 * their parameters.
 */
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import { careFunctions } from './chart-care.ts'
import { episodeFunctions } from './chart-episode.ts'
import { chartExpression } from './chart-facts.ts'
import { chartFunctions } from './chart-functions.ts'
import { parametersText, toldFunctions } from './chart-told.ts'
import {
  answeredDefine,
  answeredGroups,
  answerText,
  checklistFunctions,
  onsetAnswered,
  withAnswer,
} from './checklist.ts'
import type { FactParameter } from './cql.ts'
import { type Expression, elsewhereIn, isIn, problemsIn, takenIn } from './expression.ts'
import { orderFunctions } from './order-functions.ts'
import { decimal, list, oneLine, quoted, text } from './writing.ts'

export const chartName = 'LumbarChart'

export interface ChartInCql {
  text: string
  /** The facts that it reads, by name. */
  facts: ReadonlyMap<string, Expression>
}

type ChartContent = Pick<
  Content,
  | 'pathway'
  | 'parameters'
  | 'codes'
  | 'answerCodes'
  | 'orderKinds'
  | 'medicines'
  | 'facts'
  | 'episode'
  | 'checklist'
>

/** @param valueSetOf the address of the value set of a group */
export function chartInCql(
  content: ChartContent,
  parameters: readonly FactParameter[],
  valueSetOf: (group: string) => string,
): ChartInCql {
  const { pathway, codes } = content
  const facts = new Map<string, Expression>()
  for (const { name, declaration } of parameters) {
    const expression = chartExpression(name, declaration, content)
    if (expression) facts.set(name, expression)
  }
  const all = [...facts.values()]
  const ordered = [...content.codes.sets].flatMap(([set, groups]) =>
    isOfOrders(set, content) ? [...groups].map((group) => `${set}/${group}`) : [],
  )
  const groups = [...new Set([...all.flatMap((each) => each.groups), ...ordered])]
  const concepts = [...new Set(all.flatMap((each) => each.concepts))]
  const numbers = [...new Set(all.flatMap((each) => each.numbers))]
  const ofProblems = [...new Set(all.flatMap((each) => each.problems))]
  const asked = new Map(parameters.map(({ name, declaration }) => [name, declaration.asks]))
  const parts = [
    `/* ${pathway.title}: what can be read from a chart by codes, statuses and dates. What needs words stays null.\n   Made by "npm run export" from pathway ${pathway.id} ${pathway.version} (${pathway.status}). Do not edit. */`,
    `library ${chartName} version '${pathway.version}'`,
    "using FHIR version '4.0.1'",
    groups.map((group) => `valueset ${quoted(group)}: ${text(valueSetOf(group))}`).join('\n'),
    ...parametersText,
    'context Patient',
    '// ---------------------------------------------------------------- named numbers',
    ...numbers.map((name) => numberText(name, content)),
    'define "any number of days": 1000000',
    '// ---------------------------------------------------------------- how an entry is read',
    ...chartFunctions(content),
    '// ---------------------------------------------------------------- did it come whole?',
    ...toldFunctions,
    '// ---------------------------------------------------------------- the draft order',
    ...orderFunctions(content),
    '// ---------------------------------------------------------------- medicines, services, allergies, the visit',
    ...careFunctions,
    '// ---------------------------------------------------------------- problems by group; a code of ICD stands for those below it',
    ...groupsText([...new Set([...ofProblems, ...concepts])], new Set(ofProblems), codes.rows),
    ...besideText(groups, all),
    '// ---------------------------------------------------------------- this bout of back pain',
    ...episodeFunctions(content),
    '// ---------------------------------------------------------------- the checklist',
    ...checklistFunctions,
    ...onsetAnswered(content),
    ...answeredGroups(content).map((name) => answeredDefine(name, content)),
    '// ---------------------------------------------------------------- facts; null: this library cannot tell',
    ...[...facts].map(
      ([name, each]) =>
        `// ${oneLine(asked.get(name) ?? name)}\ndefine ${quoted(name)}:\n  ${withAnswer(each.text, answerText(name, content))}`,
    ),
  ]
  return { text: `${parts.join('\n\n')}\n`, facts }
}

function numberText(name: string, { parameters }: ChartContent): string {
  const parameter = parameters[name.slice(1)]
  if (!parameter) throw new Error(`no parameter ${name}`)
  const { value, unit, meaning } = parameter
  const written = unit === 'days' || unit === 'years' ? String(value) : decimal(value)
  return `// ${oneLine(meaning)}, ${unit}.\ndefine ${quoted(name)}: ${written}`
}

const otherLists = ['MedicationDispense', 'MedicationStatement', 'MedicationAdministration']

/** By group, where a fact asks it: what else tells of it, which makes "no" impossible. */
function besideText(groups: readonly string[], facts: readonly Expression[]): string[] {
  const unknown = (entries: string) => `(${entries} return all 'unknown')`
  const isAsked = (name: string) => facts.some((each) => each.text.includes(name))
  const define = (name: string, parts: readonly string[]) =>
    isAsked(name) ? [`define ${name}:\n  ${parts.map(unknown).join('\n    union ')}`] : []
  return groups.flatMap((group) => [
    ...define(elsewhereIn(group), [
      `[Observation: ${quoted(group)}] O where not "Observation is withdrawn"(O)`,
      `"Answers and parts" X where X in ${quoted(group)}`,
      `"Reasons" X where ${isIn(group)}(X)`,
    ]),
    ...define(
      takenIn(group),
      otherLists.map((type) => `[${type}: ${quoted(group)}] X`),
    ),
  ])
}

/** Systems of which a code stands for those below it. */
const named: Readonly<Record<string, string>> = {
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://hl7.org/fhir/sid/icd-9-cm': 'ICD-9-CM',
}

/** Is a set asked for the draft? Then each group of it may be what is drafted. */
const isOfOrders = (set: string, { orderKinds }: ChartContent) =>
  Object.values(orderKinds).some((kind) => kind?.triggers.some(({ codes }) => set in codes))

/** By group: its problems, and whether a concept is in it. Of two codes of ICD that one begins with the longer one decides. */
function groupsText(
  groups: readonly string[],
  ofProblems: ReadonlySet<string>,
  rows: readonly CodeRow[],
): string[] {
  const bySet = Map.groupBy(
    rows.filter(({ system }) => system in named),
    ({ set, system }) => `${set} ${system}`,
  )
  return groups.flatMap((group) => {
    const lists: string[] = []
    const begins: string[] = []
    for (const [system, name] of Object.entries(named)) {
      const near = bySet.get(`${group.split('/')[0]} ${system}`) ?? []
      const wanted = [...new Set(near.flatMap(({ key, code }) => (key === group ? [code] : [])))]
      if (wanted.length === 0) continue
      const others = near.flatMap(({ key, code }) =>
        key !== group && !wanted.includes(code) && wanted.some((each) => code.startsWith(each)) ? [code] : [],
      )
      const deeper = wanted.find((each) => others.some((other) => each.startsWith(other)))
      if (deeper)
        throw new Error(`${deeper} of ${group} stands below a code of another group: not said in CQL`)
      lists.push(`define ${quoted(`${name}: ${group}`)}: ${list(wanted.map(text))}`)
      const excepted = others.length > 0 ? list([...new Set(others)].map(text)) : '{}'
      begins.push(`"Begins with"(said, ${text(system)}, ${quoted(`${name}: ${group}`)}, ${excepted})`)
    }
    const isCoded = `exists (("Coded"(said)) X where X in ${quoted(group)})`
    return [
      ...lists,
      `define function ${isIn(group)}(said FHIR.CodeableConcept):\n  ${[isCoded, ...begins].join('\n    or ')}`,
      ...(ofProblems.has(group)
        ? [`define ${quoted(problemsIn(group))}: "All problems" C where ${isIn(group)}(C.code)`]
        : []),
    ]
  })
}
