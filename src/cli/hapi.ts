/** `npm run hapi`: HAPI FHIR on this machine, without Docker, with the invented patients. */
import { runHapi } from './commands/hapi.ts'
import { run } from './run.ts'

await run(runHapi)
