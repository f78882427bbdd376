/** A folder of NDJSON into tables: every view over its file, and every code as the service itself reads it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Misunderstood } from '../src/cli/arguments.ts'
import type { Library } from '../src/library.ts'
import type { Engine, NamedView } from './engine.ts'

const viewsFolder = join(import.meta.dirname, 'views')

export const readViews = (): readonly NamedView[] =>
  readdirSync(viewsFolder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(viewsFolder, file), 'utf8')) as NamedView)

/** Files of a type as bulk exports name them: `Patient.ndjson`, `Patient.000.ndjson`, `1.Patient.ndjson`. */
type FilesOf = (type: string) => readonly string[]

export async function filesIn(engine: Engine, folder: string): Promise<FilesOf> {
  const names = await engine.list(folder).catch(() => {
    throw new Misunderstood(`There is no folder ${folder}. --from names the folder with the files of NDJSON.`)
  })
  return (type) => {
    const named = new RegExp(`(^|[^A-Za-z])${type}([^A-Za-z].*)?\\.ndjson(\\.gz)?$`)
    return names.filter((name) => named.test(name)).map((name) => `${folder.replace(/\/$/, '')}/${name}`)
  }
}

/** Types that the views read and of which the folder has no file. */
interface Loaded {
  missingTypes: readonly string[]
}

export async function loadFolder(engine: Engine, folder: string, views = readViews()): Promise<Loaded> {
  const filesOf = await filesIn(engine, folder)
  if (filesOf('Patient').length === 0)
    throw new Misunderstood(
      `${folder} has no Patient.ndjson. A bulk export has one file of NDJSON for each type.`,
    )
  const missing = new Set<string>()
  for (const view of views) {
    const type = String(view.resource)
    const files = filesOf(type)
    if (files.length === 0) missing.add(type)
    try {
      await engine.view(view, files)
    } catch (error) {
      const said = (error as Error).message.split('\n')[0]
      throw new Misunderstood(`${type} in ${folder} cannot be read: ${said}`)
    }
  }
  return { missingTypes: [...missing] }
}

/** Tables with a coding in their rows. */
const codings = [
  'conditions',
  'procedures',
  'procedure_reasons',
  'service_requests',
  'medication_requests',
  'medication_dispenses',
  'encounter_reasons',
]

/**
 * The one code table: each coding that stands in the export, with the value sets it belongs to. Made anew for each export,
 * because codes below a category and other spellings of a system are then exactly those that were sent.
 */
export async function loadCodes(engine: Engine, codes: Library['codes']): Promise<void> {
  await engine.run(
    `CREATE TABLE codings AS SELECT system, code, min(display) AS display, count(*) AS entries FROM (${codings
      .map((table) => `SELECT system, code, display FROM ${table} WHERE code IS NOT NULL`)
      .join(' UNION ALL ')}) GROUP BY system, code;
    CREATE TABLE coded (system STRING, code STRING, value_set STRING, grp STRING);
    CREATE TABLE long_acting (code STRING);
    CREATE TABLE not_held (system STRING, code STRING);`,
  )
  type Coding = { system: string | null; code: string; display: string | null }
  for await (const part of engine.stream<Coding>('SELECT system, code, display FROM codings')) {
    const read = part.map(({ system, code, display }) => {
      const coding = { system: system ?? undefined, code, display: display ?? undefined }
      const { rows, isHeld } = codes.read(coding)
      const sets = new Map(rows.map(({ set, group }) => [`${set}\n${group}`, { value_set: set, grp: group }]))
      const isLongActing = codes.lookup(coding).some(({ columns }) => columns.er_la === 'yes')
      return { system, code, isHeld, isLongActing, sets: [...sets.values()] }
    })
    const coded = read.flatMap(({ system, code, sets }) => sets.map((each) => ({ system, code, ...each })))
    await engine.insert('coded', coded)
    const longActing = read.filter((each) => each.isLongActing)
    await engine.insert(
      'long_acting',
      longActing.map(({ code }) => ({ code })),
    )
    const notHeld = read.filter((each) => !each.isHeld)
    await engine.insert(
      'not_held',
      notHeld.map(({ system, code }) => ({ system, code })),
    )
  }
}
