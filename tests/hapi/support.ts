/** Tests that need HAPI: skipped where Java or Maven is missing, failed where it does not start. */
import { describe, inject, test } from 'vitest'
import type { HapiState } from './start.ts'

type RunningHapi = Extract<HapiState, { is: 'running' }>

export function describeWithHapi(name: string, register: (hapi: RunningHapi) => void): void {
  const hapi = inject('hapi')
  describe(name, () => {
    if (hapi.is === 'running') register(hapi)
    else if (hapi.is === 'missing') test.skip(`not run. ${hapi.why}`)
    else
      test('HAPI starts', () => {
        throw new Error(hapi.why)
      })
  })
}
