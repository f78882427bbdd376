/** What every definition of the package tells of itself. */
import type { RelatedArtifact } from 'fhir/r4.js'
import type { Content } from '../pathway/content.ts'

/**
 * A package that was never published has no address of its own: `.example` is nobody's. Not a URN, for engines find the library
 * of a plan by `/Library/` in its address.
 */
export const canonicalBase = 'https://lumbar.example/fhir'
/** What cards name, and so not of the package alone. */
export const ruleSystem = 'urn:lumbar:rule'

export interface Dated {
  /** As `2026-11-21`. */
  date: string
}

/** What is told of one definition alone. */
interface Named {
  id: string
  /** For programs. */
  name: string
  title: string
  description: string
}

/** What every definition tells of itself, as CRMI asks it of an artifact that is shared and published. */
export function about({ pathway }: Content, kind: string, { id, ...named }: Named, dated: Dated) {
  return {
    id,
    url: `${canonicalBase}/${kind}/${id}`,
    version: pathway.version,
    ...named,
    status: pathway.status === 'reviewed' ? ('active' as const) : pathway.status,
    ...publishing(dated),
  }
}

export const publishing = ({ date }: Dated) => ({
  experimental: false,
  date,
  publisher: 'the Lumbar contributors',
  copyright:
    'Copyright the Lumbar contributors, Apache License 2.0. Code systems have terms of their own (NOTICE): using CPT in a product needs a licence of the AMA.',
})

export function citationOf({ sources }: Content, id: string): RelatedArtifact {
  const source = sources[id]
  return {
    type: 'citation',
    // The number, where a source has one: packages of before sources had names say it too.
    label: source?.bibliography ?? id,
    display: source?.label ?? id,
    citation: `${source?.title ?? id}${source ? ` (${source.year})` : ''}`,
    ...(source?.url ? { url: source.url } : {}),
  }
}

/** Of a group of codes. */
export const valueSetUrl = (group: string) => `${canonicalBase}/ValueSet/${idOf(group)}`

/** FHIR ids hold 64 characters. */
export function idOf(key: string): string {
  const id = key.replace(/[^A-Za-z0-9.-]/g, '-')
  return id.length <= 64 ? id : `${id.slice(0, 55)}-${hashOf(id)}`
}

/** Tells two long names apart that begin alike: 8 letters and digits. */
function hashOf(name: string): string {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
