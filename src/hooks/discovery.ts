/** The discovery document: which services there are and what they would like prefetched. Made once, at start. */
import { createHash } from 'node:crypto'
import type { Content } from '../pathway/content.ts'
import { type Service, services } from './services.ts'
import { type Versioned, versioned } from './version-3.ts'

export interface Discovery {
  services: readonly ServiceEntry[]
}

interface ServiceEntry extends Partial<Versioned> {
  id: string
  hook: string
  title: string
  description: string
  usageRequirements: string
  /** Template by key; left out when nothing is read (GEN-3). */
  prefetch?: Readonly<Record<string, string>>
  /** By which pathway it judges, and the digest of all that it was read from. */
  extension: { lumbar: { pathway: string; version: string; digest: string } } & Partial<ConfigurationOptions>
}

/** Resource types that the facts of a hook's rules read. */
export type ReadsByHook = (hook: Service['hook']) => ReadonlySet<string>

/** The parts of the content that discovery shows. */
export type Shown = Pick<Content, 'queries' | 'ofDrafts' | 'pathway' | 'digest'> & {
  site: Pick<Content['site'], 'coverage'>
}

/** By hook and resource type: days back from today of which entries are asked for, where that has a bound. */
export type Windows = (hook: Service['hook']) => ReadonlyMap<string, number>

const moments: Record<Service['hook'], string> = {
  'order-select': 'when an order is chosen',
  'order-sign': 'before orders are signed',
  'patient-view': 'when a chart is opened',
}

/**
 * `reads` are the resource types that the facts read; `codes` are `system|code` tokens for `{codes}` in a query.
 * Templates use only patientId and encounterId, which are tokens on all three hooks (PF-2, PF-3). With `windows` it is the
 * document of CDS Hooks 3.0.
 */
export function discovery(
  content: Shown,
  reads: ReadsByHook,
  codes: readonly string[],
  windows?: Windows,
): Discovery {
  const { id: pathway, version } = content.pathway
  const extension = Object.freeze({ lumbar: Object.freeze({ pathway, version, digest: content.digest }) })
  return Object.freeze({
    services: Object.freeze(
      services.map(({ id, hook }) => {
        const asked = templates(content, reads(hook), codes)
        const prefetch = Object.freeze(
          windows ? versioned.prefetch(content, hook, asked, windows(hook)) : asked,
        )
        return Object.freeze({
          id,
          hook,
          title: `${content.pathway.title}, ${moments[hook]}`,
          description: content.pathway.scope,
          usageRequirements: requirements(content, reads(hook)),
          ...(Object.keys(prefetch).length > 0 ? { prefetch } : {}),
          ...(windows ? versioned.entry : {}),
          extension: hook === 'order-sign' ? { ...extension, ...configurationOptions(content) } : extension,
        })
      }),
    ),
  })
}

interface ConfigurationOptions {
  'davinci-crd.configuration-options': readonly object[]
}

/** Of Da Vinci CRD, where payers are answered for: what a client may switch off (requirements 108 to 116). */
function configurationOptions({ site: { coverage } }: Shown): Partial<ConfigurationOptions> {
  if (coverage.payers.length === 0) return {}
  return {
    'davinci-crd.configuration-options': [
      {
        code: 'coverage-info',
        type: 'boolean',
        name: 'Coverage information',
        description: 'What the payer says of an order that is signed: coverage, authorization, documents.',
        default: true,
      },
    ],
  }
}

function templates({ queries }: Shown, reads: ReadonlySet<string>, codes: readonly string[]) {
  const prefetch: Record<string, string> = {}
  for (const [type, { key, search }] of Object.entries(queries)) {
    if (reads.has(type)) prefetch[key] = type + withCodes(search, codes)
  }
  if (reads.has('Encounter')) prefetch.encounter = 'Encounter/{{context.encounterId}}'
  return prefetch
}

/** Without codes the parameter goes as a whole: an empty one would be no legal search. */
function withCodes(search: string, codes: readonly string[]): string {
  if (codes.length > 0) return search.replace('{codes}', () => codes.join(','))
  return search.replace(/&[\w-]+=\{codes\}/, '')
}

function requirements({ queries }: Shown, reads: ReadonlySet<string>): string {
  const read = Object.entries(queries).filter(([type]) => reads.has(type))
  const required = read.filter(([, query]) => query.required).map(([type]) => type)
  const wanted = read.filter(([, query]) => !query.required).map(([type]) => type)
  const sentences = [
    'FHIR R4.',
    required.length > 0 ? `Needs ${required.join(', ')} in the prefetch.` : '',
    wanted.length > 0
      ? `Says less without ${wanted.join(', ')}, and nothing that missing data could disprove.`
      : '',
  ]
  return sentences.filter(Boolean).join(' ')
}

interface Published {
  body: string
  etag: string
}

/** The document as it goes out, with a validator by which clients may keep it (DISC-17). */
export function publish(document: Discovery): Published {
  const body = JSON.stringify(document)
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}
