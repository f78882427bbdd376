/**
 * Does anybody notice a mistake in the content? First the vignettes, those about the changed rules before others; then
 * what rules of a kind have in common; then the golden findings.
 */
import type { Content } from '../../src/content/content.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { type HookCall, parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { type Finding, findingsOf } from '../golden/findings.ts'
import { meaningsBy } from '../golden/meanings.ts'
import { pairs } from '../golden/pairs.ts'
import { tooLittleQuieted, wronglyRanked } from '../proofs/policy.ts'
import { toCall } from '../support/call.ts'
import { differences } from '../support/expected.ts'
import { siteSettings, type Vignette } from '../support/vignette.ts'
import type { Mutant } from './mutants.ts'

export type Noticer = 'a vignette' | 'what rules of a kind have in common' | 'the golden findings'

export interface Noticed {
  by: Noticer
  where: string
}

interface Examined {
  vignette: Vignette
  call: HookCall
  /** Rules it is about, or expects to see. */
  about: ReadonlySet<string>
}

interface Approved {
  finding: Finding
  facts: string
  cards: string
}

export interface Examiner {
  noticed(mutant: Mutant): Promise<Noticed | undefined>
}

/** `content` as it was approved. */
export async function examinerOf(content: Content, vignettes: readonly Vignette[]): Promise<Examiner> {
  const examined = vignettes.map(examine)
  const approved = await approve(content)
  return {
    async noticed(mutant) {
      const vignette = await vignetteAgainst(mutant, examined)
      if (vignette !== undefined) return { by: 'a vignette', where: vignette }
      const [broken] = [...tooLittleQuieted(mutant.content), ...wronglyRanked(mutant.content)]
      if (broken !== undefined) return { by: 'what rules of a kind have in common', where: broken }
      const finding = await findingAgainst(mutant, content, approved)
      return finding === undefined ? undefined : { by: 'the golden findings', where: finding }
    },
  }
}

function examine(vignette: Vignette): Examined {
  const service = services.find(({ hook }) => hook === vignette.hook)
  if (!service) throw new Error(`No service for ${vignette.hook}`)
  const { cards } = vignette.expect
  return {
    vignette,
    call: parseCall(toCall(vignette), service),
    about: new Set([vignette.rule, ...cards.flatMap(({ rule, lines = [] }) => [rule, ...lines])]),
  }
}

/** The first vignette that is answered otherwise, or cannot be answered at all. */
async function vignetteAgainst(
  { content, rules }: Mutant,
  examined: readonly Examined[],
): Promise<string | undefined> {
  const answer = answering(content)
  const isNear = ({ about }: Examined) => rules.some((rule) => about.has(rule))
  for (const near of [true, false]) {
    for (const one of examined) {
      if (isNear(one) === near && (await isOther(answer, one))) return one.vignette.vignette
    }
  }
  return undefined
}

async function isOther(answer: ReturnType<typeof answering>, { vignette, call }: Examined): Promise<boolean> {
  try {
    return differences(vignette, (await answer(vignette, call)).cards).length > 0
  } catch {
    return true
  }
}

/** One evaluator for each site that vignettes set, compiled when it is first asked. */
function answering(content: Content) {
  const evaluators = new Map<string, ReturnType<typeof createEvaluator>>()
  let today = ''
  return (vignette: Vignette, call: HookCall) => {
    today = vignette.today
    const key = JSON.stringify(vignette.site ?? {})
    const known = evaluators.get(key)
    const evaluator =
      known ?? createEvaluator(withSite(content, vignette.site), { today: () => today, newId: () => 'id' })
    if (!known) evaluators.set(key, evaluator)
    return evaluator.evaluate(call)
  }
}

const withSite = (usual: Content, site: Vignette['site']): Content =>
  site ? { ...usual, site: { ...usual.site, ...siteSettings(site) } } : usual

async function approve(content: Content): Promise<Approved[]> {
  const { factsOf, cardsOf } = await meaningsBy(content)
  const approved: Approved[] = []
  for (const finding of [...findingsOf(content), ...pairs])
    approved.push({ finding, facts: await factsOf(finding), cards: await cardsOf(finding) })
  return approved
}

/** Where no rule was changed, cards change only with facts; where no fact was, only cards can. */
async function findingAgainst(
  { content }: Mutant,
  original: Content,
  approved: readonly Approved[],
): Promise<string | undefined> {
  const { factsOf, cardsOf } = await meaningsBy(content)
  const factsChanged = content.facts !== original.facts || content.parameters !== original.parameters
  const rulesChanged = content.rules !== original.rules || content.parameters !== original.parameters
  for (const { finding, facts, cards } of approved) {
    const isOther =
      (factsChanged && (await factsOf(finding)) !== facts) ||
      (rulesChanged && (await cardsOf(finding)) !== cards)
    if (isOther) return `${finding.key} ${finding.told}`
  }
  return undefined
}
