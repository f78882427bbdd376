/** The pages for patients, checked and joined. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn, readYaml, type YamlFile } from '../files.ts'
import type { Problems } from '../problems.ts'
import {
  type HandoutFront,
  type HandoutsFile,
  type HandoutWords,
  handoutsFile,
  handoutWordsFile,
  type ShareFile,
  type ShareWords,
} from '../schema.ts'
import { checkShape } from '../shape.ts'
import { type Art, type Drawing, readDrawings } from './drawings.ts'
import { type HandoutPage, readPage, readShare, type ShareDraft, type Shared } from './share.ts'
import type { Section } from './text.ts'

// The pages for patients as far as they could be read: `handouts/`, a folder for each language.

export const handoutsFolder = 'handouts'

interface HandoutLanguage {
  words: HandoutWords | undefined
  wordsFile: YamlFile | undefined
  /** By the name of the file. */
  pages: ReadonlyMap<string, HandoutPage>
}

export interface HandoutsDraft {
  file: YamlFile | undefined
  value: HandoutsFile | undefined
  /** By the name of the folder. */
  languages: ReadonlyMap<string, HandoutLanguage>
  drawings: ReadonlyMap<string, Drawing>
  share: ShareDraft | undefined
}

/** Folders that are no language. */
const besides = ['drawings', 'share']

/** `undefined` for a pathway that has no pages for patients at all. */
export function readHandouts(root: string, problems: Problems): HandoutsDraft | undefined {
  const folder = join(root, handoutsFolder)
  if (!existsSync(folder)) return undefined
  const file = readYaml(root, `${handoutsFolder}/handouts.yaml`, problems)
  const languages = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !besides.includes(entry.name))
    .map(({ name }) => name)
    .sort()
  return {
    file,
    value: checkShape(handoutsFile, file, problems),
    languages: new Map(languages.map((name) => [name, readLanguage(root, name, problems)])),
    drawings: readDrawings(root, problems),
    share: readShare(root, problems),
  }
}

function readLanguage(root: string, name: string, problems: Problems): HandoutLanguage {
  const folder = `${handoutsFolder}/${name}`
  const wordsFile = readYaml(root, `${folder}/words.yaml`, problems)
  const pages = filesIn(root, folder, '.md').map((file): [string, HandoutPage] => [
    file.slice(folder.length + 1, -'.md'.length),
    readPage(root, file, problems),
  ])
  return { wordsFile, words: checkShape(handoutWordsFile, wordsFile, problems), pages: new Map(pages) }
}

export interface HandoutText extends HandoutFront {
  /** By name, in the order of the page. */
  sections: ReadonlyMap<string, Section>
}

export interface Library extends HandoutsFile {
  words: Readonly<Record<string, HandoutWords>>
  /** By language, then by the name of the page. */
  texts: Readonly<Record<string, Readonly<Record<string, HandoutText>>>>
  drawings: Readonly<Record<string, Drawing>>
  /** What health plans and employers are given to send. */
  share: Share | undefined
}

export interface Share extends ShareFile {
  /** By language: those in which there is something to send. */
  words: Readonly<Record<string, ShareWords>>
  texts: Readonly<Record<string, Readonly<Record<Shared, HandoutText>>>>
  art: Art
}

/** `undefined` where there is nothing. Only of a draft without problems. */
export function assembleLibrary(draft: HandoutsDraft | undefined): Library | undefined {
  if (!draft?.value) return undefined
  const words: Record<string, HandoutWords> = {}
  const texts: Record<string, Record<string, HandoutText>> = {}
  for (const [language, read] of draft.languages) {
    if (read.words) words[language] = read.words
    texts[language] = textsOf(read.pages)
  }
  const share = assembleShare(draft.share)
  return { ...draft.value, words, texts, drawings: Object.fromEntries(draft.drawings), share }
}

function assembleShare(draft: ShareDraft | undefined): Share | undefined {
  if (!draft?.value) return undefined
  const words: Record<string, ShareWords> = {}
  const texts: Record<string, Record<Shared, HandoutText>> = {}
  for (const [language, read] of draft.languages) {
    if (read.words) words[language] = read.words
    texts[language] = textsOf(read.pages) as Record<Shared, HandoutText>
  }
  return { ...draft.value, words, texts, art: draft.art }
}

const textsOf = (pages: ReadonlyMap<string, HandoutPage>): Record<string, HandoutText> =>
  Object.fromEntries(
    [...pages].flatMap(([id, { front, sections }]) =>
      front ? [[id, { ...front, sections: sectionsByName(sections) }]] : [],
    ),
  )

const sectionsByName = (sections: readonly Section[]) =>
  new Map(sections.map(({ id, title, blocks }) => [id, { id, title, blocks }]))
