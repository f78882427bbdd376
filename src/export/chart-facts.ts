/** One fact of a chart as an expression of CQL; undefined where nothing of it can be said there. */
import type { FactDeclaration, FactOf } from '../pathway/schema.ts'
import { careExpression } from './chart-care.ts'
import { type EpisodeContent, episodeExpression } from './chart-episode.ts'
import { type OrderContent, orderExpression } from './chart-order.ts'
import {
  allTold,
  comparators,
  type Expression,
  elsewhereIn,
  found,
  groupsOf,
  isIn,
  problemsIn,
  windowOf,
} from './expression.ts'
import { list, quoted, text } from './writing.ts'

export function chartExpression(
  name: string,
  fact: FactDeclaration,
  content: OrderContent & EpisodeContent,
): Expression | undefined {
  if (fact.kind === 'condition') return finding(fact)
  if (fact.kind === 'observation') return measurement(fact)
  if (fact.kind === 'person') return person(fact)
  return careExpression(fact) ?? episodeExpression(fact, content) ?? orderExpression(name, fact, content)
}

/** What hangs on words beside a code, or on which code of a group it is. */
const narrowed = ['except-codes', 'only-codes', 'only-named', 'with-words', 'ended-by'] as const

/** How the entries of a list other than problems and observations are told to be in a group. */
const entriesOf: Readonly<Record<string, (group: string) => string>> = {
  Encounter: (group) => `("About visits" X where ${isIn(group)}(X) return all 'unknown')`,
  ServiceRequest: (group) => `([ServiceRequest: ${quoted(group)}] X return all 'unknown')`,
}

function finding(fact: FactOf<'condition'>): Expression {
  const groups = groupsOf(fact.codes).filter((group) => !group.startsWith('words/'))
  const window = windowOf(fact)
  const isNarrowed = narrowed.some((name) => fact[name] !== undefined)
  const isUndated = fact.undated === 'only'
  const old = fact['not-older-than-episode']
  const how = isUndated
    ? 'Problem without a day'
    : fact['from-abatement']
      ? 'Problem judged by its end'
      : 'Problem judged'
  const parts: string[] = []
  for (const group of groups) {
    if (fact.in.includes('Condition')) {
      const judged = isNarrowed
        ? "'unknown'"
        : `${quoted(how)}(C, ${[text(fact.status), fact['or-active'], window.within, window.ifActive, window.beyond, text(isUndated ? 'unknown' : fact.undated)].join(', ')})`
      const fresh = old ? `(if ${noneIsOld(group, old)} then ${judged} else 'unknown')` : judged
      const seen = fact['or-this-encounter'] ? `"Or on this visit"(${fresh})` : fresh
      parts.push(`(${quoted(problemsIn(group))} C return all "Or seen again"(C, ${seen}))`)
    }
    if (fact.in.includes('Procedure') && fact.status !== 'past')
      parts.push(
        `([Procedure: ${quoted(group)}] P return all ${isNarrowed || isUndated ? "'unknown'" : `"Procedure judged"(P, ${window.within}, ${window.beyond})`})`,
      )
    for (const type of fact.in) parts.push(...(entriesOf[type] ? [entriesOf[type](group)] : []))
    parts.push(elsewhereIn(group))
  }
  const isSaid = fact.in.includes('Condition') || fact.in.includes('Procedure')
  const told = fact['absent-means'] === 'false' ? allTold(['Condition', 'Observation', ...fact.in]) : 'false'
  return {
    text: parts.length > 0 ? found(parts, told) : `"Found"(List<String>{}, ${told})`,
    groups,
    problems: fact.in.includes('Condition') ? groups : [],
    concepts: groups,
    numbers: isNarrowed ? [] : [...window.numbers, ...(old ? [old] : [])],
    says:
      told === 'false'
        ? 'yes'
        : isSaid && groups.length > 0 && !isNarrowed && !isUndated
          ? 'yes and no'
          : 'no',
    leaves: leftOf(fact, groups.length > 0, isNarrowed),
  }
}

/** First written down long before this bout, it is no new sign, whatever is written today. */
const noneIsOld = (group: string, days: string) =>
  `not exists (${quoted(problemsIn(group))} D where not Coalesce("Days since problem"(D) <= ${quoted(days)}, false)) and not exists ([Observation: ${quoted(group)}]) and not exists ("Reasons" X where ${isIn(group)}(X))`

function leftOf(fact: FactOf<'condition'>, isCoded: boolean, isNarrowed: boolean): string {
  if (!isCoded || fact.in.every((type) => type.startsWith('Medication')))
    return 'words, which are all that tells of it'
  if (isNarrowed) return 'whether one that is on record counts, for words beside its code decide'
  return 'words with their denials and suspicions, observations that are findings, and what a visit or an order gives as its reason'
}

/** What one observation says, in one word. */
function saysOf(fact: FactOf<'observation'>): string {
  const [[comparator, limit] = []] = Object.entries(fact.value ?? {})
  // A day as a value is left to the service.
  if (fact['day-ahead']) return "'unknown'"
  if (fact.answers) return `"Answer says"(O, ${codesOf(fact.answers)}, ${codesOf(fact['answers-no'] ?? [])})`
  if (!limit) return "'counts'"
  const value = `"Value of"(O, ${fact.unit ? text(fact.unit) : 'null'})`
  const compared = `when ${value} ${comparators[comparator as keyof typeof comparators]} ${quoted(String(limit))} then 'counts' when ${value} is null then 'unknown' else 'does-not' end`
  const laboratory = fact['laboratory-says']
  if (!laboratory) return `case ${compared}`
  return `case when "Is flagged"(O, ${codesOf(laboratory.high)}) then 'counts' when "Is flagged"(O, ${codesOf(laboratory['not-high'])}) then 'does-not' when exists (O.referenceRange) then 'unknown' ${compared}`
}

const codesOf = (codes: readonly string[]) =>
  codes.length === 0 ? 'List<String>{}' : list(codes.map((code) => text(code.toLowerCase())))

function measurement(fact: FactOf<'observation'>): Expression | undefined {
  if (fact['answers-in-words'] && !fact.answers) return undefined
  const groups = groupsOf(fact.codes)
  const ends = groupsOf(fact['ended-by'] ?? {})
  const [limit] = Object.values(fact.value ?? {})
  const percent = fact['fall-in-percent']
  if (typeof limit === 'number') return undefined
  const reach = fact.within ? quoted(fact.within) : '"any number of days"'
  const taken = (says: string) =>
    groups
      .map(
        (group) =>
          `([Observation: ${quoted(group)}] O where not "Observation is withdrawn"(O) return all Tuple { ago: "Days since observed"(O), ${says} })`,
      )
      .join('\n      union ')
  const isLatestOnly = fact.latest || (fact.answers !== undefined && limit === undefined)
  const how = percent ? '"Fell"' : isLatestOnly ? '"Latest says"' : '"Ever said"'
  const says = percent ? `value: "Value of"(O, ${text(fact.unit ?? '')})` : `says: ${saysOf(fact)}`
  const told = `${how}(\n    ${taken(says)},\n    ${[reach, ...(percent ? [quoted(percent)] : [])].join(', ')})`
  const isAffirmed = fact['absent-means'] !== 'false'
  return {
    text: `if exists ("Component codes" X where ${groups.map((group) => `X in ${quoted(group)}`).join(' or ')})${ends.map((group) => ` or exists (${quoted(problemsIn(group))})`).join('')} then null as Boolean
  else ${isAffirmed ? `"Only yes"(${told})` : told}`,
    groups: [...groups, ...ends],
    problems: ends,
    concepts: [],
    numbers: [fact.within, limit, percent].filter((name) => name !== undefined),
    says: isAffirmed ? 'yes' : 'yes and no',
    leaves: 'values in words, in other units, in parts of an observation, or without a day',
  }
}

function person(fact: FactOf<'person'>): Expression | undefined {
  const plain = { groups: [], problems: [], concepts: [], leaves: 'a birth date that is known in part' }
  if (fact.read === 'deceased')
    return {
      ...plain,
      text: 'Coalesce(Patient.deceased is FHIR.dateTime, false) or Coalesce((Patient.deceased as FHIR.boolean).value, false)',
      numbers: [],
      says: 'yes and no',
      leaves: 'nothing',
    }
  if (fact.read !== 'age') return undefined
  const [[comparator, limit] = []] = Object.entries(fact.value ?? {})
  if (limit === undefined)
    return { ...plain, text: '"As interval"(ToDecimal("Age"))', numbers: [], says: 'an answer' }
  if (typeof limit === 'number') return undefined
  return {
    ...plain,
    text: `${fact['absent-means'] === 'false' ? 'if Patient.birthDate is null then false else ' : ''}"Age" ${comparators[comparator as keyof typeof comparators]} ${quoted(limit)}`,
    numbers: [limit],
    says: 'yes and no',
  }
}
