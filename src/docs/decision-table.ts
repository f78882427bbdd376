/** The rows from which the pathway was encoded, and where each of them went: none may be dropped silently. */
import { z } from 'zod'
import type { Content } from '../pathway/content.ts'
import { nearest } from '../pathway/problems.ts'
import { indicators, type Rule, ruleCode } from '../pathway/schema.ts'

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
export type TextRow = DecisionTable['only-in-the-text'][number]

export type Trace =
  | { to: 'rule'; rule: Rule }
  | { to: 'order-kinds'; kinds: readonly string[] }
  | { to: 'nothing'; because: string }

export interface Coverage {
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
