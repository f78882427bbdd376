/** A folder of NDJSON into tables: every view over its file, and every code as the service itself reads it. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Misunderstood } from '../src/cli/arguments.ts'
import type { Library } from '../src/library.ts'
import { type Duck, sourceOf } from './duck.ts'
import { quoted } from './view/expression.ts'
import { compileView, usedOf, type ViewDefinition } from './view/view.ts'

const viewsFolder = join(import.meta.dirname, 'views')

interface NamedView extends ViewDefinition {
  name: string
}

export const readViews = (): readonly NamedView[] =>
  readdirSync(viewsFolder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(viewsFolder, file), 'utf8')) as NamedView)

/** Files of a type as bulk exports name them: `Patient.ndjson`, `Patient.000.ndjson`, `1.Patient.ndjson`. */
export function filesOf(folder: string, type: string): readonly string[] {
  const named = new RegExp(`(^|[^A-Za-z])${type}([^A-Za-z].*)?\\.ndjson(\\.gz)?$`)
  return namesIn(folder)
    .filter((name) => named.test(basename(name)))
    .map((name) => join(folder, name))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    throw new Misunderstood(`There is no folder ${folder}. --from names the folder with the files of NDJSON.`)
  }
}

/** Types that the views read and of which the folder has no file. */
interface Loaded {
  missingTypes: readonly string[]
}

export async function loadFolder(duck: Duck, folder: string, views = readViews()): Promise<Loaded> {
  if (filesOf(folder, 'Patient').length === 0)
    throw new Misunderstood(
      `${folder} has no Patient.ndjson. A bulk export has one file of NDJSON for each type.`,
    )
  const missing = new Set<string>()
  for (const view of views) {
    const used = usedOf(view.resource)
    const compiled = compileView(view, used)
    const files = filesOf(folder, view.resource)
    if (files.length === 0) missing.add(view.resource)
    try {
      await duck.run(`CREATE TABLE ${view.name} AS ${compiled.query(sourceOf(files, used))}`)
    } catch (error) {
      const said = (error as Error).message.split('\n')[0]
      throw new Misunderstood(`${view.resource} in ${folder} cannot be read: ${said}`)
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
export async function loadCodes(duck: Duck, codes: Library['codes']): Promise<void> {
  await duck.run(
    `CREATE TABLE codings AS SELECT system, code, min(display) AS display, count(*) AS entries FROM (${codings
      .map((table) => `SELECT system, code, display FROM ${table} WHERE code IS NOT NULL`)
      .join(' UNION ALL ')}) GROUP BY system, code`,
  )
  await duck.run('CREATE TABLE coded (system VARCHAR, code VARCHAR, value_set VARCHAR, grp VARCHAR)')
  await duck.run('CREATE TABLE long_acting (code VARCHAR)')
  await duck.run('CREATE TABLE not_held (system VARCHAR, code VARCHAR)')
  type Coding = { system: string | null; code: string; display: string | null }
  for await (const part of duck.stream<Coding>('SELECT system, code, display FROM codings')) {
    const rows = part.flatMap(({ system, code, display }) => {
      const { rows: found } = codes.read({ system: system ?? undefined, code, display: display ?? undefined })
      const groups = new Set(found.map(({ set, group }) => `${set}\n${group}`))
      return [...groups].map((each) => [system, code, ...each.split('\n')])
    })
    await insert(duck, 'coded', rows)
    const er = part.filter(({ system, code }) =>
      codes.lookup({ system: system ?? undefined, code }).some(({ columns }) => columns.er_la === 'yes'),
    )
    await insert(
      duck,
      'long_acting',
      er.map(({ code }) => [code]),
    )
    const others = part.filter(
      ({ system, code, display }) =>
        !codes.read({ system: system ?? undefined, code, display: display ?? undefined }).isHeld,
    )
    await insert(
      duck,
      'not_held',
      others.map(({ system, code }) => [system, code]),
    )
  }
}

async function insert(
  duck: Duck,
  table: string,
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map(
    (row) => `(${row.map((each) => (each === null ? 'NULL' : quoted(each))).join(', ')})`,
  )
  await duck.run(`INSERT INTO ${table} VALUES ${values.join(', ')}`)
}
