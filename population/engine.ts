/**
 * What the report asks of a database: DuckDB on this machine, or Spark where one machine ends. The SQL is what both
 * understand, and the views are the same files; only what stands in this interface is done by each in its own way.
 */
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ViewDefinition } from './view/view.ts'

export type Row = Readonly<Record<string, string | number | boolean | null | readonly unknown[]>>

export interface NamedView extends ViewDefinition {
  name: string
}

export interface Engine {
  /** One statement or several, each of which ends with a semicolon. */
  run(sql: string): Promise<void>
  /** Days come as each engine has them: ask for them as text. */
  rows<R = Row>(sql: string): Promise<R[]>
  /** Rows in parts of some thousand, so that a large answer is never in memory whole. */
  stream<R = Row>(sql: string): AsyncGenerator<R[]>
  /** Into a table that is there, by the names of its columns. Seen by the next statement. */
  insert(table: string, rows: readonly Row[]): Promise<void>
  /** Paths from a folder to its files and to those of folders in it, in order. Throws where there is no such folder. */
  list(folder: string): Promise<readonly string[]>
  /** SQL of a relation over the lines of these files: `type` and `id` as each says them, empty where it is no resource. */
  named(files: readonly string[]): string
  /** Files with each entry once: of several with one id the one that was updated last, and else always the same one. */
  latest(type: string, files: readonly string[]): Promise<readonly string[]>
  /** The first line that cannot be read, or is none of this type; undefined where none is found. */
  oddLine(type: string, files: readonly string[], views: readonly NamedView[]): Promise<OddLine | undefined>
  /** A table of the view's name, with its rows over these files; without a file it has none. */
  view(view: NamedView, files: readonly string[]): Promise<void>
  /** SQL for the part, from 0 up to so many, that a patient is in. */
  partOf(parts: number): string
  /** Keeps the lines of patients who are in the table `candidates`, for `lines`. */
  keepLines(kept: readonly LinesOf[], parts: number): Promise<void>
  /** Of one part, the lines of a patient one after the other. */
  lines(part: number): AsyncGenerator<{ patient: string; line: string }[]>
  forgetLines(): Promise<void>
  close(): Promise<void>
}

/** What is wrong with a line: never a word of the line itself, which is somebody's chart. */
export interface OddLine {
  file: string
  line: number
  why: string
}

export interface LinesOf {
  /** Of FHIR. */
  type: string
  files: readonly string[]
  /** Where in the line it says whose it is: `$.subject.reference`; or `$.id` of the patient. */
  whose: string
}

/** The id in a reference to a patient: `Patient/1`, an absolute address that ends so, one with a version. */
export const patientReference = '(?:^|/)Patient/([A-Za-z0-9.-]+)'

/** In folders of this machine. What begins with a dot or an underscore is a program's own. */
export const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/'))
    .filter((name) => !/(^|\/)[._]/.test(name))
    .sort()

/** Of a text of several. Comments are left out; a semicolon within quotes ends nothing. */
export function statementsOf(sql: string): string[] {
  const statements = ['']
  for (const [piece] of sql.matchAll(/--[^\n]*|'(?:[^']|'')*'|"[^"]*"|`[^`]*`|;|[^-'"`;]+|./g)) {
    if (piece === ';') statements.push('')
    else if (!piece.startsWith('--')) statements[statements.length - 1] += piece
  }
  return statements.map((each) => each.trim()).filter((each) => each !== '')
}
