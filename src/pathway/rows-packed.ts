/** Rows of value sets as they are kept in a file: a set after the other, and each text that comes again only once. */
import type { CodeRow } from './codes.ts'

export interface PackedRows {
  /** Groups, systems, sources and what stands in columns that only some sets have. */
  texts: readonly string[]
  sets: readonly PackedSet[]
}

interface PackedSet {
  set: string
  columns: readonly string[]
  /** In file order: code, display, and where among the texts are group, system, source; 1 if verified; each column's. */
  rows: readonly (readonly (string | number)[])[]
}

export function packRows(rows: readonly CodeRow[]): PackedRows {
  const texts = new Map<string, number>()
  const numberOf = (text: string) => {
    const known = texts.get(text) ?? texts.size
    texts.set(text, known)
    return known
  }
  const sets = new Map<string, { set: string; columns: readonly string[]; rows: (string | number)[][] }>()
  for (const row of rows) {
    const into = sets.get(row.set) ?? { set: row.set, columns: Object.keys(row.columns), rows: [] }
    sets.set(row.set, into)
    into.rows.push([
      row.code,
      row.display,
      numberOf(row.group),
      numberOf(row.system),
      numberOf(row.source),
      row.verified ? 1 : 0,
      ...into.columns.map((column) => numberOf(row.columns[column] ?? '')),
    ])
  }
  return { texts: [...texts.keys()], sets: [...sets.values()] }
}

/** Rows that say the same in a column share it in memory, too. */
export function unpackRows({ texts, sets }: PackedRows): CodeRow[] {
  const text = (at: string | number | undefined) => texts[Number(at)] ?? ''
  return sets.flatMap(({ set, columns, rows }) => {
    const keys = new Map<string, string>()
    const shared = new Map<string, CodeRow['columns']>()
    return rows.map(([code, display, groupAt, systemAt, sourceAt, verified, ...cells]) => {
      const group = text(groupAt)
      const key = keys.get(group) ?? `${set}/${group}`
      keys.set(group, key)
      const same = cells.join(' ')
      const own =
        shared.get(same) ?? Object.fromEntries(columns.map((column, at) => [column, text(cells[at])]))
      shared.set(same, own)
      return {
        set,
        group,
        key,
        system: text(systemAt),
        code: String(code),
        display: String(display),
        source: text(sourceAt),
        verified: verified === 1,
        columns: own,
      }
    })
  })
}
