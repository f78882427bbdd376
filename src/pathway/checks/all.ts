/** Cross-checks: what no schema of a single file can see. Each adds problems and none stops the others. */
import type { Draft } from '../draft.ts'
import type { Problems } from '../problems.ts'
import { checkCards } from './cards.ts'
import { checkChecklist } from './checklist.ts'
import { checkCoverage } from './coverage.ts'
import { checkFacts } from './facts.ts'
import { checkHandouts } from './handouts.ts'
import { checkOrders } from './orders.ts'
import { checkOverrideReasons } from './override-reasons.ts'
import { checkParameters } from './parameters.ts'
import { checkRules } from './rules.ts'
import { checkSite } from './site.ts'
import { checkTopics } from './topics.ts'
import { checkCitations, checkUses } from './uses.ts'
import { checkMeanings, checkQueries } from './value-sets.ts'

export function checkDraft(draft: Draft, problems: Problems) {
  for (const check of [
    checkParameters,
    checkCitations,
    checkFacts,
    checkTopics,
    checkRules,
    checkCards,
    checkOrders,
    checkOverrideReasons,
    checkQueries,
    checkMeanings,
    checkChecklist,
    checkHandouts,
    checkSite,
    checkCoverage,
    checkUses,
  ]) {
    check(draft, problems)
  }
}
