/** An export as it was given: which file is of which type, and that every line of it can be counted, and counts once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Misunderstood } from '../src/cli/arguments.ts'
import type { Library } from '../src/library.ts'
import type { Engine, NamedView } from './engine.ts'
import { resourceTypes } from './view/elements.ts'

const viewsFolder = join(import.meta.dirname, 'views')

export const readViews = (): readonly NamedView[] =>
  readdirSync(viewsFolder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(viewsFolder, file), 'utf8')) as NamedView)

export interface Intake {
  /** In each an entry stands once; none for a type that never came. */
  filesOf(type: string): readonly string[]
  /** Names of files that hold data, as far as a name can tell, and of which nobody can tell the type. */
  unread: readonly string[]
  /** Entries that stood there again, of all types: the latest of each is read. */
  repeated: number
}

/** Everything that measures and rules read. */
export const typesRead = ({ queries }: Pick<Library, 'queries'>): readonly string[] =>
  [...new Set([...readViews().map(({ resource }) => resource), ...Object.keys(queries)])].sort()

/** Where no order is judged the measures read their views alone. */
const noRules: Pick<Library, 'queries'> = { queries: {} }

/** Throws Misunderstood with the file and the line of the first entry that nobody could count. */
export async function takeIn(
  engine: Engine,
  folder: string,
  lumbar: Pick<Library, 'queries'> = noRules,
): Promise<Intake> {
  const types = typesRead(lumbar)
  const names = await engine.list(folder).catch(() => {
    throw new Misunderstood(`There is no folder ${folder}. --from names the folder with the files of NDJSON.`)
  })
  const typeOf = (name: string) => typeIn(name, types)
  const named = Map.groupBy(names, typeOf)
  const filesOf = new Map<string, readonly string[]>()
  let repeated = 0
  for (const type of types) {
    const files = (named.get(type) ?? []).map((name) => `${folder.replace(/\/$/, '')}/${name}`)
    if (files.length === 0) continue
    const again = await timesAgain(engine, type, files).catch((error: Error) => error)
    if (typeof again !== 'number') {
      throw await unreadable(engine, type, files, again)
    }
    filesOf.set(type, again > 0 ? await engine.latest(type, files) : files)
    repeated += again
  }
  if (!filesOf.has('Patient')) throw new Misunderstood(noPatient(folder, names))
  const unread = names.filter((name) => looksLikeData.test(name) && typeOf(name) === undefined)
  return { filesOf: (type) => filesOf.get(type) ?? [], unread, repeated }
}

const ending = /\.ndjson(\.gz)?$/i
const looksLikeData = /\.(ndjson|jsonl)(\.\w+)?$|\.(zip|tar|tgz|7z|parquet)$/i

/**
 * As bulk exports name them: `Patient.ndjson`, `Patient.000.ndjson.gz`, `1.Patient.ndjson`, `Patient/part-1.ndjson`. The last
 * word that is a type of FHIR tells, one that is asked for before others, and of the file before its folders.
 */
export function typeIn(name: string, asked: readonly string[]): string | undefined {
  if (!ending.test(name)) return undefined
  for (const part of name.replace(ending, '').split('/').reverse()) {
    const types = (part.match(/[A-Za-z]+/g) ?? []).flatMap(
      (word) => resourceTypes().get(word.toLowerCase()) ?? [],
    )
    const type = types.findLast((each) => asked.includes(each)) ?? types.at(-1)
    if (type !== undefined) return type
  }
  return undefined
}

/** How many lines are of an entry that stood there before. Throws where a line is none of this type, or has no id. */
async function timesAgain(engine: Engine, type: string, files: readonly string[]): Promise<number> {
  const [{ odd = 0, again = 0 } = {}] = await engine.rows<Record<'odd' | 'again', number>>(`
    SELECT CAST(coalesce(sum(n) FILTER (WHERE type IS DISTINCT FROM '${type}' OR coalesce(id, '') = ''), 0) AS BIGINT) AS odd,
      CAST(coalesce(sum(n - 1), 0) AS BIGINT) AS again
    FROM (SELECT type, id, count(*) AS n FROM ${engine.named(files)} GROUP BY type, id)`)
  if (odd > 0) throw new Error(`${odd} lines are none of ${type}, or have no id.`)
  return again
}

/** Names the line where that can be found. The words of a database may hold a piece of the line, and are not told. */
export async function unreadable(
  engine: Engine,
  type: string,
  files: readonly string[],
  error: Error,
): Promise<Misunderstood> {
  if (error instanceof Misunderstood) return error
  const odd = await engine.oddLine(type, files, readViews())
  return new Misunderstood(
    odd
      ? `${odd.file}, line ${odd.line}: ${odd.why}. Mend that line or take it out: nothing was counted without it.`
      : `${type} cannot be read: ${withoutLines(error)}`,
  )
}

const withoutLines = ({ message }: Error) => (message.split('\n')[0] ?? '').replace(/\{.*\}?|"[^"]*"/g, '…')

function noPatient(folder: string, names: readonly string[]): string {
  const most = 5
  const found =
    names.length === 0
      ? 'It is empty.'
      : `In it: ${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}.`
  return `${folder} has no Patient.ndjson. A bulk export has files of NDJSON for each type, such as Patient.ndjson or Patient.001.ndjson.gz. ${found}`
}
