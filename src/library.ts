/**
 * Lumbar as a library: what the service judges and writes, without the service. FHIR resources in, facts, verdicts and cards out.
 * It reads its content once, when it is opened, and after that nothing: no server, no network, no clock, no environment.
 * How to use it: docs/library.md.
 */
import { join } from 'node:path'
import type { Card } from './cards/render.ts'
import type { Decision } from './decide/decide.ts'
import { createEvaluator } from './evaluate.ts'
import { compileReading } from './facts/reading/reader.ts'
import { parseCall } from './hooks/call.ts'
import { services } from './hooks/services.ts'
import type { CodeIndex } from './pathway/codes.ts'
import type { Content } from './pathway/content.ts'
import type { Facts } from './pathway/known.ts'
import { loadContent } from './pathway/load.ts'
import type { Query, Rule, Source, Subject } from './pathway/schema.ts'

export { LumbarError } from './errors.ts'
export { ContentError } from './pathway/problems.ts'
export type { Card, Facts, Query, Rule, Subject }

export interface LibraryOptions {
  /** Folder with `pathway/`, `cards/`, `handouts/` and `site.yaml`; by default Lumbar's own. */
  root?: string | undefined
  /** A `site.yaml` elsewhere, for the numbers and rules of one hospital. */
  siteFile?: string | undefined
  /** Ids of cards and suggestions. By default they count up in the form of a UUID, so that the same calls give the same cards. */
  newId?: () => string
}

/** What was found of one drafted order, or of the opened chart. */
export interface Judgement {
  kind: Subject
  /** `ServiceRequest/abc`; undefined for a draft without id and for the opened chart. */
  order: string | undefined
  /** By name, each with its value (undefined: nobody can tell), its evidence and its gaps. */
  facts: Facts
  /** By code of a rule, such as `IM01`: holds, does not, or (undefined) nobody can tell. */
  verdicts: ReadonlyMap<string, boolean | undefined>
  /** Codes of the headlines that may speak, strongest first. */
  headlines: readonly string[]
  /** Of those, which speak on a condition that the card names, because something of the record did not come. */
  conditional: readonly string[]
  /** Codes of the gates because of which nothing is said. */
  closedBy: readonly string[]
}

export interface Judged {
  judgements: readonly Judgement[]
  /** As the service would answer with no app to link to and nothing told before. */
  cards: readonly Card[]
}

export interface Library {
  version: string
  /** Of all content and of the site's settings. */
  digest: string
  rules: readonly Rule[]
  /** By FHIR resource type: the key in `prefetch`, and the search that fills it. */
  queries: Readonly<Record<string, Query>>
  sources: Readonly<Record<string, Source>>
  /** In which value sets a code is, in whatever spelling. */
  codes: Pick<CodeIndex, 'read' | 'lookup'>
  /** Whether words of a chart name something that the pathway asks about. */
  understands(words: string): boolean
  /**
   * `call` is the body of a CDS Hooks call (`hook`, `hookInstance`, `context`, `prefetch`); nothing is fetched: what
   * `prefetch` lacks is unknown. `day` (YYYY-MM-DD) is the day on which it is judged.
   * @throws LumbarError for a call that must be mended, such as one without its patient; RangeError for a day that is none.
   */
  judge(call: object, day: string): Promise<Judged>
}

/** @throws ContentError that names every mistake of the content with its file and line. */
export function openLibrary({
  root = join(import.meta.dirname, '..'),
  siteFile,
  newId,
}: LibraryOptions = {}): Library {
  const content = loadContent(root, siteFile)
  let today = ''
  let made = 0
  const evaluator = createEvaluator(content, {
    today: () => today,
    newId: newId ?? (() => `00000000-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`),
    // A fact that fails is a fault of ours: the service answers without it, whoever counts must hear of it.
    onFactError: (_, error) => {
      throw error
    },
  })
  return {
    version: content.pathway.version,
    digest: content.digest,
    rules: content.rules,
    queries: content.queries,
    sources: content.sources,
    codes: content.codes,
    understands: understanding(content),
    judge: async (call, day) => {
      if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new RangeError(`"${day}" is no day: write it as 2026-11-21`)
      const hook = (call as { hook?: unknown } | null)?.hook
      const service = services.find((each) => each.hook === hook) ?? services[0]
      const parsed = parseCall(call, service)
      const opened = await evaluator.open(parsed)
      // Set and read without a pause between, so that calls judged side by side keep their days.
      today = day
      const { orders, decisions, cards } = opened.judge(undefined)
      return {
        cards,
        judgements: decisions.map((decision, at) => judgementOf(decision, orders[at]?.draft.reference)),
      }
    },
  }
}

function understanding(content: Content): (words: string) => boolean {
  const { lexicon, imagingIn } = compileReading(content)
  return (words) => {
    const { affirmed, suspected, past, denied } = lexicon.read(words)
    const isSaid = [affirmed, suspected, past, denied].some((found) => found.length > 0)
    return isSaid || imagingIn(words) !== undefined
  }
}

const judgementOf = (
  { kind, facts, findings, headlines, conditions, closedBy }: Decision,
  order: string | undefined,
): Judgement => ({
  kind,
  order,
  facts,
  verdicts: new Map(findings.map(({ rule, verdict }) => [rule.code, verdict])),
  headlines: headlines.map(({ code }) => code),
  conditional: headlines.filter(({ id }) => conditions.has(id)).map(({ code }) => code),
  closedBy: closedBy.map(({ rule }) => rule.code),
})
