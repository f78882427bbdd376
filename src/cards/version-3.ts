/** Cards as CDS Hooks 3.0 (ballot) would have them, made of those of 2.0, which stay as they are. */
import type { Content } from '../pathway/content.ts'
import type { Card, Coding } from './render.ts'
import type { Suggestion } from './suggestions.ts'

type InVersion3 = (cards: readonly Card[], actionSelection: boolean) => Card[]

/** `actionSelection`: the client is known to let single actions be chosen, which nobody may assume. */
export function compileVersion3({ overrideReasons }: Pick<Content, 'overrideReasons'>): InVersion3 {
  const codings = standardCodings(overrideReasons)
  return (cards, actionSelection) =>
    cards.map((card) => ({
      ...card,
      ...(card.overrideReasons ? { overrideReasons: inStandard(card.overrideReasons, codings) } : {}),
      ...(actionSelection && card.suggestions ? { suggestions: card.suggestions.map(selectable) } : {}),
    }))
}

/** By our own code. */
function standardCodings({ reasons, standard }: Content['overrideReasons']): ReadonlyMap<string, Coding> {
  const codings = new Map<string, Coding>()
  for (const [code, { standard: other }] of Object.entries(reasons)) {
    const display = other === undefined ? undefined : standard?.displays[other]
    if (standard && other !== undefined && display !== undefined)
      codings.set(code, { system: standard.system, code: other, display })
  }
  return codings
}

/** Two of ours may be one there, and no reason is offered twice. */
function inStandard(reasons: readonly Coding[], codings: ReadonlyMap<string, Coding>): Coding[] {
  const byCode = new Map<string, Coding>()
  for (const reason of reasons) {
    const coding = codings.get(reason.code) ?? reason
    byCode.set(coding.code, { ...coding })
  }
  return [...byCode.values()]
}

/**
 * Actions that do the same to several drafts do not lean on each other: one draft may go and another stay. What removes a
 * draft for what it creates is taken whole, which is the default.
 */
function selectable(suggestion: Suggestion): Suggestion {
  const [first, ...more] = suggestion.actions
  const areAlike =
    more.length > 0 && first?.type !== 'create' && more.every(({ type }) => type === first?.type)
  return areAlike ? { ...suggestion, actionSelectionBehavior: 'any' } : suggestion
}
