/** `npm run seed -- <FHIR base address>`: loads the invented patients into a FHIR server. */
import { seedServer } from './commands/seed.ts'
import { run } from './run.ts'

await run(seedServer)
