// `node --import ./src/module-cache.js …`: keeps compiled modules beside the compiled pathway, so that the next start
// neither takes the types out of them nor compiles them again. Before everything else, because modules that are imported
// are compiled first; and plain JavaScript, because for one file with types Node loads what takes them out, which is 17 MB.
// Where the folder cannot be written Node does without.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../.cache/modules'))
