/** What of an export was begun and brought, in a file beside its files; and the manifest by which the server lists them. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Refused } from './remote.ts'

const output = z.object({
  type: z.string().regex(/^[A-Z][A-Za-z]{1,60}$/),
  url: z.url({ protocol: /^https?$/ }),
  count: z.int().min(0).optional(),
})
const manifest = z.object({
  requiresAccessToken: z.boolean(),
  output: z.array(output),
  /** How many files of errors. */
  errors: z.int(),
})
export type Manifest = z.infer<typeof manifest>

const progressFile = z.object({
  /** The address that the export was asked for at. */
  asked: z.string(),
  status: z.url().optional(),
  manifest: manifest.optional(),
  /** Bytes of each file that is whole. */
  brought: z.record(z.string(), z.number()),
})
export type Progress = z.infer<typeof progressFile>

const name = '.export.json'

/** Undefined where nothing was begun. Throws Refused for a folder of another export. */
export function readProgress(folder: string, asked: string): Progress | undefined {
  mkdirSync(folder, { recursive: true })
  let text: string
  try {
    text = readFileSync(join(folder, name), 'utf8')
  } catch {
    return undefined
  }
  const read = progressFile.safeParse(jsonOr(text))
  if (!read.success)
    throw new Refused(`${join(folder, name)} cannot be read. Take the folder away to begin anew.`)
  if (read.data.asked !== asked)
    throw new Refused(
      `${folder} holds an export of another server or of other types. Name another folder, or take it away.`,
    )
  return read.data
}

/** Whole or not at all. */
export function writeProgress(folder: string, progress: Progress): void {
  const file = join(folder, name)
  writeFileSync(`${file}.part`, JSON.stringify(progress, null, 1))
  renameSync(`${file}.part`, file)
}

/** Bulk Data 2.0.0: `output` and `error` are lists of files. */
export function manifestIn(text: string, place: string): Manifest {
  const listed = z.object({
    requiresAccessToken: z.boolean().default(false),
    output: z.array(output),
    error: z.array(z.unknown()).default([]),
  })
  const read = listed.safeParse(jsonOr(text))
  if (!read.success)
    throw new Refused(
      'The server says that the export is ready, and lists its files in no way that can be read.',
    )
  const { requiresAccessToken, output: files, error } = read.data
  const elsewhere = files.some(({ url }) => new URL(url).origin !== new URL(place).origin)
  if (requiresAccessToken && elsewhere)
    throw new Refused(
      'The files lie on another server that wants the token of this one. It is not sent there.',
    )
  return { requiresAccessToken, output: files, errors: error.length }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
