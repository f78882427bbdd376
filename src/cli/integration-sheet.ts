/** `npm run integration-sheet -- [--profile epic|standard] [--out FILE]`: what analysts type in, map and register. */
import { sheet } from './commands/integration-sheet.ts'
import { run } from './run.ts'

await run(sheet)
