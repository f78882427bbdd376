// Begins a thread with the modules that are kept compiled: a thread knows nothing of those of its process, and without
// them is 28 MB larger. `new Worker(…/thread.js, { argv: [what it runs] })`.
import { flushCompileCache } from 'node:module'
import { argv } from 'node:process'
import './module-cache.js'

await import(argv[2])
// Threads are ended, and then would keep nothing.
flushCompileCache()
