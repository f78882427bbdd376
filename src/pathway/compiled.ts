/**
 * The compiled pathway: content that was read and checked once, kept in one file, so that the next start neither parses
 * nor checks it again. The file is named after the digest of its sources and of the program that read them, and carries
 * one of itself: what is stale or damaged is not taken, but made anew.
 */

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { type CodeMap, codeMapOf } from './code-maps.ts'
import { buildCodeIndex, type CodeRow, type IndexParts } from './codes.ts'
import type { Content, Read } from './content.ts'
import { digestOf, digestOfReader, noSite } from './digest.ts'

// Rows of value sets as they are kept in a file: a set after the other, and each text that comes again only once.

interface PackedRows {
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

function packRows(rows: readonly CodeRow[]): PackedRows {
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
function unpackRows({ texts, sets }: PackedRows): CodeRow[] {
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

/** Below the root; not part of the repository. */
export const cacheFolder = '.cache'
const prefix = 'pathway-'
/** Files of other contents and sites that stay, for who goes back and forth between some. */
const mostKept = 16

export interface Opened {
  content: Content
  /** `unkept`: made, and could not be written, with the code of why. */
  how: 'read' | 'made' | { unkept: string }
}

/** As `loadContent`, by way of the compiled file. @throws ContentError */
export async function openContent(
  root: string,
  siteFile?: string,
  folder = join(root, cacheFolder),
): Promise<Opened> {
  const digest = digestOf(root, siteFile)
  const fileOf = (of: string) => join(folder, `${prefix}${of}-${digestOfReader()}.bin`)
  const kept = read(fileOf(digest), digest)
  if (kept) return { content: kept.content, how: 'read' }

  // Reading what people write takes packages that reading a compiled file does not.
  const [{ readContent }, { forSiteIn }] = await Promise.all([import('./load.ts'), import('./for-site.ts')])
  const digestUnset = digestOf(root, noSite)
  const unset = read(fileOf(digestUnset), digestUnset)
  // Where only the site is another one than before, only that is read and checked.
  const own = unset && forSiteIn(unset, root, siteFile, digest)
  const made = own ? { ...own, unset: undefined } : readContent(root, siteFile)
  const { content } = made
  // A file that was saved meanwhile may have been read in its old or its new form.
  if (content.digest !== digest || digestOf(root, siteFile) !== digest) return { content, how: 'made' }
  if (made.unset) write(folder, fileOf(digestUnset), made.unset(digestUnset))
  const failed = write(folder, fileOf(digest), made)
  forget(folder, fileOf(digestUnset))
  return { content, how: failed === undefined ? 'made' : { unkept: failed } }
}

interface Compiled {
  content: Omit<Content, 'codes'>
  rows: PackedRows
  parts: Omit<IndexParts, 'rows' | 'maps'>
  maps: ReadonlyMap<string, CodeMap['targets']>
}

function read(file: string, digest: string): Read | undefined {
  try {
    const bytes = readFileSync(file)
    const body = bytes.subarray(sumLength)
    if (!bytes.subarray(0, sumLength).equals(sumOf(body))) return undefined
    const { content, rows, parts, maps } = deserialize(body) as Compiled
    if (content.digest !== digest) return undefined
    const mapped = new Map([...maps].map(([name, targets]) => [name, codeMapOf(targets)]))
    const whole = { ...parts, rows: unpackRows(rows), maps: mapped }
    return { content: { ...content, codes: buildCodeIndex(whole) }, parts: whole }
  } catch {
    // Not there, not readable or not ours: it is made anew.
    return undefined
  }
}

/** Why it failed, as a code. Another process may write the same at the same time: each its own file, put in place at once. */
function write(folder: string, file: string, { content, parts }: Read): string | undefined {
  const { codes: _, ...plain } = content
  const { rows, maps, ...rest } = parts
  const compiled: Compiled = {
    content: plain,
    rows: packRows(rows),
    parts: rest,
    maps: new Map([...maps].map(([name, { targets }]) => [name, targets])),
  }
  const body = serialize(compiled)
  const draft = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(draft, Buffer.concat([sumOf(body), body]))
    renameSync(draft, file)
    return undefined
  } catch (error) {
    remove(draft)
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}

/** All but the latest, and what the next site is made from. */
function forget(folder: string, spared: string) {
  const files = namesIn(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(folder, name))
    .filter((path) => path !== spared)
    .map((path) => ({ path, made: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.made - a.made)
  for (const { path } of files.slice(mostKept)) remove(path)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What cannot be removed stays: nobody takes it by mistake. */
function remove(path: string) {
  try {
    rmSync(path, { force: true })
  } catch {}
}

const sumLength = 32
const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
