/** Which vignettes end otherwise: judged by both contents, told by what changes and not one by one. */

import type { Card } from '../../cards/render.ts'
import { LumbarError } from '../../errors.ts'
import type { Content } from '../../pathway/content.ts'
import { type Judge, judgeOf, type Vignette } from '../vignettes.ts'
import { indented, listChange, type Section } from './section.ts'

export async function outcomeChanges(
  before: Content,
  after: Content,
  vignettes: readonly Vignette[],
): Promise<Section> {
  const [was, is] = [judgeOf(before), judgeOf(after)]
  const changes = new Map<string, Vignette[]>()
  for (const vignette of vignettes) {
    const change = changeOf(await outcomeOf(vignette, was), await outcomeOf(vignette, is))
    if (change !== undefined) changes.set(change, [...(changes.get(change) ?? []), vignette])
  }
  const count = [...changes.values()].flat().length
  return {
    title: 'Vignettes',
    lines: [
      vignettes.length === 0 ? 'There are none to judge.' : `${count} of ${vignettes.length} end otherwise.`,
      ...[...changes].flatMap(([change, changed]) => [
        `${change} (${changed.length})`,
        ...indented(changed.map(({ vignette, title }) => `${vignette} ${title}`)),
      ]),
    ],
    isChange: count > 0,
  }
}

interface Shown {
  /** `IM01 warning` */
  card: string
  lines: readonly string[]
  offers: readonly string[]
}

async function outcomeOf(vignette: Vignette, judge: Judge): Promise<Shown[]> {
  try {
    return (await judge(vignette)).cards.map(shownOf)
  } catch (error) {
    if (!(error instanceof LumbarError)) throw error
    return [{ card: `refused (${error.code})`, lines: [], offers: [] }]
  }
}

function shownOf({ source, indicator, extension: { lumbar } }: Card): Shown {
  return {
    card: `${source.topic.code} ${indicator}`,
    lines: lumbar.lines ?? [],
    offers: lumbar.suggestions ?? [],
  }
}

/** Undefined where nothing differs but words. */
function changeOf(was: readonly Shown[], is: readonly Shown[]): string | undefined {
  const cards = (shown: readonly Shown[]) => shown.map(({ card }) => card).join(', ') || 'nothing'
  if (cards(was) !== cards(is)) return `${cards(was)} → ${cards(is)}`
  const details = is.flatMap((after, at) => {
    const before = was[at]
    if (!before) return []
    return [
      ...listed('lines', before.lines, after.lines),
      ...listed('offers', before.offers, after.offers),
    ].map((change) => `${after.card}, ${change}`)
  })
  return details.length > 0 ? details.join('; ') : undefined
}

function listed(what: string, was: readonly string[], is: readonly string[]): string[] {
  return was.join() === is.join() ? [] : [`${what}: ${listChange(was, is)}`]
}
