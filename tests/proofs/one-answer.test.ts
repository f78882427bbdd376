/** One answer about several orders: how many cards, how many offers, and nothing offered twice. At random. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileCompose, type PlannedCard } from '../../src/decide/compose.ts'
import { compileRules, type Decision } from '../../src/decide/decide.ts'
import { type OrderKind, orderKinds } from '../../src/pathway/schema.ts'
import { realContent } from '../support/evaluator.ts'
import { domainsOf } from './cases.ts'
import { factsOfTheOrder, plainCase } from './plain.ts'
import { type Change, changes } from './random.ts'

const content = realContent()
const program = compileRules(content)
const compose = compileCompose(content)
const { suggestions } = content.suggestions
const mostSuggestions = 3

const domains = domainsOf(content, [
  ...content.rules.map(({ when }) => when),
  ...Object.values(suggestions).flatMap((each) =>
    [each['only-when'] ?? [], each['safe-when'] ?? [], each['recommended-when'] ?? []].flat(),
  ),
])
const ownFacts = new Set(factsOfTheOrder(content))
const aboutThePatient = domains.filter(({ fact }) => !ownFacts.has(fact))
const aboutTheOrder = domains.filter(({ fact }) => ownFacts.has(fact))

const order = fc.record({ kind: fc.constantFrom(...orderKinds), own: changes(aboutTheOrder, 4) })
const calls = fc
  .record({ patient: changes(aboutThePatient, 7), orders: fc.array(order, { minLength: 1, maxLength: 4 }) })
  .map(({ patient, orders }) => decisionsFor(patient, orders))

/** Facts about the patient are the same for all orders of a call. */
function decisionsFor(patient: Change, orders: readonly { kind: OrderKind; own: Change }[]): Decision[] {
  const imaging = orders.some(({ kind }) => kind === 'lumbar-imaging')
  return orders.map(({ kind, own }) => {
    const facts = new Map([...plainCase(content, imaging ? 'lumbar-imaging' : kind), ...patient, ...own])
    return program.decide(kind, facts)
  })
}

const atRandom = { numRuns: 2500, seed: 20261121 }
/** The same for every claim: most of the work is to decide. */
let answers: { decisions: readonly Decision[]; cards: readonly PlannedCard[] }[] = []
beforeAll(() => {
  answers = fc.sample(calls, atRandom).map((decisions) => ({ decisions, cards: compose(decisions) }))
})
afterAll(() => {
  answers = []
})

const always = (claim: (cards: readonly PlannedCard[], decisions: readonly Decision[]) => void) => {
  try {
    for (const { cards, decisions } of answers) claim(cards, decisions)
  } catch (error) {
    // In its smallest form, where there is one.
    fc.assert(
      fc.property(calls, (decisions) => claim(compose(decisions), decisions)),
      atRandom,
    )
    throw error
  }
  const several = answers.filter(({ cards }) => cards.length > 1)
  expect(several.length, 'answers of several cards were among them').toBeGreaterThan(50)
}

describe('an answer about one to four orders', () => {
  test('holds at most one main card for each kind of order', () => {
    always((cards, decisions) => {
      for (const kind of orderKinds) {
        const main = cards.filter(
          ({ headline, orders }) =>
            headline.topic !== 'safety' && orders.some((at) => decisions[at]?.kind === kind),
        )
        expect(main.length).toBeLessThanOrEqual(1)
      }
    })
  })

  test('says no headline twice', () => {
    always((cards) => {
      const codes = cards.map(({ headline }) => headline.code)
      expect(new Set(codes).size).toBe(codes.length)
    })
  })

  test('is about orders for which the headline speaks, each named once', () => {
    always((cards, decisions) => {
      for (const { headline, orders } of cards) {
        expect(orders.filter((at) => !decisions[at]?.headlines.includes(headline))).toEqual([])
        expect(new Set(orders).size).toBe(orders.length)
        expect(orders).not.toEqual([])
      }
    })
  })

  test('carries as lines only what speaks for one of its orders, each once, and the strongest indicator', () => {
    const rank = ['info', 'warning', 'critical']
    always((cards, decisions) => {
      for (const { headline, lines, orders, indicator } of cards) {
        const told = new Set(
          orders.flatMap((at) => [...(decisions[at]?.headlines ?? []), ...(decisions[at]?.lines ?? [])]),
        )
        expect(lines.filter((rule) => !told.has(rule) || rule === headline)).toEqual([])
        expect(new Set(lines).size).toBe(lines.length)
        const spoken = [headline, ...lines].flatMap((rule) =>
          rule.role === 'headline' ? rank.indexOf(rule.indicator) : [],
        )
        expect(rank.indexOf(indicator)).toBe(Math.max(...spoken))
      }
    })
  })

  test('offers at most three things on a card', () => {
    always((cards) => {
      for (const card of cards) expect(card.suggestions.length).toBeLessThanOrEqual(mostSuggestions)
    })
  })

  test('recommends the first of its offers where it warns, and at most the first where it informs', () => {
    always((cards) => {
      for (const { indicator, suggestions: offered } of cards) {
        expect(offered.slice(1).filter(({ recommended }) => recommended)).toEqual([])
        if (indicator !== 'info' && offered[0]) expect(offered[0].recommended).toBe(true)
      }
    })
  })

  test('asks to check only what it does not offer, and the same thing once', () => {
    always((cards) => {
      const asked = cards.flatMap(({ checks }) => checks)
      expect(new Set(asked).size).toBe(asked.length)
      for (const { suggestions: offered, checks } of cards)
        expect(offered.filter(({ key }) => checks.includes(key))).toEqual([])
    })
  })

  test('offers nothing about the patient twice, on whichever cards', () => {
    always((cards) => {
      const once = cards.flatMap((card) =>
        card.suggestions.flatMap(({ key }) => suggestions[key]?.once ?? []),
      )
      expect(new Set(once).size, once.join(', ')).toBe(once.length)
    })
  })

  test('offers what acts on an order only from a card about that order, and nothing that no rule allows', () => {
    always((cards, decisions) => {
      for (const card of cards) {
        for (const { key, orders } of card.suggestions) {
          expect(orders.filter((at) => !card.orders.includes(at))).toEqual([])
          const offered = orders.every((at) =>
            decisions[at]?.offers.some((rule) => rule.offers.includes(key)),
          )
          expect(offered || !suggestions[key]?.['needs-offer'], key).toBe(true)
        }
      }
    })
  })
})

describe('the random calls', () => {
  test('reach every headline that speaks and most offers, so that the claims above are about something', () => {
    const reached = new Set<string>()
    const offered = new Set<string>()
    always((cards) => {
      for (const card of cards) {
        reached.add(card.headline.code)
        for (const { key } of card.suggestions) offered.add(key)
      }
    })
    const headlines = content.rules.filter(({ role }) => role === 'headline')
    expect(reached.size / headlines.length).toBeGreaterThan(0.7)
    expect(offered.size / Object.keys(suggestions).length).toBeGreaterThan(0.7)
  })
})
