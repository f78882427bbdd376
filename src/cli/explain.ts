/** `npm run explain -- <patient> <order>`: why is that shown, or nothing? Needs no running service. */
import { explain } from './commands/explain.ts'
import { run } from './run.ts'

await run(explain)
