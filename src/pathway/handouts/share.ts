/** What health plans and employers are given to send, `handouts/share/`: a text and an infographic in each language. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readFrontMatter } from '../cards.ts'
import { filesIn, readText, readYaml, type YamlFile } from '../files.ts'
import type { Problems } from '../problems.ts'
import {
  type HandoutFront,
  handoutFront,
  type ShareFile,
  type ShareWords,
  shareFile,
  shareWordsFile,
} from '../schema.ts'
import { checkShape } from '../shape.ts'
import { type Art, parseArt } from './drawings.ts'
import { type PlacedSection, parseSections } from './text.ts'

// One page for patients as far as it could be read: front matter, and sections.

export interface HandoutPage {
  file: string
  /** Undefined when it has mistakes; then its sections may be unread too. */
  front: HandoutFront | undefined
  sections: readonly PlacedSection[]
}

export function readPage(root: string, file: string, problems: Problems): HandoutPage {
  const parts = readFrontMatter(root, file, 'its title', problems)
  return {
    file,
    front: checkShape(handoutFront, parts?.yaml, problems),
    sections: parts ? parseSections(file, parts.text, parts.firstLine, problems) : [],
  }
}

export const shareFolder = 'handouts/share'

/** What there is to send, in each language. */
export const shared = ['newsletter', 'infographic'] as const
export type Shared = (typeof shared)[number]

interface ShareLanguage {
  words: ShareWords | undefined
  /** By the name of the file. */
  pages: ReadonlyMap<string, HandoutPage>
}

export interface ShareDraft {
  file: YamlFile | undefined
  value: ShareFile | undefined
  /** By the name of the folder. */
  languages: ReadonlyMap<string, ShareLanguage>
  art: Art
}

/** `undefined` where there is nothing to send. */
export function readShare(root: string, problems: Problems): ShareDraft | undefined {
  const folder = join(root, shareFolder)
  if (!existsSync(folder)) return undefined
  const file = readYaml(root, `${shareFolder}/share.yaml`, problems)
  const languages = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const drawn = `${shareFolder}/infographic.svg`
  return {
    file,
    value: checkShape(shareFile, file, problems),
    languages: new Map(languages.map((name) => [name, readLanguage(root, name, problems)])),
    art: parseArt(drawn, readText(root, drawn, problems) ?? '', problems),
  }
}

function readLanguage(root: string, name: string, problems: Problems): ShareLanguage {
  const folder = `${shareFolder}/${name}`
  const wordsFile = readYaml(root, `${folder}/words.yaml`, problems)
  const pages = filesIn(root, folder, '.md').map((file): [string, HandoutPage] => [
    file.slice(folder.length + 1, -'.md'.length),
    readPage(root, file, problems),
  ])
  return { words: checkShape(shareWordsFile, wordsFile, problems), pages: new Map(pages) }
}
