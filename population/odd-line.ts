/** Looks for the first line of some files that no database could read, to name it: only when one could not. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { OddLine } from './engine.ts'
import type { Used } from './view/columns.ts'

/** Bytes, as the database is told. */
export const longestLine = 67_108_864
const newline = 10

/** `used` is what is read of the type; undefined where only whole lines are kept. */
export async function oddLine(
  files: readonly string[],
  type: string,
  used: Used | undefined,
): Promise<OddLine | undefined> {
  for (const file of files) {
    let line = 0
    try {
      for await (const bytes of linesOf(file)) {
        line += 1
        const why = problemOf(bytes, type, used)
        if (why !== undefined) return { file, line, why }
      }
    } catch (error) {
      return { file, line: line + 1, why: `cannot be read on (${(error as Error).message})` }
    }
  }
  return undefined
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const bytes = createReadStream(file)
  const stream: Readable = /\.gz$/i.test(file) ? pipeline(bytes, createGunzip(), () => {}) : bytes
  let begun: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, at)])
      begun = []
      from = at + 1
    }
    begun.push(chunk.subarray(from))
  }
  yield Buffer.concat(begun)
}

const notOne = 'it is no JSON, or not one resource alone'

function problemOf(bytes: Buffer, type: string, used: Used | undefined): string | undefined {
  if (bytes.length > longestLine) return `it is longer than ${longestLine / 2 ** 20} MB`
  if (!isUtf8(bytes)) return 'it is not written in UTF-8'
  const text = bytes.toString('utf8').replace(/^\ufeff/, '')
  if (text.trim() === '') return undefined
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return notOne
  }
  if (!isObject(read)) return notOne
  const { resourceType, id } = read
  if (typeof resourceType !== 'string') return 'it does not say of which type it is (resourceType)'
  if (resourceType !== type) return `it is of type ${resourceType.slice(0, 60)}, among those of ${type}`
  if (typeof id !== 'string' || id === '') return 'it has no id'
  const twice = standsTwice(text, used)
  if (twice !== undefined) return `${twice} stands there twice`
  return used && misfit(read, used)
}

/** A name that stands twice in one object of a line of JSON, of those that are read: nobody can tell which is meant. */
function standsTwice(text: string, used: Used | undefined): string | undefined {
  const open: { names: Set<string>; of: Used | undefined }[] = []
  const above = ['id', 'resourceType']
  let last = ''
  let within: Used | undefined
  for (const piece of piecesOf(text)) {
    const here = open.at(-1)
    if (piece === '{') {
      open.push({ names: new Set(), of: open.length === 0 ? used : within })
      within = undefined
    } else if (piece === '}') open.pop()
    else if (piece !== ':') last = piece
    else if (here) {
      const name = JSON.parse(last) as string
      within = here.of?.children.get(name)
      const isRead = within !== undefined || (open.length === 1 && above.includes(name))
      if (isRead && here.names.has(name)) return name
      here.names.add(name)
    }
  }
  return undefined
}

/** Texts, braces and colons of JSON, in their order. No expression for texts: one of megabytes is more than an engine takes. */
function* piecesOf(json: string): Generator<string> {
  const mark = /["{}:]/g
  for (let found = mark.exec(json); found; found = mark.exec(json)) {
    if (found[0] !== '"') {
      yield found[0]
      continue
    }
    const end = endOfText(json, found.index + 1)
    yield json.slice(found.index, end + 1)
    mark.lastIndex = end + 1
  }
}

/** Place of the quotation mark that ends a text: one behind an even number of backslashes. */
function endOfText(json: string, from: number): number {
  for (let at = json.indexOf('"', from); at >= 0; at = json.indexOf('"', at + 1)) {
    let slashes = 0
    while (json[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at
  }
  return json.length
}

type Loose = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An element that has another form than FHIR gives it. */
function misfit(value: Loose, used: Used): string | undefined {
  for (const [name, child] of used.children) {
    const found = value[name]
    if (found === undefined || found === null) continue
    if (child.repeats !== Array.isArray(found))
      return child.repeats
        ? `${name} is a list in FHIR, and none here`
        : `${name} is no list in FHIR, and one here`
    for (const each of Array.isArray(found) ? found : [found]) {
      if (each === null) continue
      const why = wrongForm(each, child)
      if (why !== undefined) return `${name} ${why}`
      const within = isObject(each) ? misfit(each, child) : undefined
      if (within !== undefined) return `${name}: ${within}`
    }
  }
  return undefined
}

function wrongForm(value: unknown, { type, isPrimitive }: Used): string | undefined {
  if (!isPrimitive) return isObject(value) ? undefined : 'has parts in FHIR, and none here'
  // A number or a truth where a text belongs is read as its text.
  if (type === 'string') return typeof value === 'object' ? 'is a text in FHIR, and none here' : undefined
  return isWritten(value, type) ? undefined : `is a ${type} in FHIR, and none here`
}

/** As the database reads them: a number may be written as a text, and a truth as a number. */
function isWritten(value: unknown, type: string): boolean {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean'
  return type === 'number'
    ? /^\s*-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
    : /^(true|t|yes|y|false|f|no|n)$/i.test(value)
}
