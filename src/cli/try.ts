/** `npm run try -- <patient> <order>`: what would a clinician be shown? Asks the running service. */
import { tryOut } from './commands/try.ts'
import { run } from './run.ts'

await run(tryOut)
