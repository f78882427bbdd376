/** Verdict by verdict: what `decide` says of a case, and what the exported CQL says of the same facts in another engine. */
import type { Explanation } from '../../src/evaluate.ts'
import { exportableOf } from '../../tools/exportable.ts'
import { content } from '../support/evaluated.ts'
import { casesWith, judged } from './cases.ts'
import { engineOf } from './engine.ts'

export const exportable = exportableOf(content)
export const { rules, chart } = exportable

interface Compared {
  cases: number
  verdicts: number
  /** In words, each with the case that shows it. */
  differences: readonly string[]
  /** Headlines that speak here on a condition, and there by no means: how often. */
  onCondition: ReadonlyMap<string, number>
}

/** Every vignette, and so many events of the trial. Cases whose facts are the same are decided once. */
export async function compareAll({ events = 1000 } = {}): Promise<Compared> {
  const comparer = createComparer()
  for (const each of casesWith(events)) await comparer.add(each.name, await judged(each))
  return comparer.result
}

function createComparer() {
  const engine = engineOf(exportable.elm.rules, rules)
  const seen = new Set<string>()
  const differences: string[] = []
  const onCondition = new Map<string, number>()
  const result = { cases: 0, verdicts: 0, differences, onCondition }

  async function add(name: string, { decisions }: Pick<Explanation, 'decisions'>) {
    // What is the same for all orders of a call was found with the first of them.
    const shared = decisions.flatMap(({ facts }) => [...facts])
    for (const { kind, facts, findings, headlines, conditions, closedBy } of decisions) {
      const all = new Map([...shared, ...facts])
      const told = JSON.stringify([kind, rules.parameters.map((each) => all.get(each.name)?.value ?? null)])
      if (seen.has(told)) continue
      seen.add(told)
      result.cases += 1
      const speaking = rules.speaking.filter((each) => each.kind === kind)
      const asked = [...findings.map(({ rule }) => rule.code), `Closed for ${kind}`]
      const theirs = await engine(all, [...asked, ...speaking.map((each) => each.name)])
      const hold = (what: string, ours: unknown, other: unknown) => {
        result.verdicts += 1
        if (ours !== other)
          differences.push(`${name}, ${what}: ${String(ours)} here, ${String(other)} in CQL`)
      }
      for (const { rule, verdict } of findings) hold(rule.code, verdict ?? null, theirs[rule.code])
      hold('closed', closedBy.length > 0, theirs[`Closed for ${kind}`])
      // Advice on a condition is Lumbar's alone (`not-said.md`).
      for (const { id, code } of headlines)
        if (conditions.has(id)) onCondition.set(code, (onCondition.get(code) ?? 0) + 1)
      const speaks = new Set(headlines.flatMap(({ id, code }) => (conditions.has(id) ? [] : [code])))
      for (const each of speaking) hold(each.name, speaks.has(each.rule.code), theirs[each.name])
    }
  }
  return { add, result }
}
