/** Judges facts that were kept, as if more had been answered, without the record that they were found in. */

import type { Card, Render } from './cards/render.ts'
import type { Compose } from './decide/compose.ts'
import type { Decision } from './decide/decide.ts'
import type { Answers } from './facts/answers.ts'
import type { Facts } from './pathway/known.ts'
import type { Subject } from './pathway/schema.ts'

/** What was found of one order, or of the opened chart. */
export interface JudgedCase {
  kind: Subject
  /** The order as it calls itself. */
  name: string
  facts: Facts
}

interface KeptJudgement {
  /** By case. */
  facts: readonly Facts[]
  cards: Card[]
}

export type JudgeKept = (cases: readonly JudgedCase[], answers: Answers | undefined) => KeptJudgement

/** Its cards say what is to be read: nothing can be clicked on an order that is not there. */
export function compileJudgeKept(
  answeredAlso: (facts: Facts, answers: Answers | undefined) => Facts,
  decide: (kind: Subject, facts: Facts) => Decision,
  compose: Compose,
  render: Render,
): JudgeKept {
  const nobody = {
    patientId: '',
    encounterId: undefined,
    userId: undefined,
    payers: [],
    reason: undefined,
    passedOver: 0,
  }
  const resource = { resourceType: 'Basic', code: {} } as const
  return (cases, answers) => {
    const facts = withThoseBefore(cases).map((each) => answeredAlso(each, answers))
    const decisions = cases.map(({ kind }, at) => decide(kind, facts[at] ?? new Map()))
    const orders = cases.map(({ name }) => ({ name, reference: undefined, resource }))
    return { facts, cards: render(compose(decisions), decisions, orders, nobody) }
  }
}

/** What is the same for every order was found for the first, and of the others only what was made of it. */
function withThoseBefore(cases: readonly JudgedCase[]): Facts[] {
  let before: Facts = new Map()
  return cases.map(({ facts }) => {
    before = new Map([...before, ...facts])
    return before
  })
}
