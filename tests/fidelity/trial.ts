/** Puts the population through the service in this process, and judges every answer. */
import type { Content } from '../../src/content/content.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Card } from '../../src/render/render.ts'
import { today } from './chart.ts'
import { type Judged, judgeBy } from './judge.ts'
import { population } from './population.ts'

export async function runTrial(content: Content, size?: number): Promise<Judged[]> {
  const answer = answering(content)
  const judge = judgeBy(content)
  const judged: Judged[] = []
  for (const event of population(content.queries, size === undefined ? {} : { size }))
    judged.push(judge(event, await answer(event.body)))
  return judged
}

/** As the service answers a POST, without the network. */
export function answering(content: Content): (body: { hook: string }) => Promise<Card[]> {
  let made = 0
  const evaluator = createEvaluator(content, {
    today: () => today,
    newId: () => `00000000-0000-4000-9000-${String(++made).padStart(12, '0')}`,
    onFactError: (_, error) => {
      throw error
    },
  })
  return async (body) => {
    const service = services.find(({ hook }) => hook === body.hook)
    if (!service) throw new Error(`No service answers ${body.hook}`)
    // Read as it would come over the wire, so that nothing is shared with the chart that was written.
    const { cards } = await evaluator.evaluate(parseCall(JSON.parse(JSON.stringify(body)), service))
    return cards
  }
}
