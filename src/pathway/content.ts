/** The whole of the content in memory, checked and joined: what the rest of the service is given at start. */
import type { Site } from '../site/schema.ts'
import type { CodeIndex, IndexParts } from './codes.ts'
import type { Library } from './handouts/library.ts'
import type {
  AnswerCodes,
  Card,
  Checklist,
  EpisodeDeclaration,
  FactDeclaration,
  Meanings,
  MedicinesDeclaration,
  OfDrafts,
  OrderKind,
  OrderKindDeclaration,
  OverrideReasons,
  Parameter,
  PathwayFile,
  Phrases,
  Query,
  Recording,
  Rule,
  Source,
  Suggestions,
  Topics,
  WordLists,
} from './schema.ts'

/** `usually` is the pathway's own value where the site has chosen another. */
export type ChosenParameter = Parameter & { usually?: number }

export interface Content {
  /** Of the files that all of this was read from; see `digestOf`. */
  digest: string
  pathway: PathwayFile
  /** Values after the site's own choices. */
  parameters: Readonly<Record<string, ChosenParameter>>
  facts: Readonly<Record<string, FactDeclaration>>
  /** In the order in which they are heard. */
  topics: Topics
  /** In file order. */
  rules: readonly Rule[]
  /** By rule id. */
  cards: Readonly<Record<string, Card>>
  orderKinds: Readonly<Partial<Record<OrderKind, OrderKindDeclaration>>>
  episode: EpisodeDeclaration
  /** By FHIR resource type. */
  queries: Readonly<Record<string, Query>>
  /** By prefetch key. */
  ofDrafts: OfDrafts
  sources: Readonly<Record<string, Source>>
  words: WordLists
  /** Which groups of codes words stand for. */
  meanings: Meanings
  /** How coded answers and statuses are read. */
  answerCodes: AnswerCodes
  /** How medicines are read. */
  medicines: MedicinesDeclaration
  checklist: Checklist
  suggestions: Suggestions
  overrideReasons: OverrideReasons
  phrases: Phrases
  codes: CodeIndex
  /** Pages for patients; none in a pathway that has no folder of them. */
  handouts: Library | undefined
  /** By which codes a chart says that a handout was given. */
  recording: Recording | undefined
  site: Site
}

/** Content as it was read from files. */
export interface Read {
  content: Content
  /** What its codes were made of. */
  parts: IndexParts
}
