/** Reads literal references: relative, absolute and versioned ones name a type and an id, others do not. */

export interface Target {
  /** The server's address; undefined in a relative reference. */
  base: string | undefined
  type: string
  id: string
}

const typeName = /^[A-Z][A-Za-z]+$/

/** `Type/id` at the end of a reference; undefined for `#contained`, `urn:`, conditional and odd ones. */
export function targetOf(reference: string): Target | undefined {
  const version = reference.lastIndexOf('/_history')
  const end = version > 0 ? version : reference.length
  const slash = reference.lastIndexOf('/', end - 1)
  if (slash < 1 || slash === end - 1 || reference.includes('?')) return undefined
  const start = reference.lastIndexOf('/', slash - 1) + 1
  const type = reference.slice(start, slash)
  if (!typeName.test(type)) return undefined
  const base = start > 1 && reference.includes('://') ? reference.slice(0, start - 1) : undefined
  return { base, type, id: reference.slice(slash + 1, end) }
}

/** The uuid of `urn:uuid:…`. Synthea and others give the resource the same id. */
export function uuidOf(reference: string): string | undefined {
  return reference.startsWith('urn:uuid:') ? reference.slice('urn:uuid:'.length) : undefined
}
