/** What the generated pages are made of: the content, and in which of its files rules and facts stand. */

import { basename } from 'node:path'
import { z } from 'zod'
import { readCards } from '../pathway/cards.ts'
import type { Content } from '../pathway/content.ts'
import { filesIn, readYaml } from '../pathway/files.ts'
import { nearest, Problems } from '../pathway/problems.ts'
import {
  type Card,
  factsFile,
  indicators,
  isRetired,
  type Rule,
  ruleCode,
  rulesFileIn,
  topicsFile,
} from '../pathway/schema.ts'
import { checkShape } from '../pathway/shape.ts'

// The rows from which the pathway was encoded, and where each of them went: none may be dropped silently.

const rowId = z.string().regex(/^[A-Z]{1,2}-\d{2}[a-z0-9]*$/, 'is not a row id such as IM-01 or RF-04a')
const line = z.string().min(3)

export const decisionTableFile = z.strictObject({
  about: line,
  /** Who states a rule, where that is no name of a source: `WHA?`, `DESIGN`. */
  labels: z.record(z.string(), line),
  rows: z
    .array(
      z.strictObject({
        id: rowId,
        orders: z.enum(['any', 'imaging', 'opioid']),
        priority: z.int(),
        indicator: z.enum(['none', ...indicators]),
        condition: line,
      }),
    )
    .min(1),
  'only-in-the-text': z.array(z.strictObject({ id: rowId, condition: line })).default([]),
  /** What was found wrong in these rows by trials on invented charts, and the rules that say it now. */
  corrections: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-D]\d{1,2}$/, 'is not a correction such as A1 or B12'),
        correction: line,
        rules: z.array(ruleCode).default([]),
        /** Where it is more than rules: how charts are read, what the code does. */
        beside: line.optional(),
      }),
    )
    .default([]),
})
export type DecisionTable = z.infer<typeof decisionTableFile>
export type Row = DecisionTable['rows'][number]

export type Trace =
  | { to: 'rule'; rule: Rule }
  | { to: 'order-kinds'; kinds: readonly string[] }
  | { to: 'nothing'; because: string }

interface Coverage {
  /** One for each row that is traced, in the table's order. */
  traces: ReadonlyMap<string, Trace>
  /** Rules that stand in no row. */
  beyond: readonly Rule[]
  /** A sentence for each row that went nowhere or to two places, and for each reason that belongs to no row. */
  problems: readonly string[]
}

type Traceable = Pick<Content, 'rules' | 'orderKinds' | 'pathway'>

/** Codes of rules are row ids without their hyphen. */
const codeOf = (id: string) => id.replace('-', '')

export function trace(table: DecisionTable, { rules, orderKinds, pathway }: Traceable): Coverage {
  const ids = [...table.rows, ...table['only-in-the-text']].map(({ id }) => id)
  const codes = new Set(ids.map(codeOf))
  const traces = new Map<string, Trace>()
  const problems: string[] = []
  for (const id of ids) {
    if (traces.has(id)) problems.push(`row ${id} stands twice: keep one`)
    const code = codeOf(id)
    const rule = rules.find((each) => each.code === code)
    const kinds = Object.entries(orderKinds).flatMap(([kind, each]) => (each.code === code ? [kind] : []))
    const reasons = pathway['not-encoded'].filter((each) => each.code === code)
    const found: Trace[] = [
      ...(rule ? [{ to: 'rule' as const, rule }] : []),
      ...(kinds.length > 0 ? [{ to: 'order-kinds' as const, kinds }] : []),
      ...reasons.map(({ because }) => ({ to: 'nothing' as const, because })),
    ]
    const [only] = found
    if (only && found.length === 1) traces.set(id, only)
    else problems.push(only ? twice(id, rule) : lost(id, code))
  }
  for (const { code } of pathway['not-encoded'].filter((each) => !codes.has(each.code))) {
    const near = nearest(code, codes)
    problems.push(
      `not-encoded names ${code}, which is no row${near ? `; did you mean ${near}?` : ': mend it, or leave it out'}`,
    )
  }
  problems.push(...problemsOfCorrections(table, rules))
  return { traces, beyond: rules.filter(({ code }) => !codes.has(code)), problems }
}

function problemsOfCorrections({ corrections }: DecisionTable, rules: readonly Rule[]): string[] {
  const known = new Set(rules.map(({ code }) => code))
  return corrections.flatMap(({ id, rules: named, beside }) => [
    ...named.flatMap((code) =>
      known.has(code) ? [] : [`correction ${id} names ${code}, and there is no such rule: mend it`],
    ),
    ...(named.length === 0 && beside === undefined
      ? [`correction ${id} went nowhere: name its rules, or say under "beside" where it is`]
      : []),
  ])
}

const lost = (id: string, code: string) =>
  `row ${id} is neither a rule nor under not-encoded: write rule ${code}, or say in pathway.yaml why there is none`

const twice = (id: string, rule: Rule | undefined) =>
  rule
    ? `row ${id} is rule "${rule.id}" and stands under not-encoded too: take it out there`
    : `row ${id} is accounted for twice: keep one`

export interface RuleFile {
  /** Relative to the project root. */
  file: string
  about: string
  /** In file order, the retired among them. */
  rules: readonly Rule[]
}

export interface FactFile {
  /** `red-flags` */
  name: string
  file: string
  facts: readonly string[]
}

export interface Book {
  /** As written: no site's own numbers, and no rule left out by it. */
  content: Content
  ruleFiles: readonly RuleFile[]
  factFiles: readonly FactFile[]
  table: DecisionTable
  /** FHIR resource types that a fact reads. */
  reads(fact: string): ReadonlySet<string>
}

/** As the story of a case goes; files that are not named come after. */
const readingOrder = ['order', 'episode', 'red-flags', 'yellow-flags', 'care', 'opioids']

export const decisionTablePath = 'pathway/decision-table.yaml'

/** @throws ContentError */
export function readBook(root: string, content: Content, reads: Book['reads']): Book {
  const problems = new Problems()
  const table = checkShape(decisionTableFile, readYaml(root, decisionTablePath, problems), problems)
  const ruleFiles = readRuleFiles(root)
  const cards: Record<string, Card> = {}
  for (const [rule, card] of readCards(root, problems)) if (card) cards[rule] = card.value
  problems.throwIfAny()
  if (!table) throw new Error(`${decisionTablePath} is incomplete`)
  const rules = ruleFiles.flatMap((file) => file.rules).filter((rule) => !isRetired(rule))
  const written = { ...content, rules, cards, parameters: content.pathway.parameters }
  return { content: written, ruleFiles, factFiles: readFactFiles(root), table, reads }
}

/** @throws ContentError */
export function readRuleFiles(root: string): RuleFile[] {
  const problems = new Problems()
  const topics =
    checkShape(topicsFile, readYaml(root, 'pathway/topics.yaml', problems), problems)?.topics ?? {}
  const rulesFile = rulesFileIn(topics)
  const files = filesIn(root, 'pathway/rules', '.yaml').flatMap((file) => {
    const read = checkShape(rulesFile, readYaml(root, file, problems), problems)
    return read ? [{ file, about: read.about, rules: read.rules }] : []
  })
  problems.throwIfAny()
  return files
}

/** @throws ContentError */
export function readFactFiles(root: string): FactFile[] {
  const problems = new Problems()
  const files = filesIn(root, 'pathway/facts', '.yaml').flatMap((file) => {
    const read = checkShape(factsFile, readYaml(root, file, problems), problems)
    return read ? [{ name: basename(file, '.yaml'), file, facts: Object.keys(read.facts) }] : []
  })
  problems.throwIfAny()
  const place = ({ name }: FactFile) =>
    readingOrder.includes(name) ? readingOrder.indexOf(name) : readingOrder.length
  return files.sort((a, b) => place(a) - place(b))
}
