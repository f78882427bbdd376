/** The golden findings as approved, and as a mistake in the content would have them: which cards, and which facts. */

import { compileCompose } from '../../src/decide/compose.ts'
import { compileFacts } from '../../src/facts/find-facts.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Facts } from '../../src/pathway/known.ts'
import { type Finding, findingsOf, today } from '../golden/findings.ts'
import { cardsTold, factsTold, meaningsBy } from '../golden/meanings.ts'
import { pairs } from '../golden/pairs.ts'
import { type ChangedFacts, compileChangedFacts } from './changed-facts.ts'
import type { Mutant } from './mutant.ts'
import { compileOtherwise, type Decided } from './told-otherwise.ts'

interface Approved {
  finding: Finding
  calls: readonly Decided[]
  cards: string
  /** Every fact, about the first order. */
  facts: Facts
  changed: ChangedFacts | undefined
}

interface Golden {
  plain: Approved
  approved: readonly Approved[]
  names: readonly string[]
}

/** To be held against these mistakes. */
export async function approve(content: Content, mutants: readonly Mutant[]): Promise<Golden> {
  const { explanationsOf } = await meaningsBy(content)
  const compose = compileCompose(content)
  const finder = compileFacts(content)
  const changedFacts = compileChangedFacts(content, mutants)
  const names = Object.keys(content.facts)
  const approveOne = async (finding: Finding): Promise<Approved> => {
    const explained = await explanationsOf(finding)
    const calls = explained.map(({ record, orders, decisions }) => ({
      decisions,
      changed: changedFacts(
        decisions.flatMap(({ facts }, at) => {
          const order = orders[at]
          return order ? { record, order, facts, today } : []
        }),
      ),
    }))
    const [
      {
        record,
        orders: [order],
      } = { orders: [] },
    ] = explained
    if (!record || !order) throw new Error(`${finding.key} ${finding.told}: no order is judged`)
    const facts = finder.open(record, today).find(order, names)
    const [changed] = changedFacts([{ record, order, today, facts }])
    const cards = cardsTold(
      calls.flatMap(({ decisions }) => decisions),
      compose,
    )
    return { finding, calls, cards, facts, changed }
  }
  const approved: Approved[] = []
  for (const finding of [...findingsOf(content), ...pairs]) approved.push(await approveOne(finding))
  return { plain: await approveOne({ key: '', told: '', resources: [] }), approved, names }
}

export function findingAgainst(
  mutant: Mutant,
  original: Content,
  { plain, approved, names }: Golden,
): string | undefined {
  const otherwise = compileOtherwise(mutant, original)
  const compose = compileCompose(mutant.content)
  const factsUnder = ({ facts, changed }: Approved): Facts => {
    const other = changed?.get(mutant)
    return other ? new Map([...facts, ...other]) : facts
  }
  const cardsDiffer = ({ calls, cards }: Approved) => {
    const decided = calls.map((call) => ({ call, now: otherwise(call) }))
    return (
      decided.some(({ now }) => now !== undefined) &&
      cardsTold(
        decided.flatMap(({ call, now }) => now ?? call.decisions),
        compose,
      ) !== cards
    )
  }
  const isPlainOther = plain.changed?.has(mutant) === true
  const factsDiffer = (one: Approved) =>
    (isPlainOther || one.changed?.has(mutant) === true) &&
    factsTold(names, factsUnder(one), factsUnder(plain)) !== factsTold(names, one.facts, plain.facts)
  // Of pairs only the cards are written down.
  const isPair = (one: Approved) => pairs.includes(one.finding)
  const other = approved.find((one) => cardsDiffer(one) || (!isPair(one) && factsDiffer(one)))
  return other && `${other.finding.key} ${other.finding.told}`
}
