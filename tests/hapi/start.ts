/** Starts HAPI once for all its tests, with the invented patients, or says why it cannot be had. */
import type { TestProject } from 'vitest/node'
import { allResources, seed } from '../../sandbox/hapi/seed.ts'
import { type Hapi, startHapi } from '../../sandbox/hapi/start.ts'
import { missingTools } from '../../sandbox/hapi/tools.ts'
import { todayIn } from '../../src/cli/run.ts'
import { root } from '../support/evaluator.ts'

declare module 'vitest' {
  interface ProvidedContext {
    hapi: HapiState
  }
}

/** `today` is the day that the patients' dates fit. */
export type HapiState =
  | { is: 'running'; base: string; today: string }
  | { is: 'missing'; why: string }
  | { is: 'broken'; why: string }

export default async function start({ provide }: TestProject) {
  const missing = missingTools().join(' ')
  if (missing !== '') {
    console.warn(`The tests against HAPI are not run. ${missing}`)
    return provide('hapi', { is: 'missing', why: missing })
  }
  const today = todayIn('UTC')
  let hapi: Hapi | undefined
  try {
    hapi = await startHapi({ root, port: 0, say: (text) => console.log(text) })
    await seed(hapi.base, allResources(root, today))
    provide('hapi', { is: 'running', base: hapi.base, today })
  } catch (error) {
    // Its own tests fail by this, and no others.
    await hapi?.stop()
    provide('hapi', { is: 'broken', why: String(error) })
  }
  return () => hapi?.stop()
}
