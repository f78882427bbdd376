/** What the ledger can tell of the cards: how often they fire, what clinicians did, how long an answer took. */

import { type OrderOutcomes, outcomesByCalls, outcomesByServers, toSign } from '../ledger/outcomes.ts'
import { numberIn, type Row, type Sql } from '../ledger/sql.ts'
import type { OverrideReasons } from '../pathway/schema.ts'
import { cardQueries, latenciesIn, type Month, quantile, strataIn } from './ledger-queries.ts'
import { type Cell, hiddenGroups } from './suppress.ts'

/** One group, as events, and people beside them; hidden where any of those are few. */
export interface CardGroup {
  value: string
  calls: number
  /** Calls with a card. */
  fired: number
  shown: number
  accepted: number
  overridden: number
  hidden: boolean
}

export type NetChange = OrderOutcomes & { hidden: boolean }

interface Told {
  value: string
  shown: number
  accepted: number
  overridden: number
  hidden: boolean
}

interface Overrides {
  value: string
  /** `a guideline supports it`, `no guideline supports it`, `another reason`, `no reason given` */
  class: string
  overridden: number
  hidden: boolean
}

export interface CardFigures {
  from: number
  to: number
  all: CardGroup
  months: readonly (CardGroup & { p50: number | undefined; p95: number | undefined })[]
  rules: readonly Told[]
  reasons: readonly Overrides[]
  /** As calls tell it, and as FHIR servers answered a day later. */
  net: { calls: readonly NetChange[]; servers: readonly NetChange[] }
  /** `clinic`, and the groups that site.yaml lets the ledger keep. */
  groups: Readonly<Record<string, readonly CardGroup[]>>
  latency: { p50: number | undefined; p95: number | undefined }
  /** Cards that say that the chart could not be checked, because data did not come. */
  notChecked: number
}

interface Asked {
  months: readonly Month[]
  reasons: OverrideReasons['reasons']
  /** Codes of the rules whose card says that data did not come. */
  notChecked: readonly string[]
  /** Keys of one clinician, at each server: figures of whom alone. */
  clinician?: readonly string[]
}

const none = { value: 'all', calls: 0, fired: 0, shown: 0, accepted: 0, overridden: 0, hidden: false }

/** The few figures at the top of a page. */
export type CardSummary = Pick<CardFigures, 'all' | 'latency'>

export async function cardSummary(
  sql: Sql,
  { months, clinician }: Pick<Asked, 'months' | 'clinician'>,
): Promise<CardSummary> {
  const { byGroup, latency } = cardQueries(sql, months, clinician)
  const [calls = [], fired = [], told = [], latencies = []] = await sql.batch([...byGroup("'all'"), latency])
  const list = latenciesIn(latencies)
  return {
    all: groupsOf([calls, fired, told])[0] ?? none,
    latency: { p50: quantile(list, 0.5), p95: quantile(list, 0.95) },
  }
}

export async function cardFigures(
  sql: Sql,
  { months, reasons, notChecked, clinician }: Asked,
): Promise<CardFigures> {
  const [from, to] = [months[0]?.from ?? 0, months.at(-1)?.to ?? 0]
  const { byGroup, byRule, latency, month } = cardQueries(sql, months, clinician)
  const dimensions: Record<string, string> = {
    clinic: "coalesce(e.department, 'unknown')",
    ...(await strataIn(sql, months)),
  }
  const rows = await sql.batch([
    ...[byRule, latency],
    ...byGroup("'all'"),
    ...byGroup(month),
    ...Object.values(dimensions).flatMap(byGroup),
  ])
  const [told = [], latencies = []] = rows
  const groupsAt = (n: number) =>
    groupsOf([rows[2 + 3 * n] ?? [], rows[3 + 3 * n] ?? [], rows[4 + 3 * n] ?? []])
  const list = latenciesIn(latencies)
  const monthly = groupsAt(1)
  const rules = rulesOf(told)
  return {
    from,
    to,
    all: groupsAt(0)[0] ?? none,
    months: months.map((each) => {
      const own = list.filter((latency) => latency.month === each.month)
      const found = monthly.find(({ value }) => value === each.month) ?? { ...none, value: each.month }
      return { ...found, p50: quantile(own, 0.5), p95: quantile(own, 0.95) }
    }),
    rules,
    reasons: reasonsOf(told, reasons),
    net: {
      calls: withHidden(await outcomesByCalls(sql, { from, to: Math.max(from, to - toSign) })),
      servers: withHidden(await outcomesByServers(sql, { from, to })),
    },
    groups: Object.fromEntries(Object.keys(dimensions).map((name, n) => [name, groupsAt(2 + n)])),
    latency: { p50: quantile(list, 0.5), p95: quantile(list, 0.95) },
    notChecked: rules
      .filter(({ value }) => notChecked.includes(value))
      .reduce((sum, { shown }) => sum + shown, 0),
  }
}

function groupsOf([calls, fired, told]: readonly [
  readonly Row[],
  readonly Row[],
  readonly Row[],
]): CardGroup[] {
  const find = (rows: readonly Row[], value: string) => rows.find(({ grp }) => String(grp) === value)
  const events = (row: Row | undefined) => numberIn(row?.events ?? 0)
  const people = (row: Row | undefined) => numberIn(row?.people ?? 0)
  const found = calls.map((row) => {
    const value = String(row.grp)
    const own = told.filter(({ grp }) => String(grp) === value)
    const sum = (rows: readonly Row[], of: (row: Row) => number) =>
      rows.reduce((total, each) => total + of(each), 0)
    const those = (outcome: string) => own.filter((each) => each.outcome === outcome)
    return {
      group: {
        value,
        calls: events(row),
        fired: events(find(fired, value)),
        shown: sum(own, events),
        accepted: sum(those('accepted'), events),
        overridden: sum(those('overridden'), events),
      },
      cells: [
        { of: people(row), part: people(find(fired, value)) },
        { of: sum(own, people), part: sum(those('overridden'), people) },
        { of: sum(own, people), part: sum(those('accepted'), people) },
      ],
    }
  })
  const hidden = hiddenIn(found.map(({ group, cells }) => [group.value, cells]))
  return found
    .map(({ group }) => ({ ...group, hidden: hidden.has(group.value) }))
    .sort((a, b) => b.calls - a.calls || (a.value < b.value ? -1 : 1))
}

/** A group that is hidden in one table is in all: their rows stand side by side. */
function hiddenIn(groups: readonly (readonly [string, readonly Cell[]])[]): ReadonlySet<string> {
  const tables = [0, 1, 2].map(
    (n) => new Map(groups.flatMap(([value, cells]) => (cells[n] ? [[value, cells[n]] as const] : []))),
  )
  return new Set(hiddenGroups(tables).flatMap((set) => [...set]))
}

function rulesOf(told: readonly Row[]): Told[] {
  const byRule = [...Map.groupBy(told, ({ grp }) => String(grp))].map(([value, rows]) => {
    const sum = (outcome: string | undefined, of: 'events' | 'people') =>
      rows
        .filter((row) => outcome === undefined || row.outcome === outcome)
        .reduce((total, row) => total + numberIn(row[of]), 0)
    return {
      told: {
        value,
        shown: sum(undefined, 'events'),
        accepted: sum('accepted', 'events'),
        overridden: sum('overridden', 'events'),
      },
      cells: [
        { of: sum(undefined, 'people'), part: sum('overridden', 'people') },
        { of: sum(undefined, 'people'), part: sum('accepted', 'people') },
      ],
    }
  })
  const hidden = hiddenIn(byRule.map(({ told: { value }, cells }) => [value, cells]))
  return byRule
    .map(({ told: each }) => ({ ...each, hidden: hidden.has(each.value) }))
    .sort((a, b) => b.shown - a.shown || (a.value < b.value ? -1 : 1))
}

function reasonsOf(told: readonly Row[], reasons: Asked['reasons']): Overrides[] {
  const overridden = told.filter(({ outcome }) => outcome === 'overridden')
  const byReason = [...Map.groupBy(overridden, ({ reason }) => (typeof reason === 'string' ? reason : ''))]
  const found = byReason.map(([code, rows]) => {
    const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined
    const sum = (of: 'events' | 'people') => rows.reduce((total, row) => total + numberIn(row[of]), 0)
    const kind =
      code === ''
        ? 'no reason given'
        : code === 'other' || !known
          ? 'another reason'
          : known['guideline-supported']
            ? 'a guideline supports it'
            : 'no guideline supports it'
    return {
      value: known?.display ?? (code === '' ? 'none' : 'of the EHR itself'),
      class: kind,
      overridden: sum('events'),
      people: sum('people'),
    }
  })
  const hidden = hiddenIn(found.map(({ value, people }) => [value, [{ part: 0, of: people }]]))
  return found
    .map(({ people: _, ...each }) => ({ ...each, hidden: hidden.has(each.value) }))
    .sort((a, b) => b.overridden - a.overridden || (a.value < b.value ? -1 : 1))
}

function withHidden(net: readonly OrderOutcomes[]): (OrderOutcomes & { hidden: boolean })[] {
  const name = ({ rule = '' }: OrderOutcomes) => rule
  const hidden = hiddenIn(
    net.map((each) => [
      name(each),
      [
        { of: each.drafted - each.unknown, part: each.replaced + each.gone },
        { of: each.drafted, part: each.replaced },
      ],
    ]),
  )
  return net.map((each) => ({ ...each, hidden: hidden.has(name(each)) }))
}
