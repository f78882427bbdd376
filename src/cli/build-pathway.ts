/** `npm run build:pathway`: reads and checks the content, and keeps it compiled, so that a start takes it as it is. */
import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { cacheFolder, openContent } from '../content/compiled.ts'
import { ContentError } from '../content/problems.ts'

const root = resolve(import.meta.dirname, '../..')

try {
  const { content, how } = await openContent(root, readConfig().siteFile)
  const { pathway, digest } = content
  if (typeof how === 'object') throw new Error(`${cacheFolder} cannot be written: ${how.unkept}`)
  console.log(
    `${pathway.id} ${pathway.version}, digest ${digest}: ${how === 'read' ? 'is compiled' : 'compiled'}`,
  )
} catch (error) {
  if (!(error instanceof ContentError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
