/** `npm run build:pathway`: reads and checks the content, and keeps it compiled, so that a start takes it as it is. */
import { resolve } from 'node:path'
import { cacheFolder, openContent } from '../pathway/compiled.ts'
import { readConfig } from '../site/environment.ts'
import { Misunderstood, readArguments } from './arguments.ts'
import { type Print, run } from './run.ts'

const root = resolve(import.meta.dirname, '../..')

async function buildPathway(words: readonly string[], print: Print): Promise<void> {
  readArguments(words, {}, 0)
  const { content, how } = await openContent(root, readConfig().siteFile)
  const { pathway, digest } = content
  if (typeof how === 'object') throw new Misunderstood(`${cacheFolder} cannot be written: ${how.unkept}`)
  print(`${pathway.id} ${pathway.version}, digest ${digest}: ${how === 'read' ? 'is compiled' : 'compiled'}`)
}

await run(buildPathway)
