/** Finds and reads the collected real-world inputs. They are not part of Lumbar: without them the tests are skipped. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

interface Corpus {
  /** Undefined where there is none. */
  folder: string | undefined
  /** Where it was looked for. */
  place: string
  /** It should be here: a machine that has the folder around it, in CI. */
  expected: boolean
}

function findCorpus(env: NodeJS.ProcessEnv = process.env): Corpus {
  const place = env.LUMBAR_CORPUS || join(root, '../shared/corpus')
  const folder = existsSync(place) && statSync(place).isDirectory() ? place : undefined
  const expected = env.CI === 'true' && (Boolean(env.LUMBAR_CORPUS) || existsSync(dirname(place)))
  return { folder, place, expected }
}

/** Runs tests on the collected inputs. Without the folder one test says so: skipped, or failed where it should be here. */
export function onCorpus(run: (folder: string) => void): void {
  const { folder, place, expected } = findCorpus()
  if (folder !== undefined) {
    run(folder)
    return
  }
  test.skipIf(!expected)(
    `needs collected inputs, which are not part of Lumbar: set LUMBAR_CORPUS to a folder of them (none in ${place})`,
    () => expect.unreachable('the collected inputs should be here'),
  )
}

interface Source {
  /** The folder of one origin. */
  name: string
  files: readonly string[]
}

/** Every file of every source, documentation aside. */
export function listSources(folder: string): Source[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, files: filesBelow(join(folder, name)) }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

export interface CorpusFile {
  /** For messages. */
  name: string
  /** As it was found. */
  body: Buffer
  /** One value, one for each line of NDJSON, or none where it cannot be parsed. */
  values: readonly unknown[]
}

export function readCorpusFile(folder: string, path: string): CorpusFile {
  const stored = readFileSync(path)
  const body = path.endsWith('.gz') ? gunzipSync(stored) : stored
  return { name: relative(folder, path), body, values: parse(body.toString('utf8')) }
}

function parse(text: string): unknown[] {
  const whole = attempt(text.replace(/^\uFEFF/, ''))
  if (whole !== undefined) return [whole]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const values = lines.map(attempt)
  return values.every((value) => value !== undefined) ? values : []
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
