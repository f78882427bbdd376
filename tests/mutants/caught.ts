/** Does anybody notice a mistake in the content? The vignettes are asked, those about the changed rules first. */
import type { Content } from '../../src/content/content.ts'
import { createEvaluator } from '../../src/evaluate.ts'
import { type HookCall, parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import { toCall } from '../support/call.ts'
import { differences } from '../support/expected.ts'
import type { Vignette } from '../support/vignette.ts'
import type { Mutant } from './mutants.ts'

export interface Examined {
  vignette: Vignette
  call: HookCall
  /** Rules it is about, or expects to see. */
  about: ReadonlySet<string>
}

export function examine(vignettes: readonly Vignette[]): Examined[] {
  return vignettes.map((vignette) => {
    const service = services.find(({ hook }) => hook === vignette.hook)
    if (!service) throw new Error(`No service for ${vignette.hook}`)
    const { cards } = vignette.expect
    return {
      vignette,
      call: parseCall(toCall(vignette), service),
      about: new Set([vignette.rule, ...cards.flatMap(({ rule, lines = [] }) => [rule, ...lines])]),
    }
  })
}

/** The first vignette that another answer betrays, or that cannot be answered at all; undefined when all are as ever. */
export async function caughtBy(
  { content, rules }: Mutant,
  examined: readonly Examined[],
): Promise<string | undefined> {
  const answer = answering(content)
  const isNear = ({ vignette, about }: Examined) =>
    rules.includes(vignette.rule) || rules.some((rule) => about.has(rule))
  for (const near of [true, false]) {
    for (const one of examined) {
      if (isNear(one) !== near) continue
      if (await isOther(answer, one)) return one.vignette.vignette
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
  site ? { ...usual, site: { ...usual.site, payers: { ...usual.site.payers, ...site } } } : usual
