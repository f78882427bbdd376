/** The CSV of a value set: what is derived is written anew, what is listed by hand stays as it stands. */
import Papa from 'papaparse'
import type { ValueSet } from '../../pathway/schema.ts'
import type { Row } from './expand.ts'

const columns = ['system', 'code', 'display', 'group', 'source', 'verified', 'note']

export function readRows(text: string): Row[] {
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  return data.map((line) => {
    const { system = '', code = '', display = '', group = '', source = '', verified, note = '' } = line
    const more = Object.fromEntries(Object.entries(line).filter(([name]) => !columns.includes(name)))
    return { system, code, display, group, source, verified: verified === 'yes' ? 'yes' : 'no', note, more }
  })
}

export function writeRows(rows: readonly Row[]): string {
  const more = [...new Set(rows.flatMap((row) => Object.keys(row.more)))]
  const lines = rows.map(({ more: own, ...row }) => ({
    ...row,
    ...Object.fromEntries(more.map((name) => [name, own[name] ?? ''])),
  }))
  return `${Papa.unparse(lines, { columns: [...columns, ...more], newline: '\n' })}\n`
}

/**
 * The derived rows, and of the rows that stand there those that the definition calls listed. A listed row goes before a
 * derived one of the same code.
 */
export function mergeRows(
  set: ValueSet,
  derived: readonly Row[],
  standing: readonly Row[],
  isDerived: (source: string) => boolean,
  /** A code that a row above it stands for, or that the definition leaves out. */
  isDecided: (system: string, code: string) => boolean,
  keyOf: (uri: string) => string,
): { rows: Row[]; problems: string[] } {
  const problems: string[] = []
  const name = ({ system, code }: Row) => `${system}|${code}`
  const known = new Set(derived.map(name))
  const listed = standing.filter((row) => {
    if (isDerived(row.source)) return false
    if (set.listed[keyOf(row.system)] !== undefined) return true
    if (!known.has(name(row)) && !isDecided(keyOf(row.system), row.code))
      problems.push(
        `${row.group}: ${keyOf(row.system)} ${row.code} ${row.display}: neither derived nor called listed`,
      )
    return false
  })
  const kept = new Set(listed.map(name))
  const rows = [...listed, ...derived.filter((row) => !kept.has(name(row)))]
  const order = Object.keys(set.groups)
  const place = ({ group }: Row) => order.indexOf(group)
  const text = ({ system, code }: Row) => `${system} ${code}`
  return {
    rows: rows.sort((a, b) => place(a) - place(b) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0)),
    problems,
  }
}
