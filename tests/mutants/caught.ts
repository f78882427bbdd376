/**
 * Does anybody notice a mistake in the content? First the vignettes; then what rules of a kind have in common; then the
 * golden findings. A chart is read once for all mistakes: of each only what it changes is decided anew.
 */
import type { Content } from '../../src/content/content.ts'
import { tooLittleQuieted, wronglyRanked } from '../proofs/policy.ts'
import type { Vignette } from '../support/vignette.ts'
import { answerAll, readsOtherwise, vignetteAgainst } from './answers.ts'
import { approve, findingAgainst } from './golden.ts'
import type { Mutant } from './mutants.ts'

export type Noticer = 'a vignette' | 'what rules of a kind have in common' | 'the golden findings'

export interface Noticed {
  by: Noticer
  where: string
}

/** Who notices each of them in `content` as it was approved; undefined: nobody. */
export async function whoNotices(
  content: Content,
  vignettes: readonly Vignette[],
  mutants: readonly Mutant[],
): Promise<Map<Mutant, Noticed | undefined>> {
  const noticed = new Map<Mutant, Noticed | undefined>()
  const answered = await answerAll(content, vignettes, mutants)
  for (const mutant of mutants) {
    const vignette = await vignetteAgainst(mutant, content, answered)
    const [broken] = vignette ? [] : [...tooLittleQuieted(mutant.content), ...wronglyRanked(mutant.content)]
    noticed.set(
      mutant,
      vignette !== undefined
        ? { by: 'a vignette', where: vignette }
        : broken === undefined
          ? undefined
          : { by: 'what rules of a kind have in common', where: broken },
    )
  }
  const left = mutants.filter((mutant) => !noticed.get(mutant) && !readsOtherwise(mutant, content))
  if (left.length === 0) return noticed
  const golden = await approve(content, left)
  for (const mutant of left) {
    const finding = findingAgainst(mutant, content, golden)
    if (finding !== undefined) noticed.set(mutant, { by: 'the golden findings', where: finding })
  }
  return noticed
}
