/** The bounds of the trial: what is wanted, and what is held today and may only become tighter. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { Style } from './event.ts'
import { type Mistake, mistakes } from './judge.ts'
import { type Figures, share } from './tally.ts'

const path = join(import.meta.dirname, 'bounds.yaml')
const bound = z.strictObject({ target: z.number(), held: z.number() })
const perMistake = z.partialRecord(z.enum(mistakes), bound)
const file = z.strictObject({ coded: perMistake, rough: perMistake })

export interface Bound {
  style: Style
  mistake: Mistake
  target: number
  held: number
}

export function readBounds(): Bound[] {
  const all = file.parse(parseDocument(readFileSync(path, 'utf8')).toJS())
  return (['coded', 'rough'] as const).flatMap((style) =>
    (Object.entries(all[style]) as [Mistake, z.infer<typeof bound>][]).map(([mistake, { target, held }]) => ({
      style,
      mistake,
      target,
      held,
    })),
  )
}

/** Never below the target: a lucky day is no new promise. */
export const limitOf = ({ target, held }: Bound) => Math.max(target, held)

/** Up to a tenth of a per cent, so that what was measured holds. */
const roundedUp = (per: number) => Math.ceil(per * 10) / 10

/** Lowers what is held to what was measured; never raises it. */
export function tighten(figures: Figures): void {
  const document = parseDocument(readFileSync(path, 'utf8'))
  for (const each of readBounds()) {
    const measured = roundedUp(share(figures[each.style][each.mistake]))
    if (measured < each.held) document.setIn([each.style, each.mistake, 'held'], measured)
  }
  writeFileSync(path, document.toString({ lineWidth: 120, flowCollectionPadding: true }))
}
