/**
 * BEST-1: a text as long as a book, wherever it stands, costs time in proportion: no search that looks at it over and over.
 * At each place a quarter of the pieces, others at the next place; all of them by `npm run test:whole`.
 */
import { expect, test } from 'vitest'
import { type HookBody, hookCall, loadOrder, loadPatient } from '../fhir-fixtures/load.ts'
import { LumbarError } from '../src/errors.ts'
import { parseCall } from '../src/hooks/call.ts'
import { findService } from '../src/hooks/services.ts'
import { queries } from './language/vignette.ts'
import { evaluatorWith, root } from './support/evaluator.ts'
import { sampleOf } from './support/sweep.ts'

type Json = Record<string, unknown>

const today = '2026-11-21'
const length = 100_000
/** In ms; a hundred thousand characters looked at once take less than one. */
const mostTime = 1000

/** What patterns stumble over: one thing many times, and nearly what they look for. */
const pieces = [
  '1',
  'a',
  ' ',
  '\n',
  '.',
  '-',
  '/',
  '(',
  '<',
  '|',
  '1 ',
  'a ',
  'not ',
  'mg ',
  '1-',
  '1.',
  'T0:',
  'take 1 tab ',
  '((a',
]

const evaluator = evaluatorWith()
const examples = [
  ['opioid-chronic', 'oxycodone'],
  ['cauda-equina', 'lumbar-mri'],
] as const

test.each(examples)(
  'BEST-1: a long text anywhere in the chart of %s with %s is read in time',
  { timeout: 180_000 },
  async (name, order) => {
    const call = callFor(name, order)
    const places = textsOf(call)
    const slow: string[] = []
    for (const [at, [place, path]] of places.entries()) {
      for (const piece of sampleOf(pieces, 4, at)) {
        const longer = withText(call, path, piece.repeat(length / piece.length))
        const ms = await shortest(() => evaluate(longer))
        if (ms > mostTime) slow.push(`${place}: ${JSON.stringify(piece)} repeated takes ${ms.toFixed(0)} ms`)
      }
    }
    expect(places.length).toBeGreaterThan(100)
    expect(slow).toEqual([])
  },
)

function callFor(name: string, order: string): HookBody {
  const patient = loadPatient(root, name, today)
  return hookCall({ patient, orders: [loadOrder(root, order)], hook: 'order-sign', queries, today })
}

/** One place of each kind: what stands in the tenth condition stands in the first too. */
function textsOf(call: object): [string, string[]][] {
  const found = new Map<string, string[]>()
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value === 'string') {
      const kind = path.filter((key) => !/^\d+$/.test(key)).join('.')
      if (!found.has(kind)) found.set(kind, path)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) walk(each, [...path, key])
    }
  }
  walk(call, [])
  found.delete('hook')
  return [...found]
}

function withText(call: object, path: readonly string[], text: string): Json {
  const copy = structuredClone(call) as Json
  const holder = path.slice(0, -1).reduce((value, key) => value[key] as Json, copy)
  holder[path.at(-1) ?? ''] = text
  return copy
}

async function evaluate(call: Json): Promise<void> {
  const service = findService('lumbar-order-sign')
  if (!service) throw new Error('no such service')
  try {
    await evaluator.evaluate(parseCall(call, service))
  } catch (error) {
    // A refusal is as good as an answer.
    if (!(error instanceof LumbarError)) throw error
  }
}

/** A busy machine is slow once, and not three times at the same. */
async function shortest(work: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && least > mostTime; tries += 1) {
    const begun = performance.now()
    await work()
    least = Math.min(least, performance.now() - begun)
  }
  return least
}
