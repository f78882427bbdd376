/** Reading content files, with the line of every value so that a mistake can be pointed at. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Place, Problems } from './problems.ts'

export type Path = readonly PropertyKey[]

export class YamlFile {
  readonly file: string
  readonly value: unknown
  readonly #document: Document
  readonly #lines: LineCounter
  readonly #firstLine: number

  constructor(file: string, document: Document, lines: LineCounter, firstLine: number) {
    this.file = file
    this.value = document.toJS()
    this.#document = document
    this.#lines = lines
    this.#firstLine = firstLine
  }

  /** Where the value at this path is written, or the nearest thing around it that is. */
  place(path: Path): Place {
    let node: unknown = this.#document.contents
    let offset = startOf(node)
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document)
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
        if (!pair) break
        offset = startOf(pair.key) ?? offset
        node = pair.value
      } else if (isSeq(node) && typeof step === 'number') {
        node = node.items[step]
        offset = startOf(node) ?? offset
      } else break
    }
    return { file: this.file, line: this.#firstLine + this.#lines.linePos(offset ?? 0).line - 1 }
  }
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : undefined
}

/** `undefined` when it cannot be read at all; the reason is then among the problems. */
export function parseYaml(
  file: string,
  text: string,
  problems: Problems,
  firstLine = 1,
): YamlFile | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  let readable = true
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const place = { file, line: firstLine + lines.linePos(pos[0]).line - 1 }
    if (code === 'DUPLICATE_KEY') {
      const key =
        text
          .slice(pos[0])
          .match(/^[^:\n]+/)?.[0]
          .trim() ?? ''
      problems.add(place, `"${key}" stands here a second time: keep one, or give it another name`)
    } else {
      // What the parser says after its first stumble is mostly about that stumble.
      if (readable) problems.add(place, `is not readable as YAML: ${message.split('\n')[0]}`)
      readable = false
    }
  }
  return readable ? new YamlFile(file, document, lines, firstLine) : undefined
}

/** A file's text; a missing one is a problem unless the caller can do without. */
export function readText(root: string, file: string, problems: Problems): string | undefined {
  const path = resolve(root, file)
  if (existsSync(path))
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/\r\n/g, '\n')
  problems.add({ file, line: 1 }, 'is missing: the service cannot start without this file')
  return undefined
}

export function readYaml(root: string, file: string, problems: Problems): YamlFile | undefined {
  const text = readText(root, file, problems)
  return text === undefined ? undefined : parseYaml(file, text, problems)
}

/** Files of a folder with this ending, in name order, as paths from the root. */
export function filesIn(root: string, folder: string, ending: string): string[] {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`)
}
