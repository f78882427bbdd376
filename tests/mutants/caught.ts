/**
 * Does anybody notice a mistake in the content? First the vignettes; then what rules of a kind have in common, and what
 * the check of the content refuses; then the golden findings. A chart is read once for all mistakes: of each only what it changes is decided anew.
 */

import { isNeverSaid, misplaced } from '../../src/pathway/checks/rules.ts'
import type { Content } from '../../src/pathway/content.ts'
import type { Vignette } from '../language/vignette.ts'
import { tooLittleQuieted, wronglyRanked } from '../proofs/policy.ts'
import { type Answered, answerAll, readsOtherwise, vignetteAgainst } from './answers.ts'
import { approve, findingAgainst } from './golden.ts'
import type { Mutant } from './mutant.ts'

type Noticer =
  | 'a vignette'
  | 'what rules of a kind have in common'
  | 'the check of the content'
  | 'the golden findings'

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
    noticed.set(mutant, await noticedBeforeGolden(mutant, content, answered))
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

async function noticedBeforeGolden(
  mutant: Mutant,
  content: Content,
  answered: readonly Answered[],
): Promise<Noticed | undefined> {
  const vignette = await vignetteAgainst(mutant, content, answered)
  if (vignette !== undefined) return { by: 'a vignette', where: vignette }
  const [broken] = [...tooLittleQuieted(mutant.content), ...wronglyRanked(mutant.content)]
  if (broken !== undefined) return { by: 'what rules of a kind have in common', where: broken }
  const [refused] = refusedBy(mutant.content)
  return refused === undefined ? undefined : { by: 'the check of the content', where: refused }
}

/** Of what `npm run check` asks, that which reads the rules alone. */
const refusedBy = ({ rules, suggestions }: Content): string[] =>
  rules.flatMap((rule) =>
    rule.role === 'headline'
      ? [
          ...misplaced(rule.suggests, suggestions.suggestions).map(
            (at) => `${rule.code} ${rule.suggests[at]}`,
          ),
          ...(isNeverSaid(rule, rules) ? [`${rule.code} says nothing`] : []),
        ]
      : [],
  )
