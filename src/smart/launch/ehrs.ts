/** The EHRs that the app is registered at, each with what is kept out of `site.yaml`. No other is ever spoken to (R4). */
import { longest } from '../../bounds.ts'
import { sameAddress } from '../../site/addresses.ts'
import type { EhrSettings } from '../../site/smart.ts'

export interface Ehr extends EhrSettings {
  /** Of a symmetric client. */
  secret?: string
}

/** What is to be known of a server to get a token there. */
export type TokenClient = Pick<Ehr, 'iss' | 'secret'> & { client: Pick<Ehr['client'], 'id' | 'type'> }

/** Below the public address. */
export const callbackOf = ({ callback }: Pick<Ehr, 'callback'>): string =>
  callback === undefined ? '/smart/callback' : `/smart/callback/${callback}`

export interface Ehrs {
  all(): readonly Ehr[]
  /** By its FHIR base as anybody may spell it; undefined for every other. */
  find(iss: string): Ehr | undefined
}

/** They are asked for at the first request: the sandbox knows its address no earlier. */
export function registeredEhrs(list: () => readonly Ehr[]): Ehrs {
  let known: Map<string, Ehr> | undefined
  const all = () => {
    known ??= new Map(list().map((ehr) => [sameAddress(ehr.iss), { ...ehr, iss: sameAddress(ehr.iss) }]))
    return known
  }
  return {
    all: () => [...all().values()],
    find: (iss) => {
      const url = iss.length > longest.url ? null : URL.parse(iss)
      const isBase = url && [url.search, url.hash, url.username, url.password].every((part) => part === '')
      if (!isBase) return undefined
      return all().get(sameAddress(iss))
    },
  }
}

// What the app asks for, in the words that the server knows, and what it was given (R12, R13, specification 1.8).

/** Of FHIR: create, read, update, delete, search. */
export type Interaction = 'c' | 'r' | 'u' | 'd' | 's'

interface Need {
  type: string
  interactions: string
}

/** What pages do beyond what every launch does: types that they read and search, and types that they create. */
export interface Needs {
  reads: readonly string[]
  creates: readonly string[]
}

/** Read always: who the patient is, and why the visit. */
const reads: readonly Need[] = [
  { type: 'Patient', interactions: 'r' },
  { type: 'Condition', interactions: 'rs' },
]

/** What records that education was given. */
export const recordTypes = {
  document: 'DocumentReference',
  communication: 'Communication',
  procedure: 'Procedure',
} as const

function readsOf(needs: Needs): Need[] {
  const own = new Set(reads.map(({ type }) => type))
  const more = needs.reads.filter((type) => !own.has(type))
  return [...reads, ...more.map((type) => ({ type, interactions: 'rs' }))]
}

function writesOf({ writeback }: Ehr, { creates }: Needs): Need[] {
  if (writeback === 'none') return []
  const types = writeback === 'auto' ? Object.values(recordTypes) : [recordTypes[writeback]]
  return [...types, ...creates].map((type) => ({ type, interactions: 'c' }))
}

export type LaunchKind = 'ehr' | 'standalone'

/** For the `scope` of an authorization request. The hospital's own list replaces all but the launch itself. */
export function scopesToAsk(
  ehr: Ehr,
  capabilities: ReadonlySet<string>,
  kind: LaunchKind,
  needs: Needs = { reads: [], creates: [] },
): string {
  const context = kind === 'ehr' ? 'launch' : 'launch/patient'
  if (ehr.scopes) return [...new Set([context, ...ehr.scopes])].join(' ')
  const write = capabilities.has('permission-v2') ? v2 : v1
  const asked = [
    context,
    'openid',
    'fhirUser',
    ...(ehr['online-access'] ? ['online_access'] : []),
    ...[...readsOf(needs), ...writesOf(ehr, needs)].map(write),
  ]
  return [...new Set(asked)].join(' ')
}

const v2 = ({ type, interactions }: Need) => `patient/${type}.${interactions}`
const v1 = ({ type, interactions }: Need) =>
  `patient/${type}.${/[cud]/.test(interactions) ? 'write' : 'read'}`

const inWords: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' }
const resourceScope = /^(?:patient|user)\/([A-Za-z]+|\*)\.(read|write|\*|c?r?u?d?s?)(\?.+)?$/

/**
 * Whether a granted `scope` lets the app do this. One with a filter (`?category=…`) lets it read some, so that asking
 * is worth while, and lets it create nothing for certain.
 */
export function allows(scope: string, type: string, interaction: Interaction): boolean {
  return scope.split(' ').some((each) => {
    const [, of, what = '', filter] = resourceScope.exec(each) ?? []
    if (of !== type && of !== '*') return false
    if (filter !== undefined && interaction !== 'r' && interaction !== 's') return false
    return (inWords[what] ?? what).includes(interaction)
  })
}
