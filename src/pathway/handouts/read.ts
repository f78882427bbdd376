/** The pages for patients as far as they could be read: `handouts/`, a folder for each language. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn, readYaml, type YamlFile } from '../files.ts'
import type { Problems } from '../problems.ts'
import { type HandoutsFile, type HandoutWords, handoutsFile, handoutWordsFile } from '../schema.ts'
import { checkShape } from '../shape.ts'
import { type Drawing, readDrawings } from './drawings.ts'
import { type HandoutPage, readPage, readShare, type ShareDraft } from './share.ts'

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
