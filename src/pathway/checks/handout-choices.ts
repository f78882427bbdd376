/** Who is given what: every section is thought of once, and the warning signs are never left out. */
import type { Draft } from '../draft.ts'
import type { YamlFile } from '../files.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { HandoutsFile } from '../schema.ts'
import { sectionsOf } from './handout-safety.ts'
import { checkWhen } from './questions.ts'

export function checkHandoutChoices(draft: Draft, file: YamlFile, value: HandoutsFile, problems: Problems) {
  const { exceptions, usual } = value.choices
  const sections = sectionsOf(value)
  const urgent = sections.filter((name) => levelOf(value, name) === 'emergency')
  const chosenBy = new Map<string, number>()
  for (const [at, { show, when, 'by-hand': byHand, rank }] of usual.entries()) {
    const path = ['choices', 'usual', at]
    if (when) checkWhen(draft, when, (...steps) => file.place([...path, 'when', ...steps]), problems)
    if (rank !== undefined && byHand)
      problems.add(file.place([...path, 'rank']), 'is chosen by hand: leave out its "rank"')
    if (when && byHand)
      problems.add(file.place([...path, 'by-hand']), 'is chosen by hand: leave out its "when"')
    for (const [step, part] of show.entries()) {
      const place = file.place([...path, 'show', step])
      const meant = sections.filter((name) => covers(part, name))
      if (meant.length === 0) problems.add(place, unknownName('page or section', part, known(value)))
      for (const name of meant) {
        if (chosenBy.has(name)) problems.add(place, `${name} is chosen twice: keep one of the two`)
        chosenBy.set(name, at)
      }
    }
  }
  for (const [at, { when }] of value.choices.places.entries()) {
    const path = ['choices', 'places', at, 'when']
    checkWhen(draft, when, (...steps) => file.place([...path, ...steps]), problems)
  }
  for (const [at, { say, in: part, when, 'if-unknown': unknown }] of value.choices.sentences.entries()) {
    const path = ['choices', 'sentences', at]
    checkWhen(draft, when, (...steps) => file.place([...path, 'when', ...steps]), problems)
    if (!sections.includes(part))
      problems.add(file.place([...path, 'in']), unknownName('section', part, sections))
    if (levelOf(value, part) === 'emergency')
      problems.add(file.place([...path, 'in']), `${part} tells emergencies: each of its sentences is for all`)
    if (value.safety[say] && unknown === 'leave-out')
      problems.add(
        file.place([...path, 'if-unknown']),
        `"${say}" is a safety sentence: who is not known hears it`,
      )
  }
  const place = file.place(['choices', 'usual'])
  for (const name of sections.filter((each) => !chosenBy.has(each)))
    problems.add(place, `nobody is given ${name}: choose it, or mark it by-hand`)
  for (const name of urgent) {
    const choice = usual[chosenBy.get(name) ?? -1]
    if (choice && (choice.when || choice['by-hand']))
      problems.add(place, `${name} tells emergencies: it must be shown to everybody, without "when"`)
  }
  for (const [at, { when, show }] of exceptions.entries()) {
    const path = ['choices', 'exceptions', at]
    checkWhen(draft, when, (...steps) => file.place([...path, 'when', ...steps]), problems)
    for (const [step, part] of show.entries()) {
      if (!sections.some((name) => covers(part, name)))
        problems.add(file.place([...path, 'show', step]), unknownName('page or section', part, known(value)))
    }
    for (const name of urgent.filter((each) => !show.some((part) => covers(part, each))))
      problems.add(file.place([...path, 'show']), `leaves out ${name}, which tells emergencies: show it`)
  }
}

const covers = (part: string, section: string) => part === section || section.startsWith(`${part}/`)
const known = (value: HandoutsFile) => [...Object.keys(value.handouts), ...sectionsOf(value)]

function levelOf({ handouts }: HandoutsFile, name: string) {
  const [page = '', section = ''] = name.split('/')
  return handouts[page]?.sections[section]?.level
}
