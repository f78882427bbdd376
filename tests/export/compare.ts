/** Verdict by verdict: what `decide` says of a case, and what the exported CQL says of the same facts in another engine. */
import type { Explanation } from '../../src/evaluate.ts'
import { exportableOf } from '../../tools/exportable.ts'
import { today } from '../fidelity/chart.ts'
import { population } from '../fidelity/population.ts'
import { content, explain, explainBody, vignettes } from '../support/evaluated.ts'
import { engineOf } from './engine.ts'

export const exportable = exportableOf(content)
export const { rules, chart } = exportable

interface Compared {
  cases: number
  verdicts: number
  /** In words, each with the case that shows it. */
  differences: readonly string[]
}

/** Every vignette, and so many events of the trial; of `oneOf` cases one. */
export async function compareAll({ events = 1000, oneOf = 1 } = {}): Promise<Compared> {
  const comparer = createComparer()
  for (const [at, vignette] of vignettes.entries())
    if (at % oneOf === 0) await comparer.add(vignette.vignette, await explain(vignette))
  for (const event of population(content.queries, { size: events }))
    if (event.number % oneOf === 0)
      await comparer.add(`event ${event.number}`, await explainBody(event.body, today))
  return comparer.result
}

function createComparer() {
  const engine = engineOf(exportable.elm.rules, rules)
  const seen = new Set<string>()
  const differences: string[] = []
  const result = { cases: 0, verdicts: 0, differences }

  async function add(name: string, { decisions }: Pick<Explanation, 'decisions'>) {
    // What is the same for all orders of a call was found with the first of them.
    const shared = decisions.flatMap(({ facts }) => [...facts])
    for (const { kind, facts, findings, headlines, conditions, closedBy } of decisions) {
      const all = new Map([...shared, ...facts])
      const told = JSON.stringify([kind, rules.parameters.map((each) => all.get(each.name)?.value ?? null)])
      if (seen.has(told)) continue
      seen.add(told)
      result.cases += 1
      const theirs = await engine(all)
      const hold = (what: string, ours: unknown, other: unknown) => {
        result.verdicts += 1
        if (ours !== other)
          differences.push(`${name}, ${what}: ${String(ours)} here, ${String(other)} in CQL`)
      }
      for (const { rule, verdict } of findings) hold(rule.code, verdict ?? null, theirs[rule.code])
      hold('closed', closedBy.length > 0, theirs[`Closed for ${kind}`])
      // Advice on a condition is Lumbar's alone (`not-said.md`).
      const speaks = new Set(headlines.flatMap(({ id, code }) => (conditions.has(id) ? [] : [code])))
      for (const each of rules.speaking)
        if (each.kind === kind) hold(each.name, speaks.has(each.rule.code), theirs[each.name])
    }
  }
  return { add, result }
}
