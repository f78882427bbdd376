/** Every vignette as an example that can be read without a computer: the case in words, and the cards made for it. */

import type { Card } from '../../cards/render.ts'
import type { Content } from '../../pathway/content.ts'
import type { CardFace, Example, ExampleCard, Examples } from '../../pathway/examples.ts'
import { whyNothing } from '../print/nothing.ts'
import { judgeOf, type Vignette } from '../vignettes.ts'
import { tellCase } from './case.ts'

const about =
  'Made by `npm run docs` from tests/vignettes, judged by the pathway as it is written. Change those, not this file.'

export async function collectExamples(content: Content, vignettes: readonly Vignette[]): Promise<Examples> {
  const judge = judgeOf(content)
  const tell = tellCase(content)
  const shown = new Set<string>()
  const examples: Example[] = []
  for (const vignette of vignettes) {
    const explanation = await judge(vignette)
    examples.push({
      name: vignette.vignette,
      title: vignette.title,
      rule: vignette.rule,
      side: vignette.side,
      ...(vignette.note ? { note: vignette.note.trim() } : {}),
      ...tell(vignette),
      cards: explanation.cards.map((card) => cardOf(card, vignette, shown)),
      silence: explanation.cards.length > 0 ? [] : whyNothing(explanation),
    })
  }
  return { about, version: content.pathway.version, examples }
}

/** Lists of codes stand on one line, and empty lists not at all: the file is read as a diff. */
export function examplesText(examples: Examples): string {
  const filled = (_: string, value: unknown) =>
    Array.isArray(value) && value.length === 0 ? undefined : value
  const written = JSON.stringify(examples, filled, 2)
  return `${written.replace(/\[\n +"[A-Z]{1,3}\d{2}[^[\]]*\]/g, (codes) => codes.replace(/\s+/g, ' '))}\n`
}

/** The whole face of a card is kept once, in the first example that is about its rule. */
function cardOf(card: Card, { rule, side }: Vignette, shown: Set<string>): ExampleCard {
  const { code } = card.source.topic
  const isShown = side === 'fires' && rule === code && !shown.has(code)
  if (isShown) shown.add(code)
  return {
    rule: code,
    indicator: card.indicator,
    summary: card.summary,
    lines: card.extension.lumbar.lines ?? [],
    ...(isShown ? { face: faceOf(card) } : {}),
  }
}

function faceOf({ detail, suggestions = [], overrideReasons = [], source, links = [] }: Card): CardFace {
  return {
    detail: detail.split('\n'),
    suggestions: suggestions.map(({ label, isRecommended, actions }) => ({
      label,
      recommended: isRecommended ?? false,
      actions: actions.map(({ description }) => description),
    })),
    'override-reasons': overrideReasons.map(({ display }) => display),
    source: { label: source.label, ...(source.url ? { url: source.url } : {}) },
    links: links.map(({ label, url }) => ({ label, url })),
  }
}
