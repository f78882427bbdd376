/** A payer that never was, as the documentation has it, and what is answered for it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Extension, FhirResource } from 'fhir/r4.js'
import { parse } from 'yaml'
import type { z } from 'zod'
import { type HookBody, hookCall, loadOrder, loadPatient } from '../../fhir-fixtures/load.ts'
import type { Evaluator } from '../../src/evaluate.ts'
import type { KnownCaller } from '../../src/explanation.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { coverageInformation } from '../../src/payers/extension.ts'
import { type CoverageSettings, type CrdVersion, coverageSchema } from '../../src/site/coverage.ts'
import { evaluatorWith, realContent, root } from '../support/evaluator.ts'

export const today = '2026-11-21'

/** The block of `docs/payer-mode.md`. */
export function documented(): z.input<typeof coverageSchema> {
  const page = readFileSync(join(root, 'docs/payer-mode.md'), 'utf8')
  const [, block = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []
  return (parse(block) as { coverage: z.input<typeof coverageSchema> }).coverage
}

export const settingsOf = (version: CrdVersion | 'off', more: object = {}): CoverageSettings =>
  coverageSchema.parse({ ...documented(), version, ...more })

export function bodyFor(patient: string, ...orders: string[]): HookBody {
  return hookCall({
    patient: loadPatient(root, patient, today),
    orders: orders.map((order) => loadOrder(root, order)),
    hook: 'order-sign',
    queries: realContent().queries,
    today,
  })
}

const evaluators = new Map<string, Evaluator>()

/** Compiled once for the same settings. */
export function payerEvaluator(coverage: CoverageSettings, more: object = {}): Evaluator {
  const name = JSON.stringify([coverage, more])
  const known = evaluators.get(name) ?? evaluatorWith({ coverage, ...more }, { today: () => today })
  evaluators.set(name, known)
  return known
}

export interface Action {
  type: string
  description: string
  resource: FhirResource & { extension?: Extension[] }
}

/** What came of a call, and its system actions. */
export async function answerTo(
  body: object,
  coverage: CoverageSettings,
  { site = {}, caller }: { site?: object; caller?: KnownCaller } = {},
) {
  const service = services.find(({ hook }) => hook === (body as HookBody).hook) ?? services[1]
  const answer = await payerEvaluator(coverage, site).evaluate(
    parseCall(JSON.parse(JSON.stringify(body)), service),
    caller,
  )
  return { ...answer, actions: (answer.systemActions ?? []) as unknown as Action[] }
}

export const extensionsIn = ({ resource }: Action): Extension[] =>
  (resource.extension ?? []).filter(({ url }) => url === coverageInformation)

/** Values of one part of an extension. */
export const valuesOf = ({ extension = [] }: Extension, url: string): unknown[] =>
  extension.flatMap((part) =>
    part.url === url
      ? Object.entries(part).flatMap(([name, value]) => (name === 'url' ? [] : [value as unknown]))
      : [],
  )
