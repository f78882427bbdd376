/** Reads all content below a folder, checks it, and gives it as one value; or says everything that is wrong. */
import { checkDraft } from './checks/all.ts'
import type { CodeIndex, IndexParts } from './codes.ts'
import type { ChosenParameter, Content } from './content.ts'
import { digestOf } from './digest.ts'
import { type Draft, readCodes, readDraft } from './draft.ts'
import { assembleLibrary } from './handouts/library.ts'
import { ContentError, Problems } from './problems.ts'
import type { Card, Parameter } from './schema.ts'
import { isRetired } from './status.ts'

/** `siteFile` stands in for the root's own site.yaml. @throws ContentError that names every mistake with its file and line. */
export function loadContent(root: string, siteFile?: string): Content {
  return readContent(root, siteFile).content
}

/** The same, with what its codes were made of. @throws ContentError */
export function readContent(root: string, siteFile?: string): { content: Content; parts: IndexParts } {
  const problems = new Problems()
  const digest = digestOf(root, siteFile)
  const draft = readDraft(root, problems, siteFile)
  checkDraft(draft, problems)
  problems.throwIfAny()
  return { content: assemble(draft, digest), parts: draft.codes.parts }
}

/** The value sets alone. @throws ContentError */
export function loadCodes(root: string): CodeIndex {
  const problems = new Problems()
  const { index } = readCodes(root, problems)
  problems.throwIfAny()
  return index
}

function assemble(draft: Draft, digest: string): Content {
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
  const off = new Set(site.value.rules.off)
  const rules = draft.rules.entries
    .map(({ value }) => value)
    .filter((rule) => !isRetired(rule) && !off.has(rule.code))
  const cards: Record<string, Card> = {}
  for (const { id } of rules) {
    const card = draft.cards.get(id)
    if (card) cards[id] = card.value
  }
  return {
    digest,
    pathway: pathway.value,
    parameters: withSiteChoices(pathway.value.parameters, site.value.parameters),
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
    meanings: meanings.value,
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
}

/** The site's own numbers, marked as such so that cards can say so. */
function withSiteChoices(
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
