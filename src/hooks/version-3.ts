/**
 * What CDS Hooks 3.0 (ballot of 2026-06, HL7/cds-hooks at fb10ca7) adds for clients that declared it: an address of its own,
 * dates and references in prefetch templates. Nothing of it is at the address of 2.0.
 */

import { LumbarError } from '../errors.ts'
import type { Content } from '../pathway/content.ts'
import type { HooksVersion } from '../site/callers.ts'
import type { Service } from './services.ts'

/** Stands before `/cds-services`: a base address of its own, as another version of a hook has. */
export const versionPrefix = '/3.0'

/** Does any client of the site? */
export const speaksVersion3 = ({ callers, clients }: Content['site']): boolean =>
  [clients, ...(callers?.issuers ?? [])].some(({ 'cds-hooks': version }) => version === '3.0')

export interface Versioned {
  /** Of the specification, and of the hook's definition: 1.0 for all three (HL7/cds-hooks-library at 5d04c4d). */
  version: string
  hookVersion: string
}

type Asked = Pick<Content, 'queries' | 'ofDrafts'>
type Days = ReadonlyMap<string, number>

/** The same templates with the earliest date that matters, and what drafts refer to. */
function prefetch(
  { queries, ofDrafts }: Asked,
  hook: Service['hook'],
  templates: Readonly<Record<string, string>>,
  days: Days,
): Record<string, string> {
  const changed: Record<string, string> = { ...templates }
  for (const [type, back] of days) {
    const { key = '' } = queries[type] ?? {}
    const template = templates[key]
    // By the date that it is sorted by, before that.
    if (template)
      changed[key] = template.replace(
        /&_sort=-([\w-]+)/,
        (sort, date) => `&${date}=ge{{today() - ${back} days}}${sort}`,
      )
  }
  if (hook === 'patient-view') return changed
  for (const [key, { type, ids }] of Object.entries(ofDrafts)) changed[key] = `${type}?_id={{${ids}}}`
  return changed
}

export const versioned = {
  entry: { version: '3.0.0-ballot', hookVersion: '1.0' } satisfies Versioned,
  prefetch,
}

/** Only who declared it is answered by it: another client may take for an error what it does not know. */
export function requireVersion(spoken: HooksVersion): void {
  if (spoken !== '3.0')
    throw new LumbarError(
      'unknown-route',
      'This address is for clients of CDS Hooks 3.0. Call /cds-services without /3.0, or have the hospital declare the version (`cds-hooks` of the issuer).',
    )
}
