/** Reasons to keep an order: each in a family, each card with one, and none that speaks of other orders. */
import type { Draft } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import { familyOf } from '../schema.ts'

export function checkOverrideReasons({ overrideReasons: { file, value }, rules }: Draft, problems: Problems) {
  if (!file || !value) return
  const codes = Object.keys(value.reasons)
  const seen = { rules: new Set<string>(), topics: new Set<string>() }
  for (const [at, family] of value.families.entries()) {
    const place = (...path: (string | number)[]) => file.place(['families', at, ...path])
    for (const key of ['rules', 'topics'] as const) {
      for (const [index, name] of family[key].entries()) {
        if (key === 'rules' && rules.lacks(name))
          problems.add(place(key, index), unknownName('rule', name, rules.names))
        if (seen[key].has(name))
          problems.add(place(key, index), `"${name}" belongs to another family already: leave it in one`)
        seen[key].add(name)
      }
    }
    for (const [index, code] of family.reasons.entries()) {
      if (!value.reasons[code]) problems.add(place('reasons', index), unknownName('reason', code, codes))
    }
  }
  const standard = Object.keys(value.standard?.displays ?? {})
  for (const [code, reason] of Object.entries(value.reasons)) {
    if (reason.standard !== undefined && !standard.includes(reason.standard))
      problems.add(
        file.place(['reasons', code, 'standard']),
        unknownName('standard reason', reason.standard, standard),
      )
  }
  const used = new Set(value.families.flatMap(({ reasons }) => reasons))
  for (const code of codes) {
    if (!used.has(code))
      problems.add(file.place(['reasons', code]), `no family brings reason "${code}": name it in one`)
  }
  for (const { name, value: rule, place } of rules.entries) {
    if (rule.role !== 'headline') continue
    const family = familyOf(rule, value.families)
    if (family === undefined)
      problems.add(
        place('topic'),
        `no family of cards/override-reasons.yaml names rule "${name}" or topic "${rule.topic}"`,
      )
    for (const code of family?.reasons ?? []) {
      const only = value.reasons[code]?.['only-for']
      if (only !== undefined && rule.on.some((subject) => subject !== only))
        problems.add(
          place('on'),
          `its card brings the reason "${code}", which is for ${only} only: name this rule in another family of cards/override-reasons.yaml`,
        )
    }
  }
}
