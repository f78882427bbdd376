/** The vignettes as they are answered, and as a mistake in the content would have them answered. */

import { compileRender, type Render } from '../../src/cards/render.ts'
import { compileCompose, type PlannedCard } from '../../src/decide/compose.ts'
import type { Decision } from '../../src/decide/decide.ts'
import { createEvaluator, type Explanation } from '../../src/evaluate.ts'
import { payerNames, reasonFor } from '../../src/facts/reason.ts'
import { type HookCall, parseCall } from '../../src/hooks/call.ts'
import { services } from '../../src/hooks/services.ts'
import type { Content } from '../../src/pathway/content.ts'
import { differences } from '../language/expected.ts'
import { answersTo, siteSettings, type Vignette } from '../language/vignette.ts'
import { toCall } from '../support/call.ts'
import { compileChangedFacts } from './changed-facts.ts'
import type { Mutant } from './mutant.ts'
import { compileOtherwise, type Decided } from './told-otherwise.ts'

export interface Answered extends Decided {
  vignette: Vignette
  call: HookCall
  explanation: Explanation
  /** What was planned to be said, as approved. */
  planned: string
  render: Render
}

export async function answerAll(
  content: Content,
  vignettes: readonly Vignette[],
  mutants: readonly Mutant[],
): Promise<Answered[]> {
  const explain = explaining(content)
  const compose = compileCompose(content)
  const bySite = new Map<string, { changedFacts: ReturnType<typeof compileChangedFacts>; render: Render }>()
  const answered: Answered[] = []
  for (const vignette of vignettes) {
    const service = services.find(({ hook }) => hook === vignette.hook)
    if (!service) throw new Error(`No service for ${vignette.hook}`)
    const call = parseCall(toCall(vignette), service)
    const explanation = await explain(vignette, call)
    const { record, orders, decisions } = explanation
    const site = JSON.stringify(vignette.site ?? {})
    const known = bySite.get(site)
    const using = withSite(content, vignette.site)
    const compiled = known ?? {
      changedFacts: compileChangedFacts(using, mutants),
      render: compileRender(using, 'standard', () => 'id'),
    }
    if (!known) bySite.set(site, compiled)
    const cases = decisions.map(({ facts }, at) => {
      const order = orders[at]
      if (!order) throw new Error(`${vignette.vignette} has a decision without an order`)
      return { record, order, facts, today: vignette.today }
    })
    answered.push({
      vignette,
      call,
      explanation,
      decisions,
      changed: compiled.changedFacts(cases),
      planned: planOf(compose(decisions)),
      render: compiled.render,
    })
  }
  return answered
}

/** The first vignette that is answered otherwise. */
export async function vignetteAgainst(
  mutant: Mutant,
  original: Content,
  answered: readonly Answered[],
): Promise<string | undefined> {
  if (readsOtherwise(mutant, original)) return await vignetteReadOtherwise(mutant, answered)
  const otherwise = compileOtherwise(mutant, original)
  const compose = compileCompose(mutant.content)
  const renderOf = rendering(mutant, original)
  const isOther = (one: Answered) => {
    const decisions = otherwise(one)
    if (!decisions) return false
    const planned = compose(decisions)
    const { says } = claims(one.vignette)
    return (
      (planOf(planned) !== one.planned || says) &&
      !isAsExpected(one, { planned, decisions, render: renderOf(one) }, original)
    )
  }
  return answered.find(isOther)?.vignette.vignette
}

/** Numbers by which charts are read before any fact is asked: every vignette from the start. */
async function vignetteReadOtherwise({ content }: Mutant, answered: readonly Answered[]) {
  const explain = explaining(content)
  for (const { vignette, call } of answered) {
    const { cards } = await explain(vignette, call)
    if (differences(vignette, cards).length > 0) return vignette.vignette
  }
  return undefined
}

export const readsOtherwise = ({ content }: Mutant, original: Content): boolean => {
  const reading = JSON.stringify([original.episode, original.medicines])
  return Object.keys(content.parameters).some(
    (name) => content.parameters[name] !== original.parameters[name] && reading.includes(`"$${name}"`),
  )
}

/** Whether words of a card are claimed, too. */
const claims = ({ expect: { cards } }: Vignette) => ({
  says: cards.some((card) => card.says !== undefined || card['says-not'] !== undefined),
})

/** A card also says of which facts a group is made; one that says so for each site that is asked. */
function rendering({ content }: Mutant, original: Content): (one: Answered) => Render {
  if (content.facts === original.facts) return ({ render }) => render
  const bySite = new Map<string, Render>()
  return ({ vignette: { site } }) => {
    const key = JSON.stringify(site ?? {})
    const render = bySite.get(key) ?? compileRender(withSite(content, site), 'standard', () => 'id')
    bySite.set(key, render)
    return render
  }
}

interface Told {
  planned: readonly PlannedCard[]
  decisions: readonly Decision[]
  render: Render
}

function isAsExpected(
  { vignette, call, explanation }: Answered,
  { planned, decisions, render }: Told,
  content: Content,
): boolean {
  const { record, orders, passedOver } = explanation
  const named = orders.map(({ name, draft }) => ({ name, reference: draft.reference, resource: draft.sent }))
  const { patientId, encounterId, userId } = call
  const reason = reasonFor(orders, decisions, content)
  const about = { patientId, encounterId, userId, payers: payerNames(record), reason, passedOver }
  return differences(vignette, render(planned, decisions, named, about)).length === 0
}

/** What would be said, in codes: cards, indicators, lines and offers. */
const planOf = (cards: readonly PlannedCard[]) =>
  cards
    .map(({ headline, indicator, lines, suggestions, checks, unsafe }) =>
      [
        headline.code,
        indicator,
        ...lines.map(({ code }) => code),
        ...suggestions.map(({ key }) => key),
        ...checks,
        ...unsafe,
      ].join(' '),
    )
    .join(' | ')

/** One evaluator for each site that vignettes set, compiled when it is first asked. */
function explaining(content: Content) {
  const evaluators = new Map<string, ReturnType<typeof createEvaluator>>()
  let asked: Vignette | undefined
  const options = {
    today: () => asked?.today ?? '',
    newId: () => 'id',
    answers: async () => (asked ? await answersTo(asked) : undefined),
  }
  return (vignette: Vignette, call: HookCall): Promise<Explanation> => {
    asked = vignette
    const key = JSON.stringify(vignette.site ?? {})
    const known = evaluators.get(key)
    const evaluator = known ?? createEvaluator(withSite(content, vignette.site), options)
    if (!known) evaluators.set(key, evaluator)
    return evaluator.explain(call)
  }
}

const withSite = (usual: Content, site: Vignette['site']): Content =>
  site ? { ...usual, site: { ...usual.site, ...siteSettings(site) } } : usual
