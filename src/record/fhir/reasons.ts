/** Why something was not read: closed words for the log, and the prefetch state that each of them comes to. */
import { type Read, refusalOf, stateOfRefusal } from '../prefetch.ts'

// What a token may read, by its SMART scopes (versions 1 and 2).

/** `part`: only some resources of the type, so that one not shown may still exist. */
type Permission = 'all' | 'part' | 'none'
export type Interaction = 'read' | 'search'

const resourceScope = /^(?:patient|user|system)\/(\*|[A-Za-z]+)\.(\*|read|write|[cruds]+)(\?.+)?$/

/**
 * Some clients send words of their own, such as `Observation.Read (Labs) (R4)`. Only SMART scopes are understood;
 * where there are none, nothing is known and everything may be tried.
 */
export function permits(
  scope: string | undefined,
  type: string,
  interaction: Interaction = 'search',
): Permission {
  let isSmart = false
  let permission: Permission = 'none'
  for (const word of scope?.split(/\s+/) ?? []) {
    const [, of, rights = '', filter] = resourceScope.exec(word) ?? []
    if (of === undefined) continue
    isSmart = true
    if ((of !== '*' && of !== type) || !grants(rights, interaction)) continue
    if (filter === undefined) return 'all'
    permission = 'part'
  }
  return isSmart ? permission : 'all'
}

/** Version 1 says `read` for both; version 2 has a letter for each. */
function grants(rights: string, interaction: Interaction): boolean {
  if (rights === 'write') return false
  if (rights === 'read' || rights === '*') return true
  return rights.includes(interaction === 'read' ? 'r' : 's')
}

/** Trust rules of a call or a server; whoever runs the service should hear of these. */
const distrust = [
  'server-not-allowed', // not one of the caller's servers (FA-7)
  'not-https',
  'patient-mismatch', // the token is for somebody else (FA-8)
  'address-refused', // the server's name leads into a network that it must not lead into (FA-7)
  'redirect-elsewhere',
  'next-elsewhere',
] as const
type Distrust = (typeof distrust)[number]

const suspicious: ReadonlySet<string> = new Set(distrust)

export type WhyNotRead =
  | Distrust
  | 'token-unusable'
  | 'out-of-scope'
  | 'partly-in-scope' // the token limits which resources of the type the server shows
  | 'no-query' // the query cannot be written for this call
  | 'deadline'
  | 'byte-cap'
  | 'page-cap'
  | 'too-many-redirects'
  | 'connection-reset'
  | 'unreadable' // neither JSON nor an encoding that we know: a login page, a broken body
  | 'not-fhir' // JSON, but no answer to a query
  | 'outcome' // an OperationOutcome instead of resources
  | `outcome-${'unsupported' | 'gone' | 'forbidden'}` // … which says why
  | 'incomplete' // the server says that there is more, and not where
  | 'unexpected' // a mistake of ours
  | `http-${number}`
  | `unreachable-${string}` // with the code of the system or of TLS: ENOTFOUND, CERT_HAS_EXPIRED

/** Carries no message of the failure behind it: those quote addresses and headers. */
export class NotRead extends Error {
  readonly reason: WhyNotRead
  /** Trying again after so many ms may help. */
  readonly retryAfter: number | undefined

  constructor(reason: WhyNotRead, retryAfter?: number) {
    super(reason)
    this.name = 'NotRead'
    this.reason = reason
    this.retryAfter = retryAfter
  }
}

const forbidding: ReadonlySet<string> = new Set<WhyNotRead>([
  'server-not-allowed',
  'not-https',
  'patient-mismatch',
  'address-refused',
  'token-unusable',
  'out-of-scope',
  'partly-in-scope',
  'outcome-forbidden',
])

/** The state of a key of which nothing was read. */
export function stateOf(reason: WhyNotRead, interaction: Interaction): Read['state'] {
  if (reason === 'deadline') return 'late'
  if (forbidding.has(reason)) return 'forbidden'
  if (reason === 'outcome-unsupported') return 'unsupported'
  if (reason === 'outcome-gone') return 'gone'
  const status = reason.startsWith('http-') ? Number(reason.slice('http-'.length)) : 0
  return stateOfRefusal(refusalOf(status), interaction === 'read')
}

export function isSuspicious(reason: WhyNotRead | undefined): boolean {
  return reason !== undefined && suspicious.has(reason)
}
