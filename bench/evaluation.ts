/** The evaluation alone, the body already parsed, over ever longer charts: its cost must grow as they do. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createEvaluator, type Evaluator } from '../src/evaluate.ts'
import { parseCall } from '../src/hooks/call.ts'
import { findService } from '../src/hooks/services.ts'
import { loadContent } from '../src/pathway/load.ts'
import { table } from '../tests/support/table.ts'
import { buildBody, type Templates } from './bodies.ts'
import { median, us } from './numbers.ts'

const lengths = [20, 200, 2000, 20_000]

export async function timeEvaluation(templates: Templates, today: string, effort: number): Promise<string> {
  const evaluator = createEvaluator(loadContent(join(import.meta.dirname, '..')), {
    today: () => today,
    newId: randomUUID,
  })
  const rows = [['resources', 'evaluation', 'for a resource', 'parsing the same JSON', 'cards']]
  for (const length of lengths) {
    const text = buildBody(length, templates, today)
    const batch = Math.max(1, Math.round(2000 / length))
    const batches = 6 + Math.round((effort * 40) / Math.sqrt(length / 20))
    await run(evaluator, text, batch, Math.ceil(batches / 2))
    const { evaluated, parsed, cards } = await run(evaluator, text, batch, batches)
    rows.push([String(length), us(evaluated), us(evaluated / length), us(parsed), cards])
  }
  return `Evaluation alone: CPU, medians\n\n${table(rows)}`
}

/** Each evaluation reads a record of its own: an object that was seen before is quicker to read again. */
async function run(evaluator: Evaluator, text: string, batch: number, batches: number) {
  const service = findService('lumbar-order-select')
  if (!service) throw new Error('there is no order-select service')
  const [evaluated, parsed]: [number[], number[]] = [[], []]
  let cards = ''
  for (let at = 0; at < batches; at += 1) {
    const start = cpuTime()
    const bodies: unknown[] = Array.from({ length: batch }, () => JSON.parse(text))
    const read = cpuTime()
    for (const body of bodies) cards = (await evaluator.evaluate(parseCall(body, service))).rules.join(', ')
    evaluated.push((cpuTime() - read) / batch)
    parsed.push((read - start) / batch)
  }
  return { evaluated: median(evaluated), parsed: median(parsed), cards }
}

/** µs of this process, its garbage collector included. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
