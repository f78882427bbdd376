/** Where the services are and what they may read, what differs between EHRs, what tokens must be like, and what is tried before going live. */
import { z } from 'zod'
import { withoutClosingSlashes } from '../bounds.ts'
import type { Discovery } from '../hooks/discovery.ts'
import { services } from '../hooks/services.ts'
import { versionPrefix } from '../hooks/version-3.ts'
import type { Content } from '../pathway/content.ts'
import { readYaml } from '../pathway/files.ts'
import { Problems } from '../pathway/problems.ts'
import { ruleCode } from '../pathway/schema.ts'
import { checkShape } from '../pathway/shape.ts'
import { encounterKey } from '../record/gather.ts'
import type { Issuer } from '../site/callers.ts'
import { absenceTable } from './absence.ts'
import { bulletList, cell, table } from './markdown.ts'

// `pathway/go-live.yaml`: what is tried before a hospital goes live, and what is ticked off.

const goLivePath = 'pathway/go-live.yaml'

const line = z.string().min(3)

export const goLiveFile = z.strictObject({
  'test-script': z
    .array(
      z.strictObject({
        do: line,
        expect: line,
        /** Codes of the rules whose cards are shown … */
        cards: z.array(ruleCode).default([]),
        /** … and of those that must stay away. */
        'no-cards': z.array(ruleCode).default([]),
        /** An example of both. */
        vignette: z.string().optional(),
      }),
    )
    .min(1),
  'before-going-live': z
    .array(
      z.strictObject({
        what: line,
        /** The setting that ticks it off. */
        'done-by': z.enum(['callers', 'smart', 'clinic-phone', 'directory']).optional(),
      }),
    )
    .min(1),
})
export type GoLive = z.infer<typeof goLiveFile>

/** @throws ContentError */
export function readGoLive(root: string): GoLive {
  const problems = new Problems()
  const read = checkShape(goLiveFile, readYaml(root, goLivePath, problems), problems)
  problems.throwIfAny()
  if (!read) throw new Error(`${goLivePath} is incomplete`)
  return read
}

// What differs between EHRs (specification, section 13), and what is done about it.

export const clientProfiles = ['standard', 'epic'] as const
type ClientProfile = (typeof clientProfiles)[number]

export interface Sheet {
  content: Content
  /** What the service publishes, which some EHRs never ask for. */
  discovery: Discovery
  /** FHIR resource types that a fact reads. */
  reads: (fact: string) => ReadonlySet<string>
  /** What is tried and ticked off at the end. */
  goLive: GoLive
  /** Without one, what differs between clients is told for all of them. */
  profile?: ClientProfile | undefined
}

export function profiles({ content, profile }: Sheet): string[] {
  const set = content.site.clients.profile
  const how =
    set === 'detect'
      ? "`clients.profile` is `detect`: calls that carry Epic's extension are answered in Epic's shape, all others in the standard's."
      : `\`clients.profile\` is \`${set}\`: every call is answered in that shape, unless its issuer has another.`
  return [
    '## Shape of answers',
    how,
    ...(profile === 'epic' ? [] : ['### Standard', bulletList(standard)]),
    ...(profile === 'standard' ? [] : ['### Epic', bulletList(epic)]),
  ]
}

const standard = [
  '`selectionBehavior` is `any`; the actions of one suggestion belong together.',
  'Suggestions create, update and delete. An update carries the complete draft with one change; a delete names it by `resourceId`. Only drafts of the call are named.',
  'Created orders have `status` draft and `intent` proposal.',
  '`detail` is GitHub Flavored Markdown without HTML; links in it are repeated in `links`. It says enough to act by hand where suggestions are not supported.',
  'Every card and suggestion has a new `uuid` in each answer. There are no system actions.',
]

const epic = [
  'Discovery is not read: type in services, keys and queries from this sheet.',
  'Register each address on the client id exactly as above. At any other address the hook fires without its data.',
  'Add the scopes “(Unsigned Order)” for MedicationRequest and ServiceRequest to the client id: without them `draftOrders` does not come.',
  'Switch JWT authentication on. `iss`, `sub` and `aud` are typed by hand: what is typed as `aud` must be an address above, or be listed under `audiences`. The algorithm is RS384 unless set otherwise.',
  'Each suggestion has one action. Its visible text is `action.description`; `isRecommended` ticks it beforehand.',
  'Suggestions create orders and delete unsigned ones; there are no updates: a draft that becomes urgent is drafted again with its own code, and the old one is removed. Details of a created order come from the preference list, so map every key of “What suggestions draft” to a preference-list item (`urn:com.epic.cdshooks.action.code.system.preference-list-item`).',
  'Map indicators, topics and override reasons in the build. A user’s acknowledgment suppresses by the topic code.',
  'Links are shown only when the hospital allows them: allow the addresses in `card.links`.',
  'Medicines of drafts may come as further entries of `draftOrders`; ids longer than 64 characters are accepted.',
  '`patient-view` is used for other triggers too, such as entering an allergy.',
]

// Where the services are, what to send them, and what they need to be allowed to read.

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
    `A client of CDS Hooks 3.0 (a ballot) calls at \`${base}${versionPrefix}/cds-services\` instead, discovery and feedback too, with that address as \`aud\`; templates of discovery there hold dates and references. It declares 3.0 by \`cds-hooks\` in site.yaml, or by \`hookVersion\` in each call. What follows is of 2.0, which stays as it is.`,
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

// What the EHR's tokens must be like to be let in (specification, section 9).

const code = (text: string) => `\`${text}\``
const codes = (texts: readonly string[]) => texts.map(code).join(', ')

export function trust(content: Content): string[] {
  const { callers } = content.site
  const base = baseOf({ content })
  const endpoints = [
    ...services.map(({ id }) => `${base}/cds-services/${id}`),
    ...(callers?.discovery === 'closed' ? [`${base}/cds-services`] : []),
  ]
  return [
    '## Tokens',
    ...(callers
      ? []
      : ['No callers are set in site.yaml: nobody is verified yet, and only the machine itself may call.']),
    bulletList([
      'Each call carries `Authorization: Bearer` and a signed JWT. A token is good for one call.',
      'Header: `alg`, `kid`, and `typ` with the value `JWT`; `jku` only where it is listed for the issuer.',
      'Claims: `iss`, `aud`, `exp`, `iat`, `jti`; `tenant` where tenants are listed. Others are passed over.',
      `\`aud\` is the address called: ${codes(endpoints)}.`,
      callers?.discovery === 'closed'
        ? 'Discovery asks for a token too.'
        : 'Discovery is open: it needs no token and holds no patient.',
      'Whatever is wrong with a token, the answer is a bare 401. The reason is in the log, as `reason`.',
    ]),
    ...(callers?.issuers ?? []).map(issuerSection),
  ]
}

function issuerSection(issuer: Issuer): string {
  const keys = issuer['jwks-url'] ? `published at ${code(issuer['jwks-url'])}` : 'handed over, in site.yaml'
  const lines = [
    `Algorithms: ${codes(issuer.algorithms)}.`,
    `Keys: ${keys}.${issuer.jku.length > 0 ? ` \`jku\` may be ${codes(issuer.jku)}.` : ''}`,
    ...(issuer.audiences.length > 0 ? [`\`aud\` may also be ${codes(issuer.audiences)}.`] : []),
    issuer.tenants ? `Tenants: ${codes(issuer.tenants)}.` : 'Any tenant of this issuer.',
    `A token lives ${issuer['max-age-seconds']} seconds at most; clocks may differ by ${issuer['clock-skew-seconds']} seconds.`,
    issuer.replay === 'refuse'
      ? 'A token that was used before is refused, also when a call is repeated.'
      : 'A call may be repeated with the same token until it expires.',
    ...(issuer.origins.length > 0 ? [`Pages that may call from a browser: ${codes(issuer.origins)}.`] : []),
  ]
  return `### ${issuer.iss}\n\n${bulletList(lines)}`
}
