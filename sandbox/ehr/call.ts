/** Makes a CDS Hooks call as an EHR does, sends it over HTTP, and keeps both sides of it for whoever wants to look. */
import { randomUUID } from 'node:crypto'
import type { Encounter, FhirResource } from 'fhir/r4.js'
import { z } from 'zod'
import { callBody } from '../../fhir-fixtures/load.ts'
import type { Explanation } from '../../src/evaluate.ts'
import type { Hook } from '../../src/hooks/services.ts'
import { type Card, readCards } from './answer.ts'
import { epicDrafts, epicExtension, epicPrefetch, epicScope } from './epic.ts'
import type { FhirStore } from './fhir.ts'
import { type KeyMode, type Prefetched, prefetchAll } from './prefetch.ts'
import type { ClientProfile, Signers } from './tokens.ts'

/** One call and what came of it. */
export interface Exchange {
  /** The hookInstance. */
  id: string
  hook: Hook
  service: string
  /** Of the service. */
  url: string
  profile: ClientProfile
  /** Of the token, which itself is good for this one call only. */
  claims: Record<string, unknown>
  prefetch: readonly Prefetched[]
  request: Record<string, unknown>
  /** Undefined when nothing answered. */
  response: { status: number; body: unknown } | undefined
  cards: readonly Card[]
  /** What went wrong, in words. */
  problems: readonly string[]
  /** Gathering the prefetch, and waiting for the answer. */
  ms: { prefetch: number; call: number }
  /** What the service found on the way. */
  found: Explanation | undefined
}

export interface CallSettings {
  profile: ClientProfile
  /** Whether the call says where its FHIR server is, and how to read there. */
  sharesFhir: boolean
  modes: Readonly<Record<string, KeyMode>>
}

export interface Caller {
  /** Address before `/cds-services`, and what `aud` must begin with. */
  service: string
  audience: string
  fhir: FhirStore
  /** Who sits at this EHR. */
  user: string
  /** Each browser is a tenant of its own: what one was told does not quiet the cards of another. */
  tenant?: string
  /** What the service's token for the FHIR server is. */
  fhirToken: () => string
  signers: Signers
  /** By profile. */
  issuers: Readonly<Record<ClientProfile, string>>
  now: () => Date
  stopwatch: () => number
  /** What the service found in the call of this hookInstance, once it has answered. */
  traces: Traces
}

/** The service hands over what it found in calls that somebody waits for. */
export interface Traces {
  expect(id: string): void
  take(id: string): Explanation | undefined
}

export const userId = 'Practitioner/example-clinician'

const patience = 10_000

const discoveryBody = z.object({
  services: z.array(
    z.object({
      id: z.string(),
      hook: z.string(),
      prefetch: z.record(z.string(), z.string()).default({}),
    }),
  ),
})

interface Trigger {
  hook: Hook
  patientId: string
  encounter: Encounter | undefined
  drafts: readonly FhirResource[]
  /** Those just chosen or changed; only order-select tells. */
  chosen: readonly FhirResource[]
}

interface OfferedService {
  id: string
  hook: string
  prefetch: Readonly<Record<string, string>>
}

/** Throws a plain Error in words when there is no discovery. */
export async function discover({ service, ...caller }: Caller): Promise<readonly OfferedService[]> {
  const address = `${service}/cds-services`
  const token = await signed(caller, 'standard', `${caller.audience}/cds-services`, randomUUID())
  const response = await fetch(address, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(patience),
  })
  const read = discoveryBody.safeParse(await response.json().catch(() => undefined))
  if (!read.success) throw new Error(`${address} answered ${response.status} without services`)
  return read.data.services
}

/** Every service of the hook is called; there is one for each. */
export async function fire(trigger: Trigger, settings: CallSettings, caller: Caller): Promise<Exchange[]> {
  const offered = await discover(caller)
  const services = offered.filter(({ hook }) => hook === trigger.hook)
  return Promise.all(services.map((service) => callService(service, trigger, settings, caller)))
}

async function callService(
  { id: service, prefetch: templates }: OfferedService,
  trigger: Trigger,
  settings: CallSettings,
  caller: Caller,
): Promise<Exchange> {
  const { hook, patientId, encounter } = trigger
  const { fhir, stopwatch } = caller
  const begun = stopwatch()
  const tokens = {
    'context.patientId': patientId,
    'context.encounterId': encounter?.id,
    'context.userId': userId,
    userPractitionerId: userId.replace(/^.*\//, ''),
  }
  const prefetch = await prefetchAll(templates, tokens, { fhir, modes: settings.modes, stopwatch })
  const prefetched = stopwatch()
  const id = randomUUID()
  const request = requestOf(id, trigger, prefetch, settings, caller)
  const url = `${caller.service}/cds-services/${service}`
  const jwt = await signed(
    caller,
    settings.profile,
    `${caller.audience}/cds-services/${service}`,
    randomUUID(),
  )
  caller.traces.expect(id)
  const sent = stopwatch()
  const { response, problem } = await post(url, jwt, request)
  const answered = stopwatch()
  const read = response?.status === 200 ? readCards(response.body) : { cards: [], problems: [] }
  return {
    id,
    hook,
    service,
    url,
    profile: settings.profile,
    claims: decoded(jwt),
    prefetch,
    request,
    response,
    cards: read.cards,
    problems: [...(problem === undefined ? [] : [problem]), ...read.problems],
    ms: { prefetch: prefetched - begun, call: answered - sent },
    found: caller.traces.take(id),
  }
}

function requestOf(
  id: string,
  trigger: Trigger,
  prefetch: readonly Prefetched[],
  { profile, sharesFhir }: CallSettings,
  caller: Caller,
): Record<string, unknown> {
  const isEpic = profile === 'epic'
  const { hook, patientId, encounter, drafts, chosen } = trigger
  const sent = isEpic ? epicDrafts(drafts) : drafts
  const ids = new Set(chosen.map(({ id }) => id))
  const answers = prefetch.flatMap(({ key, answer }): [string, FhirResource | null][] => {
    if (answer === undefined) return []
    return [[key, isEpic && answer !== null ? epicPrefetch(answer, caller.fhir.base) : answer]]
  })
  const body = callBody({
    hook,
    hookInstance: id,
    patientId,
    encounter,
    drafts: sent,
    unselected: sent.filter(({ id: draft }) => !ids.has(draft)),
    prefetch: Object.fromEntries(answers),
  })
  const { prefetch: data, ...envelope } = body
  return {
    ...envelope,
    ...(sharesFhir
      ? {
          fhirServer: caller.fhir.base,
          fhirAuthorization: {
            access_token: caller.fhirToken(),
            token_type: 'Bearer',
            expires_in: 300,
            scope: isEpic ? epicScope : 'user/*.rs',
            subject: 'lumbar',
          },
        }
      : {}),
    ...(answers.length > 0 ? { prefetch: data } : {}),
    ...(isEpic ? { extension: epicExtension(hook) } : {}),
  }
}

export async function signed(
  { signers, issuers, now, tenant }: Pick<Caller, 'signers' | 'issuers' | 'now' | 'tenant'>,
  profile: ClientProfile,
  audience: string,
  id: string,
): Promise<string> {
  return signers[profile].sign({ issuer: issuers[profile], audience, id, now: now(), tenant })
}

interface Posted {
  response: Exchange['response']
  problem?: string
}

export async function post(url: string, token: string, body: unknown): Promise<Posted> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    })
    const read = await answer.text()
    const response = { status: answer.status, body: json(read) }
    return answer.ok ? { response } : { response, problem: refusal(response) }
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError'
    return {
      response: undefined,
      problem: isLate ? 'The service did not answer in time.' : 'Nothing answers there.',
    }
  }
}

const outcome = z.object({ issue: z.array(z.object({ diagnostics: z.string() })) })

/** With what the service says about it, when it says so in FHIR's way (RSP-5). */
function refusal({ status, body }: { status: number; body: unknown }): string {
  const said = outcome.safeParse(body).data?.issue.map(({ diagnostics }) => diagnostics) ?? []
  return [`The service answered ${status}`, ...said].join(': ').replace(/\.?$/, '.')
}

function json(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function decoded(jwt: string): Record<string, unknown> {
  const [header = '', claims = ''] = jwt.split('.')
  const part = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown
  return { header: part(header), claims: part(claims) }
}
