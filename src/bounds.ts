/** How much of what comes from elsewhere is taken, and how it is cut in one pass however long it is. */

/** Characters. */
export const longest = {
  /** An address: what browsers and proxies let through. */
  url: 2048,
  /** An id. FHIR allows 64; Epic's have up to 194. */
  id: 194,
} as const

const slash = 47

/** An address without the slashes at its end. Not by an expression: those look at each slash of a row anew. */
export function withoutClosingSlashes(address: string): string {
  let end = address.length
  while (end > 0 && address.charCodeAt(end - 1) === slash) end -= 1
  return end === address.length ? address : address.slice(0, end)
}
