/**
 * The reading of a chart as a library of CQL, as far as it can be said there: a define for each fact, named as the fact, which
 * answers true or false only where Lumbar is sure to answer the same, and null otherwise. What it answers goes into the rules as
 * their parameters.
 */
import type { CodeRow } from '../pathway/codes.ts'
import type { Content } from '../pathway/content.ts'
import { chartExpression, type Expression, problemsIn } from './chart-facts.ts'
import { chartFunctions } from './chart-functions.ts'
import type { FactParameter } from './cql.ts'
import { decimal, list, oneLine, quoted, text } from './writing.ts'

export const chartName = 'LumbarChart'

export interface ChartInCql {
  text: string
  /** The facts that it reads, by name. */
  facts: ReadonlyMap<string, Expression>
}

type ChartContent = Pick<Content, 'pathway' | 'parameters' | 'codes' | 'answerCodes'>

/** @param valueSetOf the address of the value set of a group */
export function chartInCql(
  content: ChartContent,
  parameters: readonly FactParameter[],
  valueSetOf: (group: string) => string,
): ChartInCql {
  const { pathway, codes } = content
  const facts = new Map<string, Expression>()
  for (const { name, declaration } of parameters) {
    const expression = chartExpression(declaration)
    if (expression) facts.set(name, expression)
  }
  const all = [...facts.values()]
  const groups = [...new Set(all.flatMap((each) => each.groups))]
  const numbers = [...new Set(all.flatMap((each) => each.numbers))]
  const ofProblems = [...new Set(all.flatMap((each) => each.problems))]
  const asked = new Map(parameters.map(({ name, declaration }) => [name, declaration.asks]))
  const parts = [
    `/* ${pathway.title}: what can be read from a chart by codes, statuses and dates. What needs words stays null.\n   Made by "npm run export" from pathway ${pathway.id} ${pathway.version} (${pathway.status}). Do not edit. */`,
    `library ${chartName} version '${pathway.version}'`,
    "using FHIR version '4.0.1'",
    groups.map((group) => `valueset ${quoted(group)}: ${text(valueSetOf(group))}`).join('\n'),
    ...completeness,
    '// The day of the call.\nparameter "today" Date default Today()',
    'context Patient',
    '// ---------------------------------------------------------------- named numbers',
    ...numbers.map((name) => numberText(name, content)),
    'define "any number of days": 1000000',
    '// ---------------------------------------------------------------- how an entry is read',
    ...chartFunctions(content),
    '// ---------------------------------------------------------------- problems by group; a code of ICD stands for those below it',
    ...problemsText(ofProblems, codes.rows),
    '// ---------------------------------------------------------------- facts; null: this library cannot tell',
    ...[...facts].map(
      ([name, each]) => `// ${oneLine(asked.get(name) ?? name)}\ndefine ${quoted(name)}:\n  ${each.text}`,
    ),
  ]
  return { text: `${parts.join('\n\n')}\n`, facts }
}

const completeness = [
  `// True where every problem of the patient came, and nothing but their codes tells of a problem: no words, no reason of an
// order or a visit. Without it nothing is "not there".
parameter "Condition told in full" Boolean`,
  '// The same of observations.\nparameter "Observation told in full" Boolean',
]

function numberText(name: string, { parameters }: ChartContent): string {
  const parameter = parameters[name.slice(1)]
  if (!parameter) throw new Error(`no parameter ${name}`)
  const { value, unit, meaning } = parameter
  const written = unit === 'days' || unit === 'years' ? String(value) : decimal(value)
  return `// ${oneLine(meaning)}, ${unit}.\ndefine ${quoted(name)}: ${written}`
}

/** Systems of which a code stands for those below it. */
const named: Readonly<Record<string, string>> = {
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://hl7.org/fhir/sid/icd-9-cm': 'ICD-9-CM',
}

/** Problems by group. Of two codes of ICD that one begins with, the longer one decides, within a value set. */
function problemsText(groups: readonly string[], rows: readonly CodeRow[]): string[] {
  const bySet = Map.groupBy(
    rows.filter(({ system }) => system in named),
    ({ set, system }) => `${set} ${system}`,
  )
  return groups.flatMap((group) => {
    const lists: string[] = []
    const parts = [`[Condition: ${quoted(group)}]`]
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
      parts.push(
        `([Condition] C where "Begins with"(C.code, ${text(system)}, ${quoted(`${name}: ${group}`)}, ${excepted}))`,
      )
    }
    return [...lists, `define ${quoted(problemsIn(group))}:\n  ${parts.join('\n    union ')}`]
  })
}
