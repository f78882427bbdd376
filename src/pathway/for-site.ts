/** Content as one site has it: its numbers, its codes, without the rules that it has switched off. */
import type { Site } from '../site/schema.ts'
import { namedIn } from './catalog.ts'
import { checkCoverage, checkSite } from './checks/site.ts'
import { buildCodeIndex } from './codes.ts'
import type { ChosenParameter, Content, Read } from './content.ts'
import { readSite } from './draft.ts'
import { Problems } from './problems.ts'
import type { Card, Parameter, Rule } from './schema.ts'

/** `content`, of a site that sets nothing. */
export function forSite(content: Content, site: Site): Content {
  const off = new Set(site.rules.off)
  const rules = content.rules.filter(({ code }) => !off.has(code))
  const cards: Record<string, Card> = {}
  for (const { id } of rules) {
    const card = content.cards[id]
    if (card) cards[id] = card
  }
  const parameters = withChoices(content.pathway.parameters, site.parameters)
  return { ...content, parameters, rules, cards, site }
}

/** The site's own numbers, marked as such so that cards can say so. */
function withChoices(
  parameters: Readonly<Record<string, Parameter>>,
  chosen: Readonly<Record<string, number>>,
): Record<string, ChosenParameter> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const value = chosen[name]
      return [
        name,
        value === undefined || value === parameter.value
          ? parameter
          : { ...parameter, value, usually: parameter.value },
      ]
    }),
  )
}

/**
 * The same for a `site.yaml` that nobody has checked yet: of all files only that is read and checked. Undefined where
 * something is wrong with it: only reading all files tells what, in full.
 */
export function forSiteIn(
  { content, parts }: Read,
  root: string,
  siteFile: string | undefined,
  digest: string,
): Read | undefined {
  const problems = new Problems()
  const site = readSite(root, problems, siteFile)
  if (!site.value) return undefined
  const ownParts = { ...parts, localCodes: site.value['local-codes'] }
  const codes = { index: buildCodeIndex(ownParts), complete: true }
  const { pathway, rules, suggestions, facts } = content
  const byId: Record<string, Rule> = Object.fromEntries(rules.map((rule) => [rule.id, rule]))
  const around = {
    site,
    parameters: namedIn(pathway.parameters),
    rules: namedIn(byId),
    offers: namedIn(suggestions.suggestions),
    orders: namedIn(suggestions.orders),
    facts: namedIn(facts),
    codes,
  }
  checkSite(around, problems)
  checkCoverage(around, problems)
  if (problems.isAny) return undefined
  return { content: forSite({ ...content, digest, codes: codes.index }, site.value), parts: ownParts }
}
