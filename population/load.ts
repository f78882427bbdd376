/** An export into tables: every view over its files, and every code as the service itself reads it. */
import type { Library } from '../src/library.ts'
import type { Engine } from './engine.ts'
import { type Intake, readViews, unreadable } from './intake.ts'

/** Throws Misunderstood where a line has another form than FHIR gives it. */
export async function loadViews(engine: Engine, { filesOf }: Pick<Intake, 'filesOf'>): Promise<void> {
  for (const view of readViews()) {
    const files = filesOf(view.resource)
    await engine.view(view, files).catch(async (error: Error) => {
      throw await unreadable(engine, view.resource, files, error)
    })
  }
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
