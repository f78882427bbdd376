/** Things that grow: a text, a list, a map and a depth of about so many bytes, in which nothing stands twice. */
import type { Path } from './fhir-types.ts'

export type Kind = 'text' | 'list' | 'map' | 'depth'
export const kinds: readonly Kind[] = ['text', 'list', 'map', 'depth']

const words =
  'red back pain fever cancer night stiff disc lower chronic knee no denies take 1 tablet mg every oxycodone 5'.split(
    ' ',
  )

/** A few words that no other number gives. */
export const phrase = (n: number): string =>
  `${words[n % words.length]} ${words[(n * 7 + 3) % words.length]} ${n} ${words[(n * 5 + 1) % words.length]}`

/** What readers look for under any name: words, codes, numbers, references, more of the same inside. */
export const sample = (n: number): Record<string, unknown> => ({
  text: phrase(n),
  coding: [{ system: 'http://snomed.info/sct', code: String(n), display: phrase(n + 1) }],
  reference: `Condition/c${n}`,
  value: n,
})

const bytesOfSample = JSON.stringify(sample(1000)).length

export function grown(kind: Kind, bytes: number): unknown {
  if (kind === 'text') return textOf(bytes)
  const count = Math.ceil(bytes / bytesOfSample)
  if (kind === 'list') return Array.from({ length: count }, (_, n) => sample(n))
  if (kind === 'map')
    return Object.fromEntries(Array.from({ length: count }, (_, n) => [`name${n}`, sample(n)]))
  let inside: unknown = sample(0)
  // A level is some ten bytes; more levels than the stack holds cannot come through JSON.
  for (let level = 0; level < Math.min(bytes / 10, 5000); level += 1)
    inside = level % 2 === 0 ? [inside] : { extension: inside, code: inside === undefined ? 1 : 'x' }
  return inside
}

function textOf(bytes: number): string {
  const parts: string[] = []
  for (let n = 0, length = 0; length < bytes; n += 1) {
    const part = phrase(n)
    parts.push(part)
    length += part.length + 1
  }
  return parts.join(' ')
}

/** A resource with this at a place; lists of one are left out, because readers take what stands there for one. */
export function withAt(resource: object, path: Path, value: unknown): object {
  const [name, ...rest] = path
  if (name === undefined) return resource
  const inner = (resource as Record<string, unknown>)[name]
  const held = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {}
  return { ...resource, [name]: rest.length === 0 ? value : withAt(held, rest, value) }
}

/** So many of a thing that they are as long as that together, in JSON. */
export const times = <T>(bytes: number, make: (n: number) => T): T[] => {
  const one = JSON.stringify(make(1000)).length + 1
  return Array.from({ length: Math.max(1, Math.ceil(bytes / one)) }, (_, n) => make(n))
}
