/** What is shared says only what the pages for patients say, and never without the warning signs. */
import type { YamlFile } from '../files.ts'
import type { HandoutsDraft } from '../handouts/read.ts'
import { type HandoutPage, type ShareDraft, shared, shareFolder } from '../handouts/share.ts'
import { bare, linesOf, sectionsBySentence, sentencesOf, wordsOf } from '../handouts/text.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { HandoutsFile, ShareFile } from '../schema.ts'
import { sectionsOf } from './handout-safety.ts'

export function checkShare(
  { languages }: HandoutsDraft,
  { file, value, languages: toShare, art }: ShareDraft,
  handouts: HandoutsFile,
  problems: Problems,
) {
  if (!file || !value) return
  const sections = sectionsOf(handouts)
  for (const [at, { show, with: beside }] of value.also.entries()) {
    for (const name of [show, ...beside].filter((each) => !sections.includes(each)))
      problems.add(file.place(['also', at]), unknownName('section', name, sections))
  }
  for (const [language, { pages }] of toShare) {
    const original = languages.get(language)?.pages
    const top = { file: `${shareFolder}/${language}/words.yaml`, line: 1 }
    if (!original) problems.add(top, unknownName('language', language, languages.keys()))
    for (const name of shared) {
      if (!pages.has(name)) problems.add(top, `lacks ${shareFolder}/${language}/${name}.md: write it`)
    }
    for (const name of pages.keys()) {
      if (!shared.some((each) => each === name)) problems.add(top, unknownName('text', name, shared))
    }
    const known = sectionsBySentence(
      [...(original ?? [])].map(([id, { front, sections: of }]) => [id, front?.title ?? '', of] as const),
    )
    for (const page of pages.values()) {
      const used = checkSentences(page, language, known, { file, value }, handouts, problems)
      checkBeside(page, language, used, value, handouts, problems)
    }
    const drawn = pages.get('infographic')
    const boxes = art.boxes.map(({ id }) => id)
    for (const { id, place } of drawn?.sections ?? [])
      if (!boxes.includes(id)) problems.add(place, unknownName('box', id, boxes))
  }
}

/** The sections of which it says something. */
function checkSentences(
  page: HandoutPage,
  language: string,
  known: ReadonlyMap<string, ReadonlySet<string>>,
  { file, value }: { file: YamlFile; value: ShareFile },
  handouts: HandoutsFile,
  problems: Problems,
): Set<string> {
  const used = new Set<string>()
  const allowed = new Set([...forEverybody(handouts), ...value.also.map(({ show }) => show)])
  for (const section of page.sections) {
    const { place } = section
    if (!known.has(bare(section.title)))
      problems.add(
        place,
        `no page in "${language}" has the heading "${section.title}": take one that stands there`,
      )
    for (const line of linesOf(section)) {
      if (line.own !== undefined) {
        const said = wordsOf(line).toLowerCase()
        const declared = value.own[line.own]
        if (!declared) problems.add(place, unknownName('own sentence', line.own, Object.keys(value.own)))
        else if (!declared.holds[language])
          problems.add(file.place(['own', line.own, 'holds']), `add words that it must hold in "${language}"`)
        for (const word of declared?.holds[language] ?? [])
          if (!said.includes(word.toLowerCase()))
            problems.add(place, `the sentence {=${line.own}} must hold "${word}"`)
        continue
      }
      for (const sentence of sentencesOf(line)) {
        const from = [...(known.get(sentence) ?? [])]
        if (from.length === 0)
          problems.add(place, `"${sentence}" stands in no page in "${language}": write it as there`)
        const open = from.filter((name) => allowed.has(name))
        if (from.length > 0 && open.length === 0)
          problems.add(
            place,
            `"${sentence}" is of ${from.join(' and ')}, which not everybody is given: add it to "also", with why`,
          )
        // A heading belongs to every section of its page; a sentence to the one in which it stands.
        if (open.length === 1) for (const name of open) used.add(name)
      }
    }
  }
  return used
}

/** Of each section that is used, and of the warning signs, the safety sentences; and what must stand beside it. */
function checkBeside(
  page: HandoutPage,
  language: string,
  used: ReadonlySet<string>,
  { also }: ShareFile,
  handouts: HandoutsFile,
  problems: Problems,
) {
  const top = { file: page.file, line: 1 }
  const said = page.sections.flatMap((section) => linesOf(section).map((line) => wordsOf(line).toLowerCase()))
  for (const [name, { in: part, holds }] of Object.entries(handouts.safety)) {
    if (!used.has(part) && !isUrgent(handouts, part)) continue
    const words = holds[language] ?? []
    if (!said.some((line) => words.every((word) => line.includes(word.toLowerCase()))))
      problems.add(top, `lacks the safety sentence "${name}" of ${part}: take it too`)
  }
  for (const { show, with: beside } of also) {
    for (const name of used.has(show) ? beside : [])
      if (!used.has(name))
        problems.add(top, `says something of ${show} and nothing of ${name}: take that too`)
  }
}

function isUrgent({ handouts }: HandoutsFile, name: string): boolean {
  const [page = '', section = ''] = name.split('/')
  const level = handouts[page]?.sections[section]?.level
  return level === 'emergency' || level === 'same-day'
}

/** What a patient is given of whom nothing is known. */
const forEverybody = ({ choices, ...value }: HandoutsFile): string[] =>
  choices.usual.flatMap(({ show, when, 'if-unknown': unknown, 'by-hand': byHand }) =>
    byHand || (when && unknown !== 'show')
      ? []
      : show.flatMap((part) =>
          sectionsOf({ choices, ...value }).filter((name) => name === part || name.startsWith(`${part}/`)),
        ),
  )
