/** Value sets as they are written: one CSV file a set, every row kept. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { type CodeSystem, spelling } from './code-systems.ts'
import type { CodeRow } from './codes.ts'
import { filesIn, readText } from './files.ts'
import type { MedicineName } from './medicine-names.ts'
import { type Problems, unknownName } from './problems.ts'

export const codesFolder = 'pathway/codes'
const namesPath = 'pathway/medicine-names.csv'
const needed = ['system', 'code', 'display', 'group', 'source', 'verified', 'note']
const neededOfNames = ['name', 'means', 'kind', 'source', 'verified', 'note']

/** `systems` is undefined when that file could not be read: then no system is called unknown. */
export function readCodeRows(
  root: string,
  systems: readonly CodeSystem[] | undefined,
  problems: Problems,
): { rows: CodeRow[]; columns: ReadonlyMap<string, ReadonlySet<string>>; complete: boolean } {
  const uris = new Map(
    systems?.flatMap(({ uri, aliases }) => [uri, ...aliases].map((name) => [spelling(name), uri])),
  )
  const rows: CodeRow[] = []
  const columns = new Map<string, ReadonlySet<string>>()
  const files = filesIn(root, codesFolder, '.csv')
  let complete = files.length > 0
  if (!complete) problems.add({ file: codesFolder, line: 1 }, 'holds no value set (*.csv)')
  for (const file of files) {
    const set = file.slice(codesFolder.length + 1, -'.csv'.length)
    const { header, records } = readCsv(file, readText(root, file, problems) ?? '', problems)
    if (records.length === 0) complete = false
    columns.set(set, new Set(header.filter((column) => !needed.includes(column))))
    for (const { record, line } of records) {
      const row = codeRow(set, record)
      const place = { file, line }
      if (!row.code || !row.group) problems.add(place, 'has no code or no group: every row needs both')
      if (record.verified !== 'yes' && record.verified !== 'no') {
        problems.add(place, `"verified" must be yes or no, not "${record.verified ?? ''}"`)
      }
      const uri = uris.get(spelling(row.system))
      if (systems && uri !== row.system) {
        const canonical = systems.map((system) => system.uri)
        const hint = uri === undefined ? unknownName('code system', row.system, canonical) : `write ${uri}`
        problems.add(place, uri === undefined ? hint : `code system "${row.system}" is an alias: ${hint}`)
      }
      rows.push(row)
    }
  }
  return { rows, columns, complete }
}

/** Names of medicines; none where a pathway has no such file. */
export function readMedicineNames(
  root: string,
  rows: readonly CodeRow[],
  problems: Problems,
): MedicineName[] {
  if (!existsSync(join(root, namesPath))) return []
  const { records } = readCsv(namesPath, readText(root, namesPath, problems) ?? '', problems, neededOfNames)
  const first = new Map<string, number>()
  const groups = new Set(rows.map(({ key }) => key))
  return records.flatMap(({ record, line }) => {
    const { name = '', means = '', source = '', group } = record
    const place = { file: namesPath, line }
    if (!name || !means || !source) {
      problems.add(place, 'needs a name, what it means, and a source')
      return []
    }
    const before = first.get(name.toLowerCase())
    if (before !== undefined) problems.add(place, `"${name}" stands in line ${before} already: keep one`)
    first.set(name.toLowerCase(), line)
    if (group && !groups.has(group)) problems.add(place, unknownName('group', group, groups))
    return [{ name, means, group }]
  })
}

interface Line {
  record: Readonly<Record<string, string>>
  line: number
}

function readCsv(
  file: string,
  text: string,
  problems: Problems,
  columns: readonly string[] = needed,
): { header: string[]; records: Line[] } {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { delimiter: ',' })
  const lines = lineNumbers(data)
  const [error] = errors
  if (error) {
    problems.add({ file, line: lines[error.row ?? 0] ?? 1 }, `is not readable as CSV: ${error.message}`)
    return { header: [], records: [] }
  }
  const header = data[0] ?? []
  const missing = columns.filter((column) => !header.includes(column))
  if (missing.length > 0) {
    problems.add({ file, line: 1 }, `lacks the column ${missing.join(', ')}`)
    return { header, records: [] }
  }
  const records = data.flatMap((record, at) =>
    at === 0 || isBlank(record)
      ? []
      : [
          {
            record: Object.fromEntries(header.map((column, place) => [column, record[place] ?? ''])),
            line: lines[at] ?? 1,
          },
        ],
  )
  return { header, records }
}

const isBlank = (record: readonly string[]) => record.length === 1 && record[0] === ''

/** On which line each record begins: a quoted field may hold line breaks of its own. */
function lineNumbers(records: readonly (readonly string[])[]): number[] {
  let line = 1
  return records.map((record) => {
    const begins = line
    line +=
      1 +
      record.reduce((breaks, field) => breaks + (field.includes('\n') ? field.split('\n').length - 1 : 0), 0)
    return begins
  })
}

function codeRow(set: string, record: Readonly<Record<string, string>>): CodeRow {
  const { system = '', code = '', display = '', group = '', source = '', verified } = record
  const extra = Object.entries(record).filter(([column]) => !needed.includes(column))
  return {
    set,
    group,
    key: `${set}/${group}`,
    system,
    code,
    display,
    source,
    verified: verified === 'yes',
    columns: Object.fromEntries(extra),
  }
}
