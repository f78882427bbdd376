/** Safety sentences: each stands once in its section, in every language that has the page, and says what it must. */
import type { YamlFile } from '../files.ts'
import type { HandoutsDraft } from '../handouts/read.ts'
import { linesOf, wordsOf } from '../handouts/text.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { HandoutsFile } from '../schema.ts'

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
