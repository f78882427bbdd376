/** The calls of the vignettes, and what is answered to them when they are changed. */
import fc from 'fast-check'
import type { HookBody } from '../../fhir-fixtures/load.ts'
import type { Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { explainBody, gist, vignettes, withSite } from '../support/evaluated.ts'
import { runsOf } from '../support/sweep.ts'
import { redFlags } from './changes.ts'

export const runs = { numRuns: runsOf(80, 150), seed: 20261121 }

export interface Told {
  vignette: Vignette
  body: HookBody
}

export const calls = vignettes.map((vignette): Told => ({ vignette, body: toCall(vignette) }))

export const numbers = fc.infiniteStream(fc.nat())
export const someFlags = fc.subarray(redFlags, { minLength: 1, maxLength: 6 })

export async function answer({ vignette, body }: Told, today = vignette.today) {
  const { cards } = await explainBody(body, today, withSite(vignette))
  return gist(cards)
}

/** Of a call as it is: asked once, however many changes are tried on it. */
export function once<T>(ask: (told: Told) => Promise<T>): (told: Told) => Promise<T> {
  const known = new Map<Told, Promise<T>>()
  return (told) => {
    const asked = known.get(told) ?? ask(told)
    known.set(told, asked)
    return asked
  }
}
export const answerBefore = once(answer)

/** A list that was cut off answers as far back as its order proves: there the order says something. */
export const isCutOff = ({ vignette }: Told) => (vignette.truncated ?? []).length > 0
export const whole = calls.filter((told) => !isCutOff(told))
