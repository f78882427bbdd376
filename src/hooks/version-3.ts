/**
 * What CDS Hooks 3.0 (ballot of 2026-06, HL7/cds-hooks at fb10ca7) adds for clients that declared it, in `site.yaml` or by
 * `hookVersion` in their calls: an address of its own, dates and references in prefetch templates. Who declared nothing sees
 * nothing of it.
 */

import { LumbarError } from '../errors.ts'
import type { Content } from '../pathway/content.ts'
import type { HooksVersion } from '../site/callers.ts'
import type { Service } from './services.ts'

/** Stands before `/cds-services`: a base address of its own, as another version of a hook has. */
export const versionPrefix = '/3.0'

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

/** Versions are short; of what is longer nothing is looked at. */
const longestVersion = 32

/**
 * Of `hookVersion` in a call, a word of 3.0 alone. It is the version of the hook's definition, 1.x of all that there are; who
 * writes the version of the specification there means that one. Empty as null is absent (GEN-2).
 */
export function declaredBy(hookVersion: unknown): '3.0' | undefined {
  if (hookVersion === undefined || hookVersion === null) return undefined
  const said = typeof hookVersion === 'string' && hookVersion.length <= longestVersion ? hookVersion : ''
  const [, major] = /^([123])(?:\.\d+){0,2}(?:-[a-z0-9.]+)?$/.exec(said.trim()) ?? []
  if (major === undefined)
    throw new LumbarError(
      'invalid-request',
      `Send \`hookVersion\` as a text: \`${versioned.entry.hookVersion}\`, as ${versionPrefix}/cds-services has it. Without it the call is answered by CDS Hooks 2.0.`,
      ['hookVersion'],
    )
  return major === '2' ? undefined : '3.0'
}

interface Declared {
  /** By the call itself. */
  call: '3.0' | undefined
  /** By the site, of who calls; and of all whose issuer says nothing. */
  issuer: HooksVersion | undefined
  clients: HooksVersion
}

/** The hospital knows its EHR, so its word on an issuer stands before that of the call. Undefined: 2.0. */
export const versionFor = ({ call, issuer }: Omit<Declared, 'clients'>): '3.0' | undefined =>
  issuer === '2.0' ? undefined : call

/** At the address of 3.0. Only who declared it is answered there: another client may take for an error what it does not know. */
export function requireVersion3({ call, issuer, clients }: Declared): '3.0' {
  if ((issuer ?? call ?? clients) === '3.0') return '3.0'
  throw new LumbarError(
    'unknown-route',
    'This address is for clients of CDS Hooks 3.0. Call /cds-services without /3.0, send `hookVersion` with the call, or have the hospital declare the version (`cds-hooks` of the issuer).',
  )
}
