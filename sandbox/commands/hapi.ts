/** `npm run hapi`: a real FHIR server to try Lumbar against, HAPI FHIR on this machine, with the invented patients, until Ctrl-C. */
import { resolve } from 'node:path'
import pc from 'picocolors'
import { Misunderstood, readArguments } from '../../src/cli/arguments.ts'
import { type Print, run, todayIn } from '../../src/cli/run.ts'
import { openContent } from '../../src/pathway/compiled.ts'
import { allResources, seed } from '../hapi/seed.ts'
import { startHapi } from '../hapi/start.ts'

const root = resolve(import.meta.dirname, '../..')

export async function runHapi(words: readonly string[], print: Print): Promise<void> {
  const { values } = readArguments(
    words,
    {
      port: { type: 'string', default: '8080' },
      database: { type: 'string' },
    },
    0,
  )
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Misunderstood('A port is a number from 0 to 65535; 0 takes any free one.')
  }
  const { database } = values
  if (database !== undefined && !/^jdbc:(h2|postgresql):/.test(database)) {
    throw new Misunderstood(
      'A database is a JDBC URL such as jdbc:postgresql://127.0.0.1:5432/hapi?user=hapi',
    )
  }
  const hapi = await startHapi({ root, port, database, say: (text) => print(pc.dim(text)) })
  try {
    const today = todayIn((await openContent(root)).content.site['time-zone'])
    const { patients } = await seed(hapi.base, allResources(root, today))
    print(whatToTry(hapi.base, patients, database === undefined))
  } catch (error) {
    await hapi.stop()
    throw error
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void hapi.stop())
  await hapi.ended
}

const whatToTry = (base: string, patients: number, isInMemory: boolean) => `
HAPI FHIR answers at ${pc.bold(base)} with ${patients} invented patients. Ctrl-C ends it${isInMemory ? ', and it forgets all' : ''}.

  curl '${base}/Condition?patient=acute-week-two'
  SANDBOX_FHIR=${base} npm start     # the sandbox over it, in another terminal
`

if (import.meta.main) await run(runHapi)
