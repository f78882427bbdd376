/** Reads all content below a folder, checks it, and gives it as one value; or says everything that is wrong. */

import type { Site } from '../site/schema.ts'
import { checkCards } from './checks/cards.ts'
import { checkChecklist } from './checks/checklist.ts'
import { checkFacts } from './checks/facts.ts'
import { checkHandouts } from './checks/handouts.ts'
import { checkOrders, checkOverrideReasons } from './checks/orders.ts'
import { checkRules } from './checks/rules.ts'
import { checkCoverage, checkSite } from './checks/site.ts'
import { checkCitations, checkParameters, checkTopics, checkUses } from './checks/uses.ts'
import { checkMeanings, checkQueries } from './checks/value-sets.ts'
import { buildCodeIndex, type CodeIndex } from './codes.ts'
import type { Content, Read } from './content.ts'
import { digestOf } from './digest.ts'
import { type Draft, nothingSet, readCodes, readDraft } from './draft.ts'
import { withFamilies } from './families.ts'
import { forSite } from './for-site.ts'
import { assembleLibrary } from './handouts/library.ts'
import { ContentError, Problems } from './problems.ts'
import { type Card, isRetired } from './schema.ts'

/** Cross-checks: what no schema of a single file can see. Each adds problems and none stops the others. */
function checkDraft(draft: Draft, problems: Problems) {
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

/** `siteFile` stands in for the root's own site.yaml. @throws ContentError that names every mistake with its file and line. */
export function loadContent(root: string, siteFile?: string): Content {
  return readContent(root, siteFile).content
}

/** The same, and what it would be of a site that sets nothing, under a digest of its own. @throws ContentError */
export function readContent(root: string, siteFile?: string): Read & { unset(digest: string): Read } {
  const problems = new Problems()
  const digest = digestOf(root, siteFile)
  const draft = readDraft(root, problems, siteFile)
  checkDraft(draft, problems)
  problems.throwIfAny()
  const { content, site } = assemble(draft, digest)
  const { parts } = draft.codes
  return {
    content: forSite(content, site),
    parts,
    unset: (ofFiles) => {
      const ofNobody = { ...parts, localCodes: [] }
      const unset = { ...content, digest: ofFiles, codes: buildCodeIndex(ofNobody) }
      return { content: forSite(unset, nothingSet()), parts: ofNobody }
    },
  }
}

/** The value sets alone. @throws ContentError */
export function loadCodes(root: string): CodeIndex {
  const problems = new Problems()
  const { index } = readCodes(root, problems)
  problems.throwIfAny()
  return index
}

/** Before its site has a say in it. */
function assemble(draft: Draft, digest: string): { content: Content; site: Site } {
  const {
    pathway,
    episode,
    words,
    meanings,
    answerCodes,
    medicines,
    checklist,
    topics,
    suggestions,
    overrideReasons,
    phrases,
    site,
  } = draft
  if (
    !(
      pathway.value &&
      episode.value &&
      words.value &&
      meanings.value &&
      answerCodes.value &&
      medicines.value &&
      checklist.value &&
      topics.value &&
      suggestions.value &&
      overrideReasons.value &&
      phrases.value &&
      site.value
    )
  ) {
    // Cannot happen: a file without a value has a problem, and problems were thrown.
    throw new ContentError([{ file: '.', line: 1, message: 'the content is incomplete' }])
  }
  const rules = draft.rules.entries.map(({ value }) => value).filter((rule) => !isRetired(rule))
  const cards: Record<string, Card> = {}
  for (const { id } of rules) {
    const card = draft.cards.get(id)
    if (card) cards[id] = card.value
  }
  const content: Content = {
    digest,
    pathway: pathway.value,
    parameters: pathway.value.parameters,
    facts: draft.facts.record,
    topics: topics.value.topics,
    rules,
    cards,
    orderKinds: draft.orderKinds.record,
    episode: episode.value,
    queries: draft.queries.record,
    ofDrafts: draft.ofDrafts,
    sources: draft.sources.record,
    words: words.value,
    meanings: withFamilies(meanings.value),
    answerCodes: answerCodes.value,
    medicines: medicines.value,
    checklist: checklist.value,
    suggestions: suggestions.value,
    overrideReasons: overrideReasons.value,
    phrases: phrases.value,
    codes: draft.codes.index,
    handouts: assembleLibrary(draft.handouts),
    recording: draft.recording?.value,
    site: site.value,
  }
  return { content, site: site.value }
}
