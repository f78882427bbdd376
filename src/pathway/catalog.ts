/**
 * Named things read from one or several files, each with the lines it came from. Things that are wrong in
 * shape still count as names, so that one mistake is not reported at every place that refers to it.
 */
import type { z } from 'zod'
import type { Path, YamlFile } from './files.ts'
import type { Place, Problems } from './problems.ts'
import { valueAt } from './shape.ts'

// Named things as checks ask of them: those of a catalog that was just read, or of content that was checked before.

export interface Named<T> {
  entries: readonly { name: string; value: T }[]
  names: ReadonlySet<string>
  /** False when a file could not be read: then nobody knows which names are missing. */
  complete: boolean
  get(name: string): T | undefined
  /** True when nothing of this name is known, and everything that exists has been read. */
  lacks(name: string): boolean
}

export function namedIn<T>(record: Readonly<Record<string, T>>): Named<T> {
  const all = new Map(Object.entries(record))
  return {
    entries: [...all].map(([name, value]) => ({ name, value })),
    names: new Set(all.keys()),
    complete: true,
    get: (name) => all.get(name),
    lacks: (name) => !all.has(name),
  }
}

export interface Entry<T> {
  name: string
  value: T
  /** As written, before defaults. */
  raw: unknown
  place(...path: Path): Place
}

export class Catalog<T> implements Named<T> {
  /** Those of the right shape, in file order. */
  readonly entries: Entry<T>[] = []
  /** Names of the rest too. */
  readonly names = new Set<string>()
  /** All that was written, right or wrong. */
  readonly raw: unknown[] = []
  /** False when a file could not be read: then nobody knows which names are missing. */
  complete = true
  readonly #kind: string
  readonly #schema: z.ZodType<T>
  readonly #first = new Map<string, Place>()

  constructor(kind: string, schema: z.ZodType<T>) {
    this.#kind = kind
    this.#schema = schema
  }

  /** Takes in what stands under a key of a file: named entries, or a list whose entries carry their `id`. */
  add(file: YamlFile | undefined, key: string, problems: Problems) {
    const written = valueAt(file?.value, [key])
    if (!file || typeof written !== 'object' || written === null) {
      this.complete = false
      return
    }
    for (const [step, raw] of Object.entries(written)) {
      const path = Array.isArray(written) ? [key, Number(step)] : [key, step]
      const id = Array.isArray(written) ? valueAt(raw, ['id']) : step
      const place = (...inner: Path) => file.place([...path, ...inner])
      this.raw.push(raw)
      if (typeof id !== 'string') continue
      const first = this.#first.get(id)
      if (first) {
        const where = `${first.file}:${first.line}`
        problems.add(
          place('id'),
          `${this.#kind} "${id}" is already in ${where}: give one of them another name`,
        )
        continue
      }
      this.#first.set(id, place())
      this.names.add(id)
      const checked = this.#schema.safeParse(raw)
      if (checked.success) this.entries.push({ name: id, value: checked.data, raw, place })
    }
  }

  get(name: string): T | undefined {
    return this.entries.find((entry) => entry.name === name)?.value
  }

  /** True when nothing of this name is known, and everything that exists has been read. */
  lacks(name: string): boolean {
    return this.complete && !this.names.has(name)
  }

  get record(): Record<string, T> {
    return Object.fromEntries(this.entries.map(({ name, value }) => [name, value]))
  }
}
