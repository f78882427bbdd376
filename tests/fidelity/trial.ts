/** Puts the population through the pathway in this process, and judges every answer. */
import type { Card, Library } from 'lumbar'
import { today } from './chart.ts'
import { type Judged, judgeBy } from './judge.ts'
import { population } from './population.ts'

export async function runTrial(library: Library, size?: number): Promise<Judged[]> {
  const answer = answering(library)
  const judge = judgeBy(library)
  const judged: Judged[] = []
  for (const event of population(library.queries, size === undefined ? {} : { size }))
    judged.push(judge(event, await answer(event.body)))
  return judged
}

/** As the service answers a POST, without the network. */
export function answering(library: Library): (body: object) => Promise<readonly Card[]> {
  // Read as it would come over the wire, so that nothing is shared with the chart that was written.
  return async (body) => (await library.judge(JSON.parse(JSON.stringify(body)), today)).cards
}
