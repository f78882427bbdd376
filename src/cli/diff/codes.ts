/** Value sets: rows that came, went or changed, counted by group and named as far as a reader can take them in. */
import type { CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import { added, fromTo, indented, isSame, removed, type Section, section } from './section.ts'

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
