/** `npm run pathway:diff -- [git ref]`: what changes for clinicians between a commit and the working tree, in words. */
import { pathwayDiff } from './commands/pathway-diff.ts'
import { run } from './run.ts'

await run(pathwayDiff)
