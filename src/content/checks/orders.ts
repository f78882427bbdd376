/** What brings orders in, what dates the episode, what suggestions create, why they are overridden, and what the site adds. */
import { type Draft, entryOf } from '../draft.ts'
import { type Problems, unknownName } from '../problems.ts'
import type { CodeGroups } from '../schema.ts'
import { checkWhen } from './questions.ts'
import { checkGroups, checkSets } from './value-sets.ts'

export function checkOrders(draft: Draft, problems: Problems) {
  checkTriggers(draft, problems)
  checkEpisode(draft, problems)
  checkSuggestions(draft, problems)
  checkOverrideReasons(draft, problems)
  checkSite(draft, problems)
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
      if (typeof groups === 'string' || Array.isArray(groups) || key === 'reason-lookback') continue
      checkGroups(codes, groups as CodeGroups, (...path) => place(key, ...path), problems)
    }
    for (const key of ['words', 'not-words'] as const) {
      if (wordLists.lacks(value[key]))
        problems.add(place(key), unknownName('word list', value[key], wordLists.names))
    }
  }
}

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

function checkOverrideReasons({ overrideReasons: { file, value }, rules }: Draft, problems: Problems) {
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
    if (rule.role !== 'headline' || seen.rules.has(name) || seen.topics.has(rule.topic)) continue
    problems.add(
      place('topic'),
      `no family of cards/override-reasons.yaml names rule "${name}" or topic "${rule.topic}"`,
    )
  }
}

function checkSite({ site: { file, value }, orders, codes }: Draft, problems: Problems) {
  if (!file || !value) return
  for (const order of Object.keys(value.clients['order-codes'])) {
    if (orders.lacks(order)) {
      problems.add(file.place(['clients', 'order-codes', order]), unknownName('order', order, orders.names))
    }
  }
  for (const [at, { code, means }] of value['local-codes'].entries()) {
    if (codes.complete && codes.index.lookup(means).length === 0) {
      const mend = 'no value set holds that, so it would never count'
      problems.add(
        file.place(['local-codes', at, 'means']),
        `local code "${code}" means ${means.system}|${means.code}: ${mend}`,
      )
    }
  }
}
