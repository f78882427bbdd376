/** The words of the cards, line by line; and offers, answers, sentences around them, and sources. */

import { diff } from 'node:util'
import type { CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import type { Card } from '../../pathway/schema.ts'
import {
  added,
  fromTo,
  indented,
  isSame,
  keyChanges,
  namesOf,
  recordChanges,
  removed,
  type Section,
  section,
} from './section.ts'

// Value sets: rows that came, went or changed, counted by group and named as far as a reader can take them in.

/** Rows of one group that are named; the rest is counted. */
const mostNamed = 8

export function codeChanges({ codes: before }: Content, { codes: after }: Content): Section {
  const [was, is] = [byGroup(before.rows), byGroup(after.rows)]
  const keys = [...new Set([...is.keys(), ...was.keys()])].sort()
  return section(
    'Value sets',
    keys.flatMap((key) => groupChange(key, was.get(key) ?? new Map(), is.get(key) ?? new Map())),
  )
}

type Rows = ReadonlyMap<string, CodeRow>

function byGroup(rows: readonly CodeRow[]): Map<string, Map<string, CodeRow>> {
  const groups = new Map<string, Map<string, CodeRow>>()
  for (const row of rows) {
    const group = groups.get(row.key) ?? new Map<string, CodeRow>()
    groups.set(row.key, group.set(`${row.system}|${row.code}`, row))
  }
  return groups
}

function groupChange(key: string, was: Rows, is: Rows): string[] {
  const came = [...is].filter(([code]) => !was.has(code)).map(([, row]) => row)
  const went = [...was].filter(([code]) => !is.has(code)).map(([, row]) => row)
  const changed = [...is].flatMap(([code, row]) => {
    const before = was.get(code)
    return before && !isSame(before, row) ? [{ before, row }] : []
  })
  const counts = [
    came.length > 0 ? `${came.length} added` : '',
    went.length > 0 ? `${went.length} removed` : '',
    changed.length > 0 ? `${changed.length} changed` : '',
  ].filter((count) => count !== '')
  if (counts.length === 0) return []
  return [
    `${key}: ${counts.join(', ')} (${was.size} → ${is.size} codes)`,
    ...indented([
      ...cut(came.map((row) => added(named(row)))),
      ...cut(went.map((row) => removed(named(row)))),
      ...cut(changed.map(({ before, row }) => `${named(row)}: ${difference(before, row)}`)),
    ]),
  ]
}

const named = ({ system, code, display }: CodeRow) => `${code} ${display} (${system})`

function difference(before: CodeRow, after: CodeRow): string {
  const flat = ({ columns, ...row }: CodeRow) => ({ ...row, ...columns })
  const [was, is]: Record<string, unknown>[] = [flat(before), flat(after)]
  return Object.keys(is ?? {})
    .filter((key) => was?.[key] !== is?.[key])
    .map((key) => `${key} ${fromTo(was?.[key], is?.[key])}`)
    .join(', ')
}

const cut = (lines: readonly string[]) =>
  lines.length > mostNamed
    ? [...lines.slice(0, mostNamed), `and ${lines.length - mostNamed} more`]
    : [...lines]

export function cardChanges({ cards: before }: Content, { cards: after }: Content): Section {
  return section(
    'Cards',
    recordChanges<Card>(before, after, {
      name: (id, { summary, line }) => `${id}: “${summary ?? line ?? ''}”`,
      changes: (was, is) => [...keyChanges(was, is, ['detail']), ...lines(was.detail, is.detail)],
    }),
  )
}

/** Only the lines that differ. */
function lines(was: string, is: string): string[] {
  if (was === is) return []
  return diff(is.split('\n'), was.split('\n')).flatMap(([kind, line]) => {
    if (kind === 0 || line.trim() === '') return []
    return [kind === 1 ? added(line) : removed(line)]
  })
}

export function otherChanges(before: Content, after: Content): Section[] {
  const records = (title: string, was: Things, is: Things) =>
    section(
      title,
      recordChanges(was, is, { name: (name) => name, changes: (one, other) => keyChanges(one, other) }),
    )
  return [
    records('Offers', before.suggestions.suggestions, after.suggestions.suggestions),
    records('What an offer drafts', before.suggestions.orders, after.suggestions.orders),
    records('Reasons to keep an order', reasons(before), reasons(after)),
    section('Sentences around the cards', sentences(before, after)),
    records('Sources', before.sources, after.sources),
    records('Words that are looked for', before.words.lists, after.words.lists),
    records('What brings an order into the pathway', before.orderKinds, after.orderKinds),
    records('What is asked of the EHR', before.queries, after.queries),
    section('Episode of back pain', keyChanges(before.episode, after.episode)),
  ]
}

type Things = Readonly<Record<string, object>>

const reasons = ({ overrideReasons: { reasons, families } }: Content): Things => ({
  ...reasons,
  ...Object.fromEntries(families.map((family) => [`on cards about ${family.family}`, family])),
})

function sentences(
  { phrases: { phrases: before } }: Content,
  { phrases: { phrases: after } }: Content,
): string[] {
  const [was, is]: Record<string, string>[] = [before, after]
  return namesOf(before, after).flatMap((name) =>
    isSame(was?.[name], is?.[name]) ? [] : [`${name}: ${fromTo(was?.[name], is?.[name])}`],
  )
}
