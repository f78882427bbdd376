/** Codes to know or to map: what a card is about, why it is overridden, what a click drafts. */

import { topicSystem } from '../../cards/render.ts'
import type { Content } from '../../pathway/content.ts'
import { cell, spaced, table } from '../markdown.ts'

/** BEST-6: EHRs count and suppress by the topic, so these codes do not change. */
export function topicCodes({ rules, site }: Content): string[] {
  const silent = new Set(site.rules.silent)
  const rows = rules
    .filter((rule) => rule.role === 'headline')
    .map((rule) => [
      rule.code,
      cell(rule.title),
      rule.indicator,
      rule.on.join(', '),
      silent.has(rule.code) ? 'silent' : 'shown',
    ])
  return [
    '## Topics of cards',
    `\`card.source.topic\`, system \`${topicSystem}\`. A card may be shown with a stronger indicator when another rule on it asks for that.`,
    table(['code', 'what it says', 'indicator', 'about', 'here'], rows),
  ]
}

export function overrideReasons({ overrideReasons: { system, reasons, families } }: Content): string[] {
  const rows = Object.entries(reasons).map(([code, reason]) => [
    `\`${code}\``,
    cell(reason.display),
    families
      .filter((family) => family.reasons.includes(code))
      .map(({ family }) => spaced(family))
      .join(', '),
    reason['guideline-supported'] ? 'yes' : 'no',
  ])
  return [
    '## Override reasons',
    `\`card.overrideReasons\`, system \`${system}\`. Map each to a reason of the EHR. A card brings at most five.`,
    table(['code', 'display', 'on cards about', 'supported by a guideline'], rows),
  ]
}

export function suggestionCodes({ suggestions: { orders }, site }: Content): string[] {
  const local = site.clients['order-codes']
  const rows = Object.entries(orders).map(([key, { resource, text, code }]) => [
    `\`${key}\``,
    resource,
    cell(text),
    code ? `\`${code.code}\` ${cell(code.display)} (\`${code.system}\`)` : 'none: text only',
    local[key] ? `\`${local[key].code}\` (\`${local[key].system}\`)` : 'to be mapped',
  ])
  return [
    '## What suggestions draft',
    "Put the site's own code for each into `clients.order-codes` of site.yaml, under the key; it then stands before ours.",
    table(['key', 'resource', 'text', 'our code', "the site's code"], rows),
  ]
}
