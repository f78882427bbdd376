/** What a clinic would see: cards for each 100 orders of a plausible mix, and how many of them a physician would agree with. */
import type { Card, Library } from 'lumbar'
import { type Judged, judgeBy } from './judge.ts'
import { clinic, population } from './population.ts'
import { answering } from './trial.ts'

export interface Burden {
  orders: number
  /** For each 100 orders. */
  critical: number
  warning: number
  info: number
  silent: number
  /** Of the orders that got a card: where the judge found no mistake. */
  agreed: number
}

const rank = { critical: 2, warning: 1, info: 0 } as const
const strongest = (cards: readonly Card[]) =>
  cards.map(({ indicator }) => indicator).sort((a, b) => rank[b] - rank[a])[0] ?? 'silent'

export async function burdenOf(library: Library, orders = 1200): Promise<Burden> {
  const answer = answering(library)
  const judge = judgeBy(library)
  const seen = { critical: 0, warning: 0, info: 0, silent: 0 }
  let agreed = 0
  for (const event of population(library.queries, { shares: clinic, size: orders })) {
    const cards = await answer(event.body)
    const loudest = strongest(cards)
    seen[loudest] += 1
    if (loudest !== 'silent' && isRight(judge(event, cards))) agreed += 1
  }
  const spoken = orders - seen.silent
  const of100 = (count: number) => (100 * count) / orders
  return {
    orders,
    critical: of100(seen.critical),
    warning: of100(seen.warning),
    info: of100(seen.info),
    silent: of100(seen.silent),
    agreed: spoken === 0 ? 0 : (100 * agreed) / spoken,
  }
}

const isRight = ({ judgement }: Judged) => !Object.values(judgement).some(Boolean)
