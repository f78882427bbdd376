/** Pages for patients: complete in each language, the same in each, and without a safety sentence lost. */

import type { Draft } from '../draft.ts'
import type { Path, YamlFile } from '../files.ts'
import { originalLanguage } from '../handouts/library.ts'
import { type HandoutsDraft, handoutsFolder } from '../handouts/read.ts'
import { type HandoutPage, shareFolder } from '../handouts/share.ts'
import type { PlacedSection } from '../handouts/text.ts'
import { type Problems, unknownName } from '../problems.ts'
import { type HandoutsFile, handoutPhraseNames } from '../schema.ts'
import { checkHandoutChoices, checkSafety } from './handout-safety.ts'
import { checkShare } from './share.ts'
import { checkGroups } from './value-sets.ts'

export function checkHandouts(draft: Draft, problems: Problems) {
  const { handouts } = draft
  if (!handouts?.file || !handouts.value) return
  const { file, value } = handouts
  checkLanguages(handouts, file, value, problems)
  checkDrawings(handouts, problems)
  checkSafety(handouts, file, value, problems)
  checkHandoutChoices(draft, file, value, problems)
  // It is made of the pages: what is wrong with them would be told a second time.
  const areSound = problems.sorted.every(
    (each) => !each.file.startsWith(`${handoutsFolder}/`) || each.file.startsWith(`${shareFolder}/`),
  )
  if (handouts.share && areSound) checkShare(handouts, handouts.share, value, problems)
  for (const [at, { codes, show }] of value.infobutton.entries()) {
    checkGroups(
      draft.codes,
      codes,
      (...path: Path) => file.place(['infobutton', at, 'codes', ...path]),
      problems,
    )
    for (const [step, page] of show.entries()) {
      if (!value.handouts[page])
        problems.add(
          file.place(['infobutton', at, 'show', step]),
          unknownName('page', page, Object.keys(value.handouts)),
        )
    }
  }
}

function checkLanguages(
  { languages }: HandoutsDraft,
  file: YamlFile,
  value: HandoutsFile,
  problems: Problems,
) {
  const declared = Object.keys(value.languages)
  for (const name of languages.keys()) {
    if (!declared.includes(name)) {
      const place = { file: `${handoutsFolder}/${name}/words.yaml`, line: 1 }
      problems.add(
        place,
        `is for a language that handouts.yaml does not name: ${unknownName('language', name, declared)}`,
      )
    }
  }
  const original = languages.get(originalLanguage)?.pages
  for (const [name, { complete, direction, pdf }] of Object.entries(value.languages)) {
    if (direction === 'rtl' && pdf)
      problems.add(file.place(['languages', name, 'pdf']), 'a PDF runs from left to right: say pdf: false')
    const read = languages.get(name)
    const pages = read?.pages
    const lacking = Object.keys(value.handouts).filter((id) => !pages?.has(id))
    if (complete || name === originalLanguage) {
      for (const id of lacking) {
        const mend = `write ${handoutsFolder}/${name}/${id}.md, or say complete: false`
        problems.add(file.place(['languages', name, 'complete']), `"${name}" lacks the page ${id}: ${mend}`)
      }
    }
    for (const [id, page] of pages ?? []) checkPage(name, id, page, original?.get(id), value, problems)
    checkWords(read?.wordsFile, read?.words, problems)
  }
}

function checkPage(
  language: string,
  id: string,
  page: HandoutPage,
  original: HandoutPage | undefined,
  value: HandoutsFile,
  problems: Problems,
) {
  const top = { file: page.file, line: 1 }
  const declared = value.handouts[id]
  if (!declared) {
    problems.add(top, unknownName('page', id, Object.keys(value.handouts)))
    return
  }
  if (page.front && language !== originalLanguage && page.front.translation === undefined)
    problems.add(top, 'must say who translated it: add "translation: machine-drafted", or its reviewer')
  const wanted = Object.keys(declared.sections)
  const found = page.sections.map((section) => section.id)
  for (const name of page.front ? wanted.filter((each) => !found.includes(each)) : [])
    problems.add(top, `lacks the section {#${name}} of handouts.yaml: write it`)
  for (const [at, { id: name, place }] of page.sections.entries()) {
    if (!wanted.includes(name)) problems.add(place, unknownName('section', name, wanted))
    else if (found.indexOf(name) !== at) problems.add(place, `section "${name}" stands here a second time`)
  }
  const known = found.filter((name) => wanted.includes(name))
  const astray = known.find((name, at) => name !== wanted.filter((each) => known.includes(each))[at])
  const place = page.sections.find((section) => section.id === astray)?.place
  if (place) problems.add(place, `section "${astray}" stands elsewhere in handouts.yaml: keep its order`)
  for (const section of page.sections) {
    const twin = original?.sections.find((each) => each.id === section.id)
    if (original !== page && twin) checkSameShape(section, twin, original?.file ?? '', problems)
  }
}

/** A translation may say it otherwise; it may not leave out an entry or add one. */
function checkSameShape(
  section: PlacedSection,
  original: PlacedSection,
  originalFile: string,
  problems: Problems,
) {
  const shape = ({ blocks }: PlacedSection) =>
    blocks.map((block) => (block.kind === 'list' ? `a list of ${block.items.length}` : `a ${block.kind}`))
  const here = shape(section)
  const there = shape(original)
  const at = there.findIndex((kind, step) => here[step] !== kind)
  if (at < 0 && here.length === there.length) return
  const where = at < 0 ? there.length : at
  problems.add(
    section.places[where] ?? section.place,
    `section "${section.id}" holds ${here[where] ?? 'nothing'} where ${originalFile} holds ${there[where] ?? 'nothing more'}`,
  )
}

function checkWords(
  file: YamlFile | undefined,
  words: { phrases: Record<string, string> } | undefined,
  problems: Problems,
) {
  if (!file || !words) return
  for (const [name, phrase] of Object.entries(words.phrases)) {
    const allowed: readonly string[] = handoutPhraseNames[name as keyof typeof handoutPhraseNames]
    const used = [...phrase.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, word = '']) => word)
    for (const word of used.filter((each) => !allowed.includes(each)))
      problems.add(file.place(['phrases', name]), unknownName('placeholder', word, allowed))
    for (const word of allowed.filter((each) => !used.includes(each)))
      problems.add(file.place(['phrases', name]), `"${name}" must hold {{${word}}}`)
  }
}

function checkDrawings({ languages, drawings }: HandoutsDraft, problems: Problems) {
  const used = new Set<string>()
  for (const { pages } of languages.values()) {
    for (const { sections } of pages.values()) {
      for (const { blocks, places, place } of sections) {
        for (const [at, block] of blocks.entries()) {
          if (block.kind !== 'drawing') continue
          used.add(block.name)
          const here = places[at] ?? place
          if (!drawings.has(block.name))
            problems.add(here, unknownName('drawing', block.name, drawings.keys()))
          if (block.description.length < 10)
            problems.add(here, 'must say in words what the drawing shows: ![A person walks …](walking)')
        }
      }
    }
  }
  for (const name of drawings.keys()) {
    if (!used.has(name))
      problems.add({ file: `${handoutsFolder}/drawings/${name}.svg`, line: 1 }, 'is on no page: delete it')
  }
}
