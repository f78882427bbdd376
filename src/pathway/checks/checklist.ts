/** The checklist asks facts that a yes or a no answers, each once, with numbers that exist. */
import { answersOf } from '../answers.ts'
import { type Draft, entryOf } from '../draft.ts'
import type { Path } from '../files.ts'
import { type Place, type Problems, unknownName } from '../problems.ts'
import type { Checklist } from '../schema.ts'

export function checkChecklist(draft: Draft, problems: Problems) {
  checkAnswerable(draft, problems)
  const { facts, parameters } = draft
  for (const { value, place } of entryOf<Checklist>(draft.checklist)) {
    const asked = new Set<string>()
    checkOnset(draft, value, place, problems)
    for (const { question, path } of questionsOf(value)) {
      if (asked.has(question.fact))
        problems.add(place(...path, 'fact'), `"${question.fact}" is asked twice: keep one question`)
      asked.add(question.fact)
      checkFact(question.fact, [...path, 'fact'])
      for (const [at, fact] of (question['no-also'] ?? []).entries())
        checkFact(fact, [...path, 'no-also', at])
      for (const [, name = ''] of question.asks.matchAll(/\{\{([^{}]*)\}\}/g)) {
        if (parameters.lacks(name))
          problems.add(place(...path, 'asks'), unknownName('parameter', name, parameters.names))
      }
    }

    function checkFact(fact: string, path: Path) {
      if (facts.lacks(fact)) {
        problems.add(place(...path), unknownName('fact', fact, facts.names))
        return
      }
      const declared = facts.get(fact)
      if (declared && answersOf(declared) !== 'yes-or-no')
        problems.add(place(...path), `"${fact}" is not answered with yes or no: ask another fact`)
    }
  }
}

/** A red flag that the chart cannot tell holds advice back: whoever asks the patient must be able to say so. */
function checkAnswerable({ facts, checklist }: Draft, problems: Problems) {
  const [read] = entryOf<Checklist>(checklist)
  if (!read) return
  const asked = new Set(
    questionsOf(read.value).flatMap(({ question }) => [question.fact, ...(question['no-also'] ?? [])]),
  )
  const isAnswerable = (name: string): boolean => {
    const fact = facts.get(name)
    if (asked.has(name) || fact === undefined || fact.kind === 'words') return true
    if (fact.kind !== 'group') return false
    return fact['any-of'] ? fact['any-of'].every(isAnswerable) : (fact['all-of'] ?? []).some(isAnswerable)
  }
  for (const { name, value, place } of facts.entries) {
    if (value['red-flag'] && !isAnswerable(name))
      problems.add(
        place('red-flag'),
        `nobody can answer "${name}" on the checklist: ask it in pathway/checklist.yaml, or name it in a \`no-also\` there`,
      )
  }
}

function checkOnset(
  { facts, parameters }: Draft,
  { onset }: Checklist,
  place: (...path: Path) => Place,
  problems: Problems,
) {
  if (!onset) return
  const wanted = [
    { fact: onset.fact, read: 'onset-days', path: ['onset', 'fact'] },
    { fact: onset.dated.fact, read: 'onset-basis', path: ['onset', 'dated', 'fact'] },
  ]
  for (const { fact, read, path } of wanted) {
    const declared = facts.get(fact)
    if (facts.lacks(fact)) problems.add(place(...path), unknownName('fact', fact, facts.names))
    else if (declared && (declared.kind !== 'episode' || declared.read !== read))
      problems.add(place(...path), `"${fact}" does not read ${read} of the episode: ask the fact that does`)
  }
  for (const [at, choice] of onset.choices.entries()) {
    for (const key of ['at-least', 'below'] as const) {
      const name = choice[key]?.slice(1)
      if (name !== undefined && parameters.lacks(name))
        problems.add(place('onset', 'choices', at, key), unknownName('parameter', name, parameters.names))
    }
  }
}

const questionsOf = ({ groups }: Checklist) =>
  groups.flatMap(({ questions }, group) =>
    questions.map((question, at) => ({ question, path: ['groups', group, 'questions', at] as Path })),
  )
