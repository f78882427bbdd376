/** Every generated file of the project, by its path from the root. */
import { z } from 'zod'
import { jsonSchemaFolder, jsonSchemas } from '../content/json-schema.ts'
import type { Book } from './book.ts'
import { configuration } from './configuration.ts'
import { coveragePage } from './coverage-page.ts'
import { dataPage } from './data-page.ts'
import { type Coverage, decisionTableFile } from './decision-table.ts'
import { pathwayPage } from './pathway-page.ts'

export function generatedFiles(book: Book, coverage: Coverage): ReadonlyMap<string, string> {
  const schemas = {
    ...jsonSchemas(),
    'decision-table.json': z.toJSONSchema(decisionTableFile, { io: 'input' }),
  }
  return new Map([
    ['pathway/README.md', pathwayPage(book)],
    ['pathway/coverage.md', coveragePage(book, coverage)],
    ['docs/configuration.md', configuration()],
    ['docs/data.md', dataPage(book)],
    ...Object.entries(schemas).map(([name, schema]): [string, string] => [
      `${jsonSchemaFolder}/${name}`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  ])
}
