/** JSON Schemas of all content files, so that an editor completes and checks them while they are written. */

import { z } from 'zod'
import { siteFile } from '../site/schema.ts'
import { measureFile } from './measures.ts'
import {
  answersFile,
  cardFront,
  checklistFile,
  definitionsFile,
  episodeFile,
  factsFile,
  handoutFront,
  handoutsFile,
  handoutWordsFile,
  meaningsFile,
  medicinesFile,
  ordersFile,
  overrideReasonsFile,
  pathwayFile,
  phrasesFile,
  queriesFile,
  recordingFile,
  rulesFile,
  shareFile,
  shareWordsFile,
  sourcesFile,
  suggestionsFile,
  systemsFile,
  topicsFile,
  wordsFile,
} from './schema.ts'

export const jsonSchemaFolder = 'pathway/schema'

const files: Readonly<Record<string, z.ZodType>> = {
  'pathway.json': pathwayFile,
  'orders.json': ordersFile,
  'queries.json': queriesFile,
  'episode.json': episodeFile,
  'facts.json': factsFile,
  'rules.json': rulesFile,
  'topics.json': topicsFile,
  'words.json': wordsFile,
  'meanings.json': meaningsFile,
  'answers.json': answersFile,
  'checklist.json': checklistFile,
  'medicines.json': medicinesFile,
  'sources.json': sourcesFile,
  'systems.json': systemsFile,
  'definitions.json': definitionsFile,
  'suggestions.json': suggestionsFile,
  'override-reasons.json': overrideReasonsFile,
  'phrases.json': phrasesFile,
  'card.json': cardFront,
  'handouts.json': handoutsFile,
  'recording.json': recordingFile,
  'handout.json': handoutFront,
  'handout-words.json': handoutWordsFile,
  'share.json': shareFile,
  'share-words.json': shareWordsFile,
  'site.json': siteFile,
  'measure.json': measureFile,
}

/** By file name within `pathway/schema/`. They describe what is written: a key with a default may be left out. */
export function jsonSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(files).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]),
  )
}
