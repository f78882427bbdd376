/** Holds an answer against what its vignette expects: every difference in words, none when it is right. */
import type { Card } from '../../src/cards/render.ts'
import type { ExpectedCard, Vignette } from './vignette.ts'

export function differences({ expect: { cards: expected } }: Vignette, cards: readonly Card[]): string[] {
  const rules = cards.map(({ source }) => source.topic.code)
  const wanted = expected.map(({ rule }) => rule)
  if (!isSame(rules, wanted)) return [`cards ${told(rules)} instead of ${told(wanted)}`]
  return cards.flatMap((card, position) => {
    const one = expected[position]
    return one ? cardDifferences(card, one).map((difference) => `${one.rule}: ${difference}`) : []
  })
}

function cardDifferences({ indicator, detail, extension }: Card, expected: ExpectedCard): string[] {
  const { lines = [], suggestions = [] } = extension.lumbar
  const offered = (kind: string) => suggestions.some((key) => key.includes(kind))
  const found: string[] = []
  if (indicator !== expected.indicator) found.push(`${indicator} instead of ${expected.indicator}`)
  const { lines: wanted = [], suggestions: offers = [] } = expected
  if (!isSame(lines, wanted)) found.push(`lines ${told(lines)} instead of ${told(wanted)}`)
  const unwanted = (expected['lines-not'] ?? []).filter((line) => lines.includes(line))
  if (unwanted.length > 0) found.push(`lines hold ${told(unwanted)}`)
  if (!isSame(suggestions, offers)) found.push(`suggestions ${told(suggestions)} instead of ${told(offers)}`)
  const notOffered = (expected.offers ?? []).filter((kind) => !offered(kind))
  if (notOffered.length > 0) found.push(`does not offer ${told(notOffered)}`)
  const offeredAll = (expected['offers-not'] ?? []).filter(offered)
  if (offeredAll.length > 0) found.push(`offers ${told(offeredAll)}`)
  for (const words of expected.says ?? []) if (!detail.includes(words)) found.push(`does not say "${words}"`)
  for (const words of expected['says-not'] ?? []) if (detail.includes(words)) found.push(`says "${words}"`)
  return found
}

const isSame = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((each, position) => each === others[position])

const told = (list: readonly string[]) => (list.length > 0 ? list.join(', ') : 'none')
