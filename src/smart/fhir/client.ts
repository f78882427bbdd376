/** The chart of one launch: what a page may read and write of its patient, and of nobody else (R22, R25). */
import type { Bundle, FhirResource, Resource } from 'fhir/r4.js'
import { isFhirId, longest, withoutClosingSlashes } from '../../bounds.ts'
import { type Ask, NotAnswered, upTo } from '../../net/asker.ts'
import type { FhirRequest, Transport } from './library.ts'

/** In ms, for one answer. */
const patience = 8000
/** Bytes of one answer. */
const mostBytes = 8_388_608
const mostPages = 10

/** `http-403`, or a word of ours. Nothing of what the server said is in it. */
export class FhirFailure extends Error {
  readonly reason: string
  /** Of HTTP, when the server answered. */
  readonly status: number | undefined

  constructor(reason: string, status?: number) {
    super(`The FHIR server gave no answer to use: ${reason}`)
    this.name = 'FhirFailure'
    this.reason = reason
    this.status = status
  }
}

interface Found<T> {
  resources: T[]
  /** False when there are more pages than are read. */
  isComplete: boolean
}

interface Created {
  /** Undefined when the server did not say. */
  id?: string
}

/** Every function throws FhirFailure. */
export interface LaunchFhir {
  /** The launch's patient, a resource of theirs, or a Practitioner, PractitionerRole, Organization or Location. */
  read<T extends FhirResource>(type: T['resourceType'], id: string): Promise<T>
  /** Of the launch's patient: that parameter is added. All pages, as far as there are not too many. */
  search<T extends FhirResource>(
    type: T['resourceType'],
    parameters?: Record<string, string>,
  ): Promise<Found<T>>
  /** A resource whose `subject` is the launch's patient. `ifNoneExist` is a query by which the server finds it again. */
  create<T extends FhirResource>(resource: T, options?: { ifNoneExist?: string }): Promise<Created>
}

interface ChartSettings {
  /** Base of the FHIR server, without a slash at its end. */
  base: string
  patient: string
  ask: Ask
  /** The token, renewed when `stale` is the one that was refused; undefined when there is no other. */
  access(stale?: string): Promise<string | undefined>
}

export function openChart(settings: ChartSettings): LaunchFhir {
  const { base, patient } = settings
  const check = <T extends Resource>(resource: T): T => {
    if (belongsTo(resource, patient, base)) return resource
    throw new FhirFailure('other-patient')
  }
  return {
    read: async (type, id) => check(ofType(await send(settings, { url: placeOf(type, id) }), type)),
    search: (type, parameters = {}) => searchAll(settings, type, parameters, check),
    create: async (resource, { ifNoneExist } = {}) => {
      check(resource)
      return createdIn(settings, resource, ifNoneExist)
    },
  }
}

function placeOf(type: string, id: string): string {
  if (isFhirId(id)) return `${type}/${id}`
  throw new FhirFailure('no-id')
}

function ofType<T extends FhirResource>(body: unknown, type: T['resourceType']): T {
  if ((body as { resourceType?: unknown } | null)?.resourceType === type) return body as T
  throw new FhirFailure('unreadable')
}

async function searchAll<T extends FhirResource>(
  settings: ChartSettings,
  type: T['resourceType'],
  parameters: Record<string, string>,
  check: (resource: T) => T,
): Promise<Found<T>> {
  const query = new URLSearchParams({ ...parameters, patient: settings.patient })
  const resources: T[] = []
  let url: string | undefined = `${type}?${query}`
  for (let page = 0; url !== undefined; page += 1) {
    if (page === mostPages) return { resources, isComplete: false }
    const bundle: Bundle<T> = ofType<Bundle<T>>(await send(settings, { url }), 'Bundle')
    for (const { resource } of bundle.entry ?? []) {
      if (resource?.resourceType === type) resources.push(check(resource))
    }
    url = bundle.link?.find(({ relation }) => relation === 'next')?.url
    // Links may be relative to the base; where they lead is for the transport to judge.
    if (url !== undefined) url = new URL(url, `${settings.base}/`).href
  }
  return { resources, isComplete: true }
}

async function createdIn(settings: ChartSettings, resource: FhirResource, ifNoneExist: string | undefined) {
  let location: string | undefined
  const body = await send(
    settings,
    {
      url: resource.resourceType,
      method: 'POST',
      headers: {
        'content-type': 'application/fhir+json',
        ...(ifNoneExist === undefined ? {} : { 'if-none-exist': ifNoneExist }),
      },
      body: JSON.stringify(resource),
    },
    (headers) => {
      location = headers.get('location') ?? undefined
    },
  )
  const named = (body as { id?: unknown } | null)?.id
  const id = typeof named === 'string' ? named : idIn(location)
  return id === undefined ? {} : { id }
}

/** Of what was made, from `…/Type/id` or `…/Type/id/_history/1`. */
function idIn(location = ''): string | undefined {
  const id = location.split('/_history/', 1)[0]?.split('/').at(-1) ?? ''
  return location.includes('/') && isFhirId(id) ? id : undefined
}

/** A token that was refused is renewed once. */
async function send(settings: ChartSettings, request: FhirRequest, see?: (headers: Headers) => void) {
  const { base, access } = settings
  const transport = transportTo(settings, see)
  // Loaded with the first chart that is read: it is a tenth of all that the service would hold from its start.
  const { requestFhir } = await import('./library.ts')
  const token = await access()
  if (token === undefined) throw new FhirFailure('no-token')
  try {
    return await requestFhir(transport, base, token, request)
  } catch (error) {
    const failure = toFailure(error)
    const renewed = failure.status === 401 ? await access(token) : undefined
    if (renewed === undefined) throw failure
    return await requestFhir(transport, base, renewed, request).catch((again: unknown) => {
      throw toFailure(again)
    })
  }
}

/** The token goes to this server and to no other, whatever a bundle or a header says (R22, F8). */
function transportTo({ base, ask }: ChartSettings, see?: (headers: Headers) => void): Transport {
  return async (url, { method, headers, body }) => {
    if (!isBelow(base, url)) throw new FhirFailure('elsewhere')
    const reply = await ask(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { ...headers, accept: 'application/fhir+json' },
      ...(typeof body === 'string' ? { body } : {}),
      patience,
      allowance: upTo(mostBytes),
    })
    see?.(reply.headers)
    const type = reply.headers.get('content-type') ?? 'application/fhir+json'
    // Without `location`: after a creation the library would fetch it.
    return new Response(reply.text === '' ? null : reply.text, {
      status: reply.status,
      headers: { 'content-type': type },
    })
  }
}

function isBelow(base: string, address: string): boolean {
  const url = address.length > longest.link ? null : URL.parse(address)
  const { origin, pathname } = new URL(base)
  const path = withoutClosingSlashes(pathname)
  return url?.origin === origin && url.pathname.startsWith(`${path}/`) && !/%2f|%5c/i.test(url.pathname)
}

function toFailure(error: unknown): FhirFailure {
  if (error instanceof FhirFailure) return error
  if (error instanceof NotAnswered) return new FhirFailure(error.reason)
  const { status } = (error ?? {}) as { status?: unknown }
  return typeof status === 'number'
    ? new FhirFailure(`http-${status}`, status)
    : new FhirFailure('unreadable')
}

/** No patient's: who works here, and where. */
const ofNobody = new Set(['Practitioner', 'PractitionerRole', 'Organization', 'Location'])

/** Elements that say whose it is; of these a type has one. `for` is of Task. */
const owners = ['subject', 'patient', 'beneficiary', 'for'] as const

/** Whether a resource is of the patient whose chart was opened. What says nothing is of nobody. */
function belongsTo(resource: Resource, patient: string, base: string): boolean {
  const { resourceType, id } = resource as Resource & { resourceType: string }
  if (resourceType === 'Patient') return id === patient
  if (ofNobody.has(resourceType)) return true
  const elements = resource as Resource & Partial<Record<(typeof owners)[number], unknown>>
  const named = owners.map((owner) => elements[owner]).find((value) => value !== undefined)
  return isPatient(named, patient, base)
}

function isPatient(reference: unknown, patient: string, base: string): boolean {
  const { reference: named } = (reference ?? {}) as { reference?: unknown }
  if (typeof named !== 'string') return false
  const plain = named.replace(/\/_history\/[^/]*$/, '')
  return plain === `Patient/${patient}` || plain === `${base}/Patient/${patient}`
}
