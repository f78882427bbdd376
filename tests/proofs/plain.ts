/** A plain case: an adult with ten days of back pain, nothing else on record, and an order that says so, if any. */

import { factsIn } from '../../src/decide/conditions.ts'
import { compileRules, type Program } from '../../src/decide/decide.ts'
import type { Content } from '../../src/pathway/content.ts'
import { answer, type Facts, type Known, type Value } from '../../src/pathway/known.ts'
import type { FactDeclaration, Subject } from '../../src/pathway/schema.ts'
import { isNumber, wordsOf } from './cases.ts'

/** What the plain case says beyond "no", "nothing" and "as usual". */
const said: Readonly<Record<string, Value>> = {
  adult: true,
  age: { low: 40, high: 40 },
  'reason-grade': 'order',
  'onset-days': { low: 10, high: 10 },
  'onset-basis': 'onset',
  'onset-placed': true,
  'order-trigger': 'plain',
  'imaging-contrast': 'without-contrast',
  'imaging-region': 'lumbar',
}

const ofImagingOnly: Readonly<Record<string, Value>> = { 'imaging-drafted': 'drafted' }

export function plainCase(content: Content, kind: Subject): Map<string, Known> {
  return new Map(
    Object.entries(content.facts).map(([fact, declaration]) => {
      const own = kind === 'lumbar-imaging' ? ofImagingOnly[fact] : undefined
      return [fact, answer(own ?? said[fact] ?? usual(declaration))]
    }),
  )
}

/** No, nothing, or the word that stands last: lists name what matters first. */
function usual(fact: FactDeclaration): Value {
  return isNumber(fact) ? { low: 0, high: 0 } : (wordsOf(fact)?.at(-1) ?? false)
}

/** Facts about the draft order itself: two orders of one call may differ in them, and in no others. */
export const factsOfTheOrder = (content: Content): string[] =>
  Object.entries(content.facts).flatMap(([fact, declaration]) => (isAboutTheOrder(declaration) ? fact : []))

const isAboutTheOrder = (fact: FactDeclaration) =>
  fact.kind === 'dose' ? fact.read !== 'mme-per-day' : ['draft-order', 'reason', 'words'].includes(fact.kind)

/**
 * The rules without those that none of these facts can wake: in the plain case they do not hold, and so do nothing. What is
 * decided is the same, sooner.
 */
export function programOver(
  { content, program }: { content: Content; program: Program },
  kind: Subject,
  plain: Facts,
  varied: readonly string[],
): Program {
  const asleep = new Set(
    program.decide(kind, plain).findings.flatMap(({ rule, verdict }) => (verdict === false ? rule : [])),
  )
  const rules = content.rules.filter(
    (rule) => !asleep.has(rule) || factsIn(rule.when).some((fact) => varied.includes(fact)),
  )
  return compileRules({ ...content, rules })
}
