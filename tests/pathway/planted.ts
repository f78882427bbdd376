/** Copies the miniature pathway to a temporary folder, plants mistakes in it, and loads it. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadContent } from '../../src/pathway/load.ts'
import { ContentError, type Problem } from '../../src/pathway/problems.ts'

export const fixture = join(import.meta.dirname, 'fixture')

export interface Edit {
  file: string
  /** Text that is replaced once; without it `write` becomes the whole file. */
  find?: string
  /** Without it, and without `find`, the file is deleted. */
  write?: string
}

interface Outcome {
  problems: readonly Problem[]
  /** What a person sees. */
  message: string
  /** The line on which a text stands after the edits; the first line of a file that is gone. */
  lineOf(file: string, text: string): number
}

export function plant(edits: readonly Edit[]): Outcome {
  const root = mkdtempSync(join(tmpdir(), 'lumbar-content-'))
  try {
    cpSync(fixture, root, { recursive: true })
    for (const edit of edits) apply(root, edit)
    const texts = new Map<string, string>()
    const lineOf = (file: string, text: string) => {
      const written = texts.get(file) ?? textOf(fixture, file)
      const at = written.indexOf(text)
      if (at < 0) throw new Error(`${file} does not hold ${text}`)
      return written.slice(0, at).split('\n').length
    }
    for (const { file } of edits) texts.set(file, textOf(root, file))
    return { ...load(root), lineOf }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function load(root: string): Pick<Outcome, 'problems' | 'message'> {
  try {
    loadContent(root)
  } catch (error) {
    if (error instanceof ContentError) return { problems: error.problems, message: error.message }
    throw error
  }
  return { problems: [], message: '' }
}

const textOf = (root: string, file: string) =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''

function apply(root: string, { file, find, write }: Edit) {
  const path = join(root, file)
  if (find === undefined && write === undefined) return rmSync(path)
  if (find === undefined) return writeFileSync(path, write ?? '')
  const before = readFileSync(path, 'utf8')
  if (!before.includes(find)) throw new Error(`${file} does not hold ${find}`)
  // A function, because `$wait-days` would otherwise be read as a reference to a match.
  return writeFileSync(
    path,
    before.replace(find, () => write ?? ''),
  )
}
