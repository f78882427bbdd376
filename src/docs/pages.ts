/** Every generated file of the project, by its path from the root. */
import { z } from 'zod'
import { jsonSchemaFolder, jsonSchemas } from '../pathway/json-schema.ts'
import type { Book } from './book.ts'
import { configuration } from './configuration.ts'
import { dataPage } from './data-page.ts'
import { decisionTableFile } from './decision-table.ts'
import { pathwayPages } from './pathway-page.ts'
import { goLiveFile } from './sheet/script.ts'

export function generatedFiles(book: Book): ReadonlyMap<string, string> {
  const schemas = {
    ...jsonSchemas(),
    'decision-table.json': z.toJSONSchema(decisionTableFile, { io: 'input' }),
    'go-live.json': z.toJSONSchema(goLiveFile, { io: 'input' }),
  }
  return new Map([
    ...pathwayPages(book),
    ['docs/configuration.md', configuration()],
    ['docs/data.md', dataPage(book)],
    ...Object.entries(schemas).map(([name, schema]): [string, string] => [
      `${jsonSchemaFolder}/${name}`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  ])
}
