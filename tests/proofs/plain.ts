/** A plain case: an adult with ten days of back pain, nothing else on record, and an order that says so, if any. */

import { type Condition, compileCondition, factsIn } from '../../src/decide/conditions.ts'
import { compileRules, type Decision, type Program } from '../../src/decide/decide.ts'
import type { Content } from '../../src/pathway/content.ts'
import { answer, type Facts, type Known, type Value } from '../../src/pathway/known.ts'
import type { FactDeclaration, Subject, When } from '../../src/pathway/schema.ts'
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

/** What a proof reads of a decision: what follows from the verdicts of its rules, whatever the facts behind them. */
export type Decided = Omit<Decision, 'facts' | 'findings'>

/** Cases by what their rules say, one rule after the other: yes, no, nobody can tell. */
interface Verdicts {
  next: Verdicts[]
  decided?: Decided
}

/**
 * Decides by the rules without those that none of these facts can wake: in the plain case they do not hold, and so do
 * nothing. Cases in which every rule says the same are decided once: without a fact that is provided for, a decision
 * follows from the verdicts of the rules alone. What is decided is the same, sooner.
 * @param own facts of an order: what asks none of them is asked once for a patient, who is told from the last by a number
 */
export function decidingOver(
  { content, program }: { content: Content; program: Program },
  kind: Subject,
  plain: Facts,
  varied: readonly string[],
  own: ReadonlySet<string> = new Set(),
): (facts: Facts, patient?: number) => Decided {
  if ([...plain.values()].some(({ provided }) => provided)) throw new Error('a plain case knows everything')
  const asleep = new Set(
    program.decide(kind, plain).findings.flatMap(({ rule, verdict }) => (verdict === false ? rule : [])),
  )
  const rules = content.rules.filter(
    (rule) => !asleep.has(rule) || factsIn(rule.when).some((fact) => varied.includes(fact)),
  )
  const { decide } = compileRules({ ...content, rules })
  const asked = rules.filter(({ on }) => on.includes(kind)).map(({ when }) => when)
  const isOfOrder = (when: When) => factsIn(when).some((fact) => own.has(fact))
  const compiled = (whens: readonly When[]) =>
    whens.map((when) => compileCondition(when, (reference) => numberIn(content, reference)))
  const ofPatient = compiled(asked.filter((when) => !isOfOrder(when)))
  const ofOrder = compiled(asked.filter(isOfOrder))
  const none: Verdicts = { next: [] }
  let [latest, afterPatient]: [number | undefined, Verdicts] = [undefined, none]
  return (facts, patient) => {
    if (patient === undefined || patient !== latest) afterPatient = follow(none, ofPatient, facts)
    latest = patient
    const all = follow(afterPatient, ofOrder, facts)
    all.decided ??= decide(kind, facts)
    return all.decided
  }
}

function follow(from: Verdicts, conditions: readonly Condition[], facts: Facts): Verdicts {
  let at = from
  for (const holds of conditions) {
    const verdict = holds(facts)
    const place = verdict === undefined ? 2 : verdict ? 1 : 0
    at = at.next[place] ??= { next: [] }
  }
  return at
}

export const numberIn = ({ parameters }: Content, reference: string | number): number =>
  typeof reference === 'number' ? reference : (parameters[reference.slice(1)]?.value ?? Number.NaN)
