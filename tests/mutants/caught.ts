/**
 * Does anybody notice a mistake in the content? First the vignettes, those about the changed rules before others; then
 * what rules of a kind have in common; then the golden findings.
 */
import type { Content } from '../../src/content/content.ts'
import { compileCompose } from '../../src/decide/compose.ts'
import { compileRules, type Decision } from '../../src/decide/decide.ts'
import { createEvaluator, type Explanation } from '../../src/evaluate.ts'
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

/** One order of a call as it was decided: what rules are asked, without reading the chart again. */
type Case = Pick<Decision, 'kind' | 'facts'>

interface Examined {
  vignette: Vignette
  call: HookCall
  cases: readonly Case[]
  /** What was planned to be said, as approved. */
  planned: string
  /** Rules it is about, or expects to see. */
  about: ReadonlySet<string>
}

interface Approved {
  finding: Finding
  cases: readonly Case[]
  facts: string
  planned: string
}

export interface Examiner {
  noticed(mutant: Mutant): Promise<Noticed | undefined>
}

/** `content` as it was approved. */
export async function examinerOf(content: Content, vignettes: readonly Vignette[]): Promise<Examiner> {
  const answer = answering(content)
  const plan = planning(content)
  const examined: Examined[] = []
  for (const vignette of vignettes) examined.push(await examine(vignette, answer, plan))
  const approved = await approve(content, plan)
  return {
    async noticed(mutant) {
      const vignette = await vignetteAgainst(mutant, content, examined)
      if (vignette !== undefined) return { by: 'a vignette', where: vignette }
      const [broken] = [...tooLittleQuieted(mutant.content), ...wronglyRanked(mutant.content)]
      if (broken !== undefined) return { by: 'what rules of a kind have in common', where: broken }
      const finding = await findingAgainst(mutant, content, approved)
      return finding === undefined ? undefined : { by: 'the golden findings', where: finding }
    },
  }
}

async function examine(vignette: Vignette, answer: Answering, plan: Plan): Promise<Examined> {
  const service = services.find(({ hook }) => hook === vignette.hook)
  if (!service) throw new Error(`No service for ${vignette.hook}`)
  const { cards } = vignette.expect
  const call = parseCall(toCall(vignette), service)
  const { decisions } = await answer(vignette, call)
  return {
    vignette,
    call,
    cases: decisions,
    planned: plan(decisions),
    about: new Set([vignette.rule, ...cards.flatMap(({ rule, lines = [] }) => [rule, ...lines])]),
  }
}

/** Facts and numbers change what is read from a chart; all else only what is made of it. */
const readsOtherwise = (content: Content, original: Content) =>
  content.facts !== original.facts || content.parameters !== original.parameters

/** The first vignette that is answered otherwise, or cannot be answered at all. */
async function vignetteAgainst(
  { content, rules }: Mutant,
  original: Content,
  examined: readonly Examined[],
): Promise<string | undefined> {
  const answer = answering(content)
  const plan = readsOtherwise(content, original) ? undefined : planning(content)
  const isNear = ({ about }: Examined) => rules.some((rule) => about.has(rule))
  for (const near of [true, false]) {
    for (const one of examined) {
      if (isNear(one) !== near || plan?.(one.cases) === one.planned) continue
      if (await isOther(answer, one)) return one.vignette.vignette
    }
  }
  return undefined
}

async function isOther(answer: Answering, { vignette, call }: Examined): Promise<boolean> {
  try {
    return differences(vignette, (await answer(vignette, call)).cards).length > 0
  } catch {
    return true
  }
}

type Plan = (cases: readonly Case[]) => string

/** What would be said of these cases, in codes: cards, indicators, lines and offers. */
function planning(content: Content): Plan {
  const { decide } = compileRules(content)
  const compose = compileCompose(content)
  return (cases) =>
    compose(cases.map(({ kind, facts }) => decide(kind, facts)))
      .map(({ headline, indicator, lines, suggestions, checks }) =>
        [
          headline.code,
          indicator,
          ...lines.map(({ code }) => code),
          ...suggestions.map(({ key }) => key),
          ...checks,
        ].join(' '),
      )
      .join(' | ')
}

type Answering = (vignette: Vignette, call: HookCall) => Promise<Explanation>

/** One evaluator for each site that vignettes set, compiled when it is first asked. */
function answering(content: Content): Answering {
  const evaluators = new Map<string, ReturnType<typeof createEvaluator>>()
  let today = ''
  return (vignette, call) => {
    today = vignette.today
    const key = JSON.stringify(vignette.site ?? {})
    const known = evaluators.get(key)
    const evaluator =
      known ?? createEvaluator(withSite(content, vignette.site), { today: () => today, newId: () => 'id' })
    if (!known) evaluators.set(key, evaluator)
    return evaluator.explain(call)
  }
}

const withSite = (usual: Content, site: Vignette['site']): Content =>
  site ? { ...usual, site: { ...usual.site, ...siteSettings(site) } } : usual

async function approve(content: Content, plan: Plan): Promise<Approved[]> {
  const { factsOf, decisionsOf } = await meaningsBy(content)
  const approved: Approved[] = []
  for (const finding of [...findingsOf(content), ...pairs]) {
    const cases = await decisionsOf(finding)
    approved.push({ finding, cases, facts: await factsOf(finding), planned: plansOf(cases, plan) })
  }
  return approved
}

/** Each order for itself. */
const plansOf = (cases: readonly Case[], plan: Plan) => cases.map((each) => plan([each])).join(' / ')

async function findingAgainst(
  { content }: Mutant,
  original: Content,
  approved: readonly Approved[],
): Promise<string | undefined> {
  const told = ({ finding }: Approved) => `${finding.key} ${finding.told}`
  const plan = planning(content)
  const other = approved.find(({ cases, planned }) => plansOf(cases, plan) !== planned)
  if (other || !readsOtherwise(content, original)) return other && told(other)
  const { factsOf } = await meaningsBy(content)
  for (const one of approved) if ((await factsOf(one.finding)) !== one.facts) return told(one)
  return undefined
}
