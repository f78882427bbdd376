/** A real FHIR server to try Lumbar against: HAPI FHIR on this machine, with the invented patients, until Ctrl-C. */
import { resolve } from 'node:path'
import pc from 'picocolors'
import { loadContent } from '../../content/load.ts'
import { Misunderstood, readArguments } from '../asked.ts'
import { allResources, seed } from '../hapi/seed.ts'
import { startHapi } from '../hapi/start.ts'
import type { Print } from '../run.ts'
import { todayIn } from '../today.ts'

const root = resolve(import.meta.dirname, '../../..')

export async function runHapi(words: readonly string[], print: Print): Promise<void> {
  const { values } = readArguments(words, { port: { type: 'string', default: '8080' } })
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Misunderstood('A port is a number from 0 to 65535; 0 takes any free one.')
  }
  const hapi = await startHapi({ root, port, say: (text) => print(pc.dim(text)) })
  try {
    const today = todayIn(loadContent(root).site['time-zone'])
    const { patients } = await seed(hapi.base, allResources(root, today))
    print(whatToTry(hapi.base, patients))
  } catch (error) {
    await hapi.stop()
    throw error
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void hapi.stop())
  await hapi.ended
}

const whatToTry = (base: string, patients: number) => `
HAPI FHIR answers at ${pc.bold(base)} with ${patients} invented patients. It keeps all in memory. Ctrl-C ends it.

  curl '${base}/Condition?patient=acute-week-two'
`
