/** `npm run build:pathway`: reads and checks the content, and keeps it compiled, so that a start takes it as it is. */
import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { cacheFolder, openContent } from '../content/compiled.ts'
import { Misunderstood } from './asked.ts'
import { run } from './run.ts'

const root = resolve(import.meta.dirname, '../..')

await run(async (_words, print) => {
  const { content, how } = await openContent(root, readConfig().siteFile)
  if (typeof how === 'object') throw new Misunderstood(`${cacheFolder} cannot be written (${how.unkept}).`)
  print(
    `pathway ${content.pathway.version}, digest ${content.digest}, ${how === 'read' ? 'was compiled already' : 'compiled'}`,
  )
})
