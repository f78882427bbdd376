/** Where the services are, what to send them, and what they need to be allowed to read. */
import { withoutClosingSlashes } from '../../bounds.ts'
import { speaksVersion3, versionPrefix } from '../../hooks/version-3.ts'
import { encounterKey } from '../../record/gather.ts'
import { absenceTable } from '../absence.ts'
import { cell, table } from '../markdown.ts'
import type { Sheet } from './clients.ts'

/** Stands for what `site.yaml` does not say. */
const unknownBase = 'https://(address of Lumbar)'

export function baseOf({ content }: Pick<Sheet, 'content'>): string {
  return withoutClosingSlashes(content.site.callers?.['public-url'] ?? unknownBase)
}

export function addresses(sheet: Sheet): string[] {
  const base = baseOf(sheet)
  const rows = sheet.discovery.services.map(({ id, hook, title }) => [
    `\`${hook}\``,
    `\`${base}/cds-services/${id}\``,
    cell(title),
  ])
  return [
    '## Services',
    ...(sheet.content.site.callers
      ? []
      : ['No callers are set in site.yaml, so the public address is not known: set `callers.public-url`.']),
    table(['hook', 'address (POST)', 'title'], rows),
    `Discovery: \`GET ${base}/cds-services\`. An EHR that does not ask for it needs what follows typed in.`,
    ...(speaksVersion3(sheet.content.site)
      ? [
          `Clients that declared CDS Hooks 3.0 (\`cds-hooks\`) call at \`${base}${versionPrefix}/cds-services\` instead, discovery and feedback too, with that address as \`aud\`; templates of discovery there hold dates and references. What follows is of 2.0, which stays as it is.`,
        ]
      : []),
  ]
}

export function prefetchQueries({ content, discovery, reads, profile }: Sheet): string[] {
  const byKey = new Map(Object.values(content.queries).map((query) => [query.key, query]))
  const keys = new Set(discovery.services.flatMap(({ prefetch }) => Object.keys(prefetch ?? {})))
  const rows = [...keys].map((key) => {
    const { required, optional, why } = byKey.get(key) ?? { why: 'The visit of this call.' }
    return [`\`${key}\``, need(required, optional), cell(why)]
  })
  // Not in tables, where a bar has to be escaped: these lines are copied letter by letter.
  const sections = discovery.services.map(({ id, prefetch }) => {
    const lines = Object.entries(prefetch ?? {}).map(([key, query]) => `${key}\n    ${typed(query)}`)
    return `### ${id}\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``
  })
  return [
    '## Prefetch',
    'Type in key and query letter by letter: what comes under another key is read, and cannot prove that something is missing. Without a required key there is no advice (412). A key that is missing is read from the FHIR server where the call brings a token; otherwise what it would hold counts as unknown.',
    profile === 'epic' ? withoutOrder : withOrder,
    ...sections,
    '### Why each is asked for',
    table(['key', 'needed', 'why'], rows),
    '### What it does when one does not come',
    'Advice against an order is held back, or asks to make sure of what could not be looked up. A list that was cut off has these effects only for questions that look further back than it goes.',
    absenceTable({ content, reads }),
  ]

  function typed(query: string): string {
    return profile === 'epic' ? query.replace(/&_(sort|count)=[^&]*/g, '') : query
  }
}

const withOrder =
  'Each list is asked for newest first (`_sort`) and a hundred to a page (`_count`), so that one that is cut off is whole back to its oldest entry. A server that refuses `_sort` gets the query without it: then a list that is cut off is unknown as a whole. Make sure that the server keeps entries without that date in the list: some older ones leave them out when they sort.'
const withoutOrder =
  'The queries stand here without `_sort` and `_count`, of which Epic’s public description of prefetch says nothing. Where your version takes both, add those that discovery publishes: a list that comes newest first and is cut off is then whole back to its oldest entry.'

function need(required: boolean | undefined, optional: boolean | undefined): string {
  if (required) return 'required'
  return optional ? 'if the EHR has it' : 'wanted'
}

/** FA-1: only reads, and only of types that the rules read. */
export function scopes({ content, discovery }: Sheet): string[] {
  const types = new Map<string, Set<'read' | 'search'>>()
  for (const { prefetch } of discovery.services) {
    for (const [key, query] of Object.entries(prefetch ?? {})) {
      const [type = ''] = query.split(/[/?]/)
      const ways = types.get(type) ?? new Set()
      types.set(type, ways.add(key === encounterKey || query.startsWith(`${type}/`) ? 'read' : 'search'))
    }
  }
  const rows = [...types].map(([type, ways]) => {
    const letters = `${ways.has('read') ? 'r' : ''}${ways.has('search') ? 's' : ''}`
    return [type, [...ways].join(', '), `\`patient/${type}.read\``, `\`patient/${type}.${letters}\``]
  })
  const { fhir, callers } = content.site
  const servers = [...new Set((callers?.issuers ?? []).flatMap((issuer) => issuer['fhir-servers']))]
  return [
    '## Scopes to register',
    'For reading what prefetch left out. The token is used for one call and kept nowhere. `user/` in place of `patient/` serves as well.',
    table(['resource', 'interaction', 'SMART v1', 'SMART v2'], rows),
    servers.length > 0
      ? `FHIR servers that are read: ${servers.map((server) => `\`${server}\``).join(', ')}. Others are not, whatever a call names.`
      : 'No FHIR server is set in site.yaml (`callers.issuers[].fhir-servers`), so none is read: prefetch must bring everything.',
    `All reads of a call together take ${fhir['deadline-ms']} ms at most; what is late counts as unknown.`,
  ]
}
