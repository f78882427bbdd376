/** Named things as checks ask of them: those of a catalog that was just read, or of content that was checked before. */
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
