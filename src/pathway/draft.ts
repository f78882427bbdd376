/** All content files as far as they could be read: what the cross-checks look at before it becomes `Content`. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { type Site, siteFile as siteSchema } from '../site/schema.ts'
import { type CardEntry, readCards } from './cards.ts'
import { Catalog, type Entry } from './catalog.ts'
import { readCodeMap } from './code-maps.ts'
import { type CodeSystem, spelling } from './code-systems.ts'
import { buildCodeIndex, type CodeIndex, type IndexParts, type LocalCode } from './codes.ts'
import { readCodeRows, readMedicineNames } from './csv.ts'
import { defaultSiteFile } from './digest.ts'
import { filesIn, readYaml, type YamlFile } from './files.ts'
import { readHandouts } from './handouts/read.ts'
import type { Problems } from './problems.ts'
import {
  answersFile,
  checklistFile,
  episodeFile,
  factDeclaration,
  factsFile,
  meaningsFile,
  medicinesFile,
  ordersFile,
  overrideReasonsFile,
  pathwayFile,
  phrasesFile,
  queriesFile,
  recordingFile,
  ruleIn,
  rulesFileIn,
  sourcesFile,
  suggestionsFile,
  systemsFile,
  topicsFile,
  wordsFile,
} from './schema.ts'
import { checkShape } from './shape.ts'

/** A file that is one thing, and its value when it has the right shape. */
export interface Single<T> {
  file: YamlFile | undefined
  value: T | undefined
}

/** The same as a list, for checks that go through many things alike. */
export function entryOf<T>({ file, value }: Single<T>): Entry<T>[] {
  if (!file || value === undefined) return []
  return [{ name: file.file, value, raw: file.value, place: (...path) => file.place(path) }]
}

export interface Codes {
  index: CodeIndex
  /** What the index was built from. */
  parts: IndexParts
  /** Columns that only some sets have, by set; every file is a key. */
  columns: ReadonlyMap<string, ReadonlySet<string>>
  /** False when a file could not be read: then nobody knows which codes are missing. */
  complete: boolean
}

export type Draft = ReturnType<typeof readDraft>
type Cards = ReadonlyMap<string, CardEntry | undefined>

/** Like the pages for patients, a pathway may be without. */
const recordingPath = 'handouts/recording.yaml'

export function readDraft(root: string, problems: Problems, siteFile = defaultSiteFile) {
  const single = <S extends z.ZodType>(name: string, schema: S): Single<z.output<S>> => {
    const file = readYaml(root, name, problems)
    return { file, value: checkShape(schema, file, problems) }
  }
  const folder = <S extends z.ZodType>(name: string, schema: S): (YamlFile | undefined)[] => {
    const files = filesIn(root, name, '.yaml')
    if (files.length === 0) problems.add({ file: name, line: 1 }, 'holds no file (*.yaml)')
    return files.map((each) => single(each, schema).file)
  }
  const catalog = <T>(
    kind: string,
    schema: z.ZodType<T>,
    files: readonly (YamlFile | undefined)[],
    key: string,
  ) => {
    const things = new Catalog(kind, schema)
    if (files.length === 0) things.complete = false
    for (const file of files) things.add(file, key, problems)
    return things
  }

  const pathway = single('pathway/pathway.yaml', pathwayFile)
  const topics = single('pathway/topics.yaml', topicsFile)
  const known = topics.value?.topics ?? {}
  const orderKinds = single('pathway/orders.yaml', ordersFile)
  const queries = single('pathway/queries.yaml', queriesFile)
  const sources = single('pathway/sources.yaml', sourcesFile)
  const words = single('pathway/words.yaml', wordsFile)
  const meanings = single('pathway/meanings.yaml', meaningsFile)
  const answerCodes = single('pathway/answers.yaml', answersFile)
  const medicines = single('pathway/medicines.yaml', medicinesFile)
  const episode = single('pathway/episode.yaml', episodeFile)
  const checklist = single('pathway/checklist.yaml', checklistFile)
  const suggestions = single('cards/orders.yaml', suggestionsFile)
  const overrideReasons = single('cards/override-reasons.yaml', overrideReasonsFile)
  const phrases = single('cards/phrases.yaml', phrasesFile)
  const site = readSite(root, problems, siteFile)
  return {
    pathway,
    episode,
    words,
    meanings,
    answerCodes,
    suggestions,
    overrideReasons,
    phrases,
    site,
    medicines,
    checklist,
    parameters: catalog('parameter', pathwayFile.shape.parameters.valueType, [pathway.file], 'parameters'),
    orderKinds: catalog(
      'order kind',
      ordersFile.shape['order-kinds'].valueType,
      [orderKinds.file],
      'order-kinds',
    ),
    ofDrafts: queries.value?.['of-drafts'] ?? {},
    queries: catalog('query', queriesFile.shape.queries.valueType, [queries.file], 'queries'),
    sources: catalog('source', sourcesFile.shape.sources.valueType, [sources.file], 'sources'),
    wordLists: catalog('word list', wordsFile.shape.lists.valueType, [words.file], 'lists'),
    routeNames: catalog('route', medicinesFile.shape.routes.valueType, [medicines.file], 'routes'),
    offers: catalog(
      'suggestion',
      suggestionsFile.shape.suggestions.valueType,
      [suggestions.file],
      'suggestions',
    ),
    orders: catalog('order', suggestionsFile.shape.orders.valueType, [suggestions.file], 'orders'),
    facts: catalog('fact', factDeclaration, folder('pathway/facts', factsFile), 'facts'),
    topics,
    rules: catalog(
      'rule',
      ruleIn(known),
      // Without topics no rule is known whole, and nothing is said of what rules lack.
      topics.value ? folder('pathway/rules', rulesFileIn(known)) : [],
      'rules',
    ),
    cards: readCards(root, problems) as Cards,
    handouts: readHandouts(root, problems),
    recording: existsSync(resolve(root, recordingPath)) ? single(recordingPath, recordingFile) : undefined,
    codes: readCodes(root, problems, site.value?.['local-codes']),
  }
}

export const nothingSet = (): Site => siteSchema.parse({})

/** A site that sets nothing needs no file. */
export function readSite(root: string, problems: Problems, siteFile = defaultSiteFile): Single<Site> {
  if (!existsSync(resolve(root, siteFile))) return { file: undefined, value: nothingSet() }
  const file = readYaml(root, siteFile, problems)
  return { file, value: checkShape(siteSchema, file, problems) }
}

/** Value sets and code systems; the site's own codes on top of them. */
export function readCodes(root: string, problems: Problems, localCodes: readonly LocalCode[] = []): Codes {
  const file = readYaml(root, 'pathway/codes/systems.yaml', problems)
  const systems = checkShape(systemsFile, file, problems)?.systems
  const owners = new Map<string, string>()
  for (const [name, { uri, aliases }] of Object.entries(systems ?? {})) {
    for (const [at, alias] of [uri, ...aliases].entries()) {
      const owner = owners.get(spelling(alias))
      owners.set(spelling(alias), owner ?? name)
      if (!file || owner === undefined || owner === name) continue
      const path = at === 0 ? ['uri'] : ['aliases', at - 1]
      problems.add(
        file.place(['systems', name, ...path]),
        `"${alias}" is already a name of "${owner}": keep one`,
      )
    }
  }
  const known: readonly CodeSystem[] | undefined = systems && Object.values(systems)
  const maps = new Map(
    known?.flatMap(({ through }) =>
      through ? [[through.map, readCodeMap(root, through.map, problems)]] : [],
    ),
  )
  const { rows, columns, complete } = readCodeRows(root, known, problems)
  const names = readMedicineNames(root, rows, problems)
  const parts = { rows, systems: known ?? [], localCodes, maps, names }
  return {
    index: buildCodeIndex(parts),
    parts,
    columns,
    complete: complete && known !== undefined,
  }
}
