/** Safety sentences: each stands once in its section, in every language that has the page, and says what it must. */

import type { Draft } from '../draft.ts'
import type { YamlFile } from '../files.ts'
import type { HandoutsDraft } from '../handouts/read.ts'
import { linesOf, wordsOf } from '../handouts/text.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { HandoutsFile } from '../schema.ts'
import { checkWhen } from './rules.ts'

export function checkSafety(
  { languages }: HandoutsDraft,
  file: YamlFile,
  value: HandoutsFile,
  problems: Problems,
) {
  const names = Object.keys(value.safety)
  for (const [name, { in: part, holds }] of Object.entries(value.safety)) {
    const [page = '', section] = part.split('/')
    if (section === undefined || !value.handouts[page]?.sections[section]) {
      problems.add(file.place(['safety', name, 'in']), unknownName('section', part, sectionsOf(value)))
      continue
    }
    for (const [language, { pages }] of languages) {
      const text = pages.get(page)
      const found = text?.sections.find(({ id }) => id === section)
      if (!text || !found || !value.languages[language]) continue
      const sentences = linesOf(found).filter(({ safety }) => safety === name)
      const [sentence] = sentences
      if (!sentence) {
        const mend = `write it, and mark it {!${name}}`
        problems.add(found.place, `section "${section}" lacks the safety sentence "${name}": ${mend}`)
        continue
      }
      if (sentences.length > 1)
        problems.add(found.place, `{!${name}} stands more than once: mark one sentence`)
      const words = holds[language]
      if (!words) {
        const mend = `add words that it must hold in "${language}"`
        problems.add(file.place(['safety', name, 'holds']), `nobody can check "${name}": ${mend}`)
      }
      const said = wordsOf(sentence).toLowerCase()
      for (const word of words ?? []) {
        if (!said.includes(word.toLowerCase()))
          problems.add(found.place, `the safety sentence {!${name}} must hold "${word}"`)
      }
    }
  }
  for (const [at, { say, in: part }] of value.choices.sentences.entries()) {
    const [page = '', section] = part.split('/')
    for (const [language, { pages }] of languages) {
      const found = pages.get(page)?.sections.find(({ id }) => id === section)
      const marks = found ? linesOf(found).filter((line) => line.safety === say || line.only === say) : []
      if (found && marks.length !== 1)
        problems.add(
          file.place(['choices', 'sentences', at, 'say']),
          `"${say}" must be marked once in ${part} in "${language}": it is, ${marks.length} times`,
        )
    }
  }
  for (const { pages } of languages.values()) {
    for (const [page, { sections }] of pages) {
      for (const section of sections) {
        for (const { safety, only, own } of linesOf(section)) {
          if (own !== undefined)
            problems.add(
              section.place,
              `{=${own}} is for what is shared: a page has its sources in handouts.yaml`,
            )
          const says = value.choices.sentences.some(
            (each) => each.say === only && each.in === `${page}/${section.id}`,
          )
          if (only !== undefined && !says)
            problems.add(section.place, `nobody says who is told {?${only}}: add it to choices.sentences`)
          if (safety === undefined) continue
          const declared = value.safety[safety]
          if (!declared) problems.add(section.place, unknownName('safety sentence', safety, names))
          else if (declared.in !== `${page}/${section.id}`)
            problems.add(section.place, `the safety sentence {!${safety}} belongs in ${declared.in}`)
        }
      }
    }
  }
}

export const sectionsOf = ({ handouts }: HandoutsFile) =>
  Object.entries(handouts).flatMap(([page, { sections }]) =>
    Object.keys(sections).map((section) => `${page}/${section}`),
  )

// Who is given what: every section is thought of once, and the warning signs are never left out.

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
