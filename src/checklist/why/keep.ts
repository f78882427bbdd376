/** Keeps each evaluation that made a card, beside the call and never in its way. */

import type { Explanation, KeepEvaluation, KnownCaller } from '../../evaluate.ts'
import type { HookCall } from '../../hooks/call.ts'
import { newLaunchId } from '../../smart/launch/secrets.ts'
import { serverIn } from '../lookup.ts'
import type { EvaluationBook } from './evaluations.ts'

export interface KeepSettings {
  book: EvaluationBook
  version: string
  now: () => Date
  /** Base of the one FHIR server that the app is registered at; undefined where there are none or several. */
  onlyServer: () => string | undefined
  /** Hears why an evaluation is not kept: its card is shown all the same. */
  onFailure: (reason: string) => void
}

/** Written at the same time: a store that is slow shall not fill the memory. */
const mostUnderWay = 64

export function keepEvaluations(settings: KeepSettings): KeepEvaluation {
  const { book, version, now, onlyServer, onFailure } = settings
  let underWay = 0
  const serverOf = (call: HookCall, caller: KnownCaller | undefined) =>
    serverIn(call, caller) ?? (call.fhirServer === undefined ? onlyServer() : undefined)

  return {
    idFor: (call, caller) => (serverOf(call, caller) === undefined ? undefined : newLaunchId()),
    put: (id, call, caller, found) => {
      const fhirServer = serverOf(call, caller)
      if (fhirServer === undefined) return
      if (underWay >= mostUnderWay) return onFailure('too-many-at-once')
      underWay++
      setImmediate(() => {
        Promise.resolve()
          .then(() => book.keep(id, evaluationOf(fhirServer, call, found)))
          .catch(() => onFailure('store'))
          .finally(() => {
            underWay--
          })
      })
    },
  }

  function evaluationOf(fhirServer: string, { patientId, encounterId }: HookCall, found: Explanation) {
    const { orders, decisions, planned, cards } = found
    return {
      about: { fhirServer, patientId, ...(encounterId === undefined ? {} : { encounterId }) },
      at: now().toISOString(),
      version,
      cases: decisions.map(({ kind, facts }, at) => ({ kind, name: orders[at]?.name ?? '', facts })),
      cards: planned.flatMap(({ headline, lines, orders }, at) => {
        const card = cards[at]
        if (!card) return []
        const { summary, detail, indicator } = card
        const rules = { rule: headline.id, lines: lines.map(({ id }) => id), orders: [...orders] }
        return [{ ...rules, summary, detail, indicator }]
      }),
    }
  }
}
