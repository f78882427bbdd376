/**
 * "This is an emergency" and "imaging is not needed" never stand in one answer: over every case of each such pair of
 * rules, with an opioid and imaging orders of every modality and urgency drafted in the same call.
 */
import { describe, expect, test, vi } from 'vitest'
import { compileCompose } from '../../src/decide/compose.ts'
import { compileRules } from '../../src/decide/decide.ts'
import type { RuleOf } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { Cases, type Domain, domainsOf } from './cases.ts'
import { type Decided, decidingOver, factsOfTheOrder, plainCase } from './plain.ts'

type Headline = RuleOf<'headline'>

vi.setConfig({ testTimeout: 60_000 })

const content = realContent()
const program = compileRules(content)
const compose = compileCompose(content)
const headlines = content.rules.filter((rule): rule is Headline => rule.role === 'headline')
const lines = content.rules.filter((rule): rule is RuleOf<'line'> => rule.role === 'line')
const emergencies = headlines.filter(({ topic }) => topic === 'emergency')
const notNow = headlines.filter(({ topic }) => topic === 'not-now')
const pairs = emergencies.flatMap((emergency) => notNow.map((advice) => ({ emergency, advice })))

const ownFacts = new Set(factsOfTheOrder(content))
const isOwn = ({ fact }: Domain) => ownFacts.has(fact)
/** Imaging orders of every kind that an emergency rule tells apart. */
const imagingOrders = new Cases(
  domainsOf(
    content,
    emergencies.map(({ when }) => when),
  ).filter(isOwn),
)

test('there are emergencies and there is advice to wait, so that the proofs are about something', () => {
  expect(emergencies.length).toBeGreaterThan(4)
  expect(notNow.length).toBeGreaterThan(2)
})

describe.each(pairs)('$emergency.code and $advice.code', ({ emergency, advice }) => {
  test('never speak of one patient, on whichever of the orders that may be drafted together', () => {
    const patients = new Cases(
      domainsOf(content, [emergency.when, advice.when]).filter((each) => !isOwn(each)),
    )
    const decisionsAbout = decisionsOf(patients)
    const together: string[] = []
    const spoke = { emergency: false, advice: false }
    for (let number = 0; number < patients.size; number += 1) {
      const decisions = decisionsAbout(number)
      const emergent = decisions.find((decision) => tells(decision, 'emergency'))
      const waiting = decisions.find((decision) => tells(decision, 'not-now'))
      spoke.emergency ||= emergent !== undefined
      spoke.advice ||= waiting !== undefined
      if (emergent && waiting && together.length < 3) {
        together.push(`${patients.describe(number)}: ${ordersIn(emergent)}, ${ordersIn(waiting)}`)
      }
    }
    expect(together).toEqual([])
    expect(spoke).toEqual({ emergency: true, advice: true })
  })
})

const plain = plainCase(content, 'lumbar-imaging')

/** A decision for every imaging order, and one for an opioid drafted beside them, of every one of these patients. */
function decisionsOf(patients: Cases): (patient: number) => Decided[] {
  const varied = [...patients.domains, ...imagingOrders.domains].map(({ fact }) => fact)
  const imaging = decidingOver({ content, program }, 'lumbar-imaging', plain, varied, ownFacts)
  const opioid = decidingOver({ content, program }, 'opioid', plain, varied)
  // Filled anew for each, because to copy what all have in common takes longer than to decide.
  const [besideOpioid, ofImaging] = [new Map(plain), new Map(plain)]
  return (patient) => {
    patients.fill(besideOpioid, patient)
    patients.fill(ofImaging, patient)
    const decisions = [opioid(besideOpioid)]
    for (let order = 0; order < imagingOrders.size; order += 1) {
      imagingOrders.fill(ofImaging, order)
      decisions.push(imaging(ofImaging, patient))
    }
    return decisions
  }
}

/** What an order's rules do not speak no card can say: `one-answer.test.ts`. */
const tells = ({ headlines: spoken }: Decided, topic: Headline['topic']) =>
  spoken.some((rule) => rule.topic === topic)

const ordersIn = ({ kind, headlines: spoken }: Decided) =>
  `${kind} ${spoken.map(({ code }) => code).join('+')}`

describe('a line that belongs to "not now"', () => {
  test('rides on no emergency, so that no emergency card argues against acting', () => {
    expect(lines.filter((rule) => rule['rides-on'].includes('emergency')).map(({ code }) => code)).toEqual([])
  })

  test.each(emergencies)('is not carried by $code, even where every line holds', (emergency) => {
    const cases = new Cases(domainsOf(content, [emergency.when]))
    let spoken = 0
    for (const kind of emergency.on) {
      cases.each(plainCase(content, kind), (facts) => {
        const decision = program.decide(kind, facts)
        if (!decision.headlines.includes(emergency)) return
        const card = compose([{ ...decision, lines }]).find(({ headline }) => headline.topic === 'emergency')
        expect(card?.lines.filter(({ role }) => role === 'line')).toEqual([])
        spoken += 1
      })
    }
    expect(spoken).toBeGreaterThan(0)
  })
})
