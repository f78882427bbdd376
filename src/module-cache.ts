/**
 * `node --import ./src/module-cache.ts …`: keeps compiled modules beside the compiled pathway, so that the next start
 * does not compile them again. Before everything else, because modules that are imported are compiled first. Where the
 * folder cannot be written Node does without.
 */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../.cache/modules'))
