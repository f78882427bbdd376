/** What a clinician answered to the checklist, beside what the chart tells: a yes is believed, a no takes nothing back. */
import { choicesOf } from '../checklist/questions.ts'
import type { Content } from '../pathway/content.ts'
import { beyond, list, quoted, text } from './writing.ts'

type Asked = Pick<Content, 'checklist' | 'parameters'>

/** By which the rules hear the answer to a fact that is made of facts. */
export const answeredName = (fact: string) => `answered: ${fact}`

/** The answer to a fact, or to a question whose no answers it too; undefined where nothing asks. */
export function answerText(fact: string, { checklist }: Asked): string | undefined {
  const questions = checklist.groups.flatMap((group) => group.questions)
  const own = questions.some((question) => question.fact === fact) ? [`"Answer to"(${text(fact)})`] : []
  const wider = questions.flatMap((question) =>
    question['no-also']?.includes(fact) ? [text(question.fact)] : [],
  )
  const all = [...own, ...(wider.length > 0 ? [`"No to one of"(${list(wider)})`] : [])]
  return all.length > 1 ? `Coalesce(${all.join(', ')})` : all[0]
}

export const withAnswer = (read: string, answer: string | undefined) =>
  answer === undefined ? read : `"With answer"(${answer}, ${read})`

/** The same in both libraries. */
export const withAnswerFunction = `// What was answered beside what is on record: a yes is believed, a no takes nothing back.
define function "With answer"(answer Boolean, read Boolean):
  case when answer is true or read is true then true when answer is false then false else read end`

/** Who asked the patient when the pain began knows better than a list that only knows the first visit. */
export function onsetAnswered({ checklist, parameters }: Asked): string[] {
  const { onset } = checklist
  if (!onset) return []
  const days = (reference: string | undefined) =>
    reference === undefined ? undefined : parameters[reference.slice(1)]?.value
  const labels = new Map(choicesOf(onset, parameters).map(({ id, label }) => [id, label]))
  const cases = onset.choices.map((choice) => {
    const below = days(choice.below)
    const high = below === undefined ? String(beyond) : `${below - 1} + "Days since the checklist"`
    return `when ${text(labels.get(choice.id) ?? choice.label)} then "From to"(${days(choice['at-least']) ?? 0} + "Days since the checklist", ${high})`
  })
  return [
    `define "Onset answered":
  case First(("Questions answered") Q where Q.linkId.value = ${text(onset.fact)} and exists (Q.answer) return all (Q.answer[0].value as FHIR.string).value)
    ${cases.join('\n    ')}
    else null
  end`,
  ]
}

export const checklistFunctions: readonly string[] = [
  withAnswerFunction,
  `define "Questions answered":
  if "checklist".status.value in {'completed', 'amended'}
    then "checklist".item union (flatten ("checklist".item I where exists (I.item) return all I.item))
    else null`,
  `define "Days since the checklist": Max({0, difference in days between (date from "checklist".authored.value) and "today"})`,
  `define function "Answer to"(fact String):
  First(("Questions answered") Q where Q.linkId.value = fact and exists (Q.answer) return all (Q.answer[0].value as FHIR.boolean).value)`,
  `define function "No to one of"(facts List<String>):
  if exists (facts F where "Answer to"(F) = false) then false else null as Boolean`,
]

/** Facts made of facts that the checklist asks: the rules take their answers as parameters. */
export function answeredGroups({ facts, ...asked }: Asked & Pick<Content, 'facts'>): string[] {
  return Object.keys(facts).filter(
    (name) => facts[name]?.kind === 'group' && answerText(name, asked) !== undefined,
  )
}

export const answeredDefine = (fact: string, asked: Asked) =>
  `define ${quoted(answeredName(fact))}: ${answerText(fact, asked) ?? 'null as Boolean'}`
