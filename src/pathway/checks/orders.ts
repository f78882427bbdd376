/** What brings orders in, what dates the episode, what suggestions create, why they are overridden, and what the site adds. */
import { type Draft, entryOf } from '../draft.ts'
import { familyOf } from '../of-rules.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { CodeGroups } from '../schema.ts'
import { checkWhen } from './rules.ts'
import { checkGroups, checkSets } from './value-sets.ts'

/** Reasons to keep an order: each in a family, each card with one, and none that speaks of other orders. */
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

export function checkOrders(draft: Draft, problems: Problems) {
  checkTriggers(draft, problems)
  checkEpisode(draft, problems)
  checkSuggestions(draft, problems)
}

function checkTriggers({ orderKinds, codes }: Draft, problems: Problems) {
  for (const { value: kind, place } of orderKinds.entries) {
    for (const [at, trigger] of kind.triggers.entries()) {
      checkGroups(codes, trigger.codes, (...path) => place('triggers', at, 'codes', ...path), problems)
    }
    checkSets(codes, kind['by-name'] ?? [], (...path) => place('by-name', ...path), problems)
  }
}

function checkEpisode({ episode, codes, wordLists }: Draft, problems: Problems) {
  for (const { value, place } of entryOf(episode)) {
    for (const [key, groups] of Object.entries(value)) {
      if (typeof groups === 'string' || Array.isArray(groups) || notGroups.has(key)) continue
      checkGroups(codes, groups as CodeGroups, (...path) => place(key, ...path), problems)
    }
    const lists = [
      [value.words, 'words'],
      [value['not-words'], 'not-words'],
      [value['names-nothing'].words, 'names-nothing', 'words'],
      [value['may-be-the-back'].words, 'may-be-the-back', 'words'],
    ] as const
    for (const [list, ...path] of lists)
      if (wordLists.lacks(list)) problems.add(place(...path), unknownName('word list', list, wordLists.names))
  }
}

const notGroups = new Set(['reason-lookback', 'names-nothing', 'may-be-the-back'])

function checkSuggestions(draft: Draft, problems: Problems) {
  const { offers, orders } = draft
  for (const { value: offer, place } of offers.entries) {
    for (const [at, action] of offer.actions.entries()) {
      if ('create' in action && orders.lacks(action.create)) {
        problems.add(place('actions', at, 'create'), unknownName('order', action.create, orders.names))
      }
    }
    for (const key of ['recommended-when', 'only-when', 'safe-when'] as const) {
      const when = offer[key]
      if (when) checkWhen(draft, when, (...path) => place(key, ...path), problems)
    }
    for (const [at, other] of (offer['unless-offered'] ?? []).entries()) {
      if (offers.lacks(other))
        problems.add(place('unless-offered', at), unknownName('suggestion', other, offers.names))
    }
  }
}
