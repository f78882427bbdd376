/** Turns one collected file into everything that a client could post of it: as it is, mended, as drafts, as prefetch. */
import { type Service, services } from '../../src/hooks/services.ts'
import type { CorpusFile } from './corpus.ts'

type Json = Record<string, unknown>

/** How the file went in. */
type Way = 'as it is' | 'for our hook' | 'with our drafts' | 'as drafts' | 'as prefetch'

/** Published prefetch templates by key, as `Condition?patient=…`. */
type Templates = Readonly<Record<string, string>>

export interface Post {
  way: Way
  service: Service
  body: Buffer | string
  /** The call that the body is; undefined where it is none. */
  call: Json | undefined
}

export interface Surroundings {
  /** By id of the service that published them. */
  templates: Readonly<Record<string, Templates>>
  /** Draft orders that the rules look at, without a patient. */
  drafts: readonly Json[]
}

export function postsOf(file: CorpusFile, surroundings: Surroundings): Post[] {
  const [value] = file.values
  if (isObject(value) && isCall(value)) return callPosts(file, value, surroundings)
  const resources = file.values.flatMap(resourcesIn)
  if (file.body.length > mostRaw && resources.length > 0) return chartPosts(resources, surroundings)
  // What is no call is none for either service.
  const raw = services.slice(0, 1).map((service) => post('as it is', service, file.body, undefined))
  return resources.length === 0 ? raw : [...raw, ...chartPosts(resources, surroundings)]
}

/** Bytes. Longer charts say no more as a body that is no call. */
const mostRaw = 262_144

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A request, a request that lacks something, or the context of one. */
const isCall = (value: Json) =>
  value.resourceType === undefined &&
  ['hook', 'hookInstance', 'context', 'patientId'].some((key) => key in value)

function callPosts({ body }: CorpusFile, sent: Json, surroundings: Surroundings): Post[] {
  const request: Json = 'hook' in sent || 'context' in sent ? sent : { context: sent }
  const own = services.filter(({ hook }) => hook === sent.hook)
  const others = services.filter((service) => !own.includes(service))
  return [
    ...(own.length > 0 ? own : services).map((service) => post('as it is', service, body, sent)),
    ...others.map((service) => asPost('for our hook', service, forHook(request, service))),
    ...services.map((service) =>
      asPost('with our drafts', service, withDrafts(request, service, surroundings)),
    ),
  ]
}

const forHook = (request: Json, { hook }: Service): Json => ({
  hookInstance: '00000000-0000-4000-8000-000000000000',
  ...request,
  hook,
})

/** The same patient and data, with an MRI and an opioid drafted: so that rules run over every collected prefetch. */
function withDrafts(request: Json, service: Service, { drafts }: Surroundings): Json {
  const context = isObject(request.context) ? request.context : {}
  const patientId = typeof context.patientId === 'string' ? context.patientId : 'unnamed'
  return {
    ...forHook(request, service),
    context: {
      userId: 'Practitioner/1',
      ...context,
      patientId,
      draftOrders: collection(draftsFor(patientId, drafts)),
    },
  }
}

/** Resources of a file as the chart and as the orders of each patient in it, or of the one that they are about. */
function chartPosts(resources: readonly Entry[], surroundings: Surroundings): Post[] {
  const people = resources.filter(({ resource }) => resource.resourceType === 'Patient')
  const charts = people.length > 0 ? people.map(({ resource }) => resource) : [inventedPatient(resources)]
  return charts
    .slice(0, mostPatients)
    .flatMap((patient) =>
      postsAbout(
        patient,
        people.length > 0 ? resources : [{ resource: patient }, ...resources],
        surroundings,
      ),
    )
}

/** The chart opened, our orders signed, and whatever the chart holds selected as orders. */
function postsAbout(patient: Json, entries: readonly Entry[], { templates, drafts }: Surroundings): Post[] {
  const patientId = typeof patient.id === 'string' && patient.id !== '' ? patient.id : 'unnamed'
  const found = entries.map(({ resource }) => resource)
  const orders = found.filter(({ resourceType }) => resourceType !== 'Patient')
  const draftsOf: Record<Service['hook'], readonly Json[]> = {
    'patient-view': [],
    'order-sign': draftsFor(patientId, drafts),
    'order-select': orders,
  }
  return services.flatMap((service) => {
    if (service.hook === 'order-select' && orders.length === 0) return []
    const prefetch = answer(templates[service.id] ?? {}, entries)
    const way = service.hook === 'order-select' ? 'as drafts' : 'as prefetch'
    return [asPost(way, service, call(service, patientId, draftsOf[service.hook], prefetch))]
  })
}

/** Exports hold a thousand patients to a file; a few of them say as much. */
const mostPatients = 6

interface Entry {
  fullUrl?: unknown
  resource: Json
}

function resourcesIn(value: unknown): Entry[] {
  if (Array.isArray(value)) return value.flatMap(resourcesIn)
  if (!isObject(value)) return []
  if (Array.isArray(value.entry)) return value.entry.flatMap(resourcesIn)
  if (isObject(value.resource))
    return resourcesIn(value.resource).map((entry) => ({ ...entry, ...fullUrlOf(value) }))
  return typeof value.resourceType === 'string' ? [{ resource: value }] : []
}

const fullUrlOf = ({ fullUrl }: Json) => (typeof fullUrl === 'string' ? { fullUrl } : {})

/** Under the id by which the resources know their patient. */
function inventedPatient(resources: readonly Entry[]): Json {
  const references = resources.map(
    ({ resource }) => [resource.subject, resource.patient].find(isObject)?.reference,
  )
  const named = references.find((reference) => typeof reference === 'string')
  const id = typeof named === 'string' ? named.split(/[/:]/).at(-1) : ''
  return { resourceType: 'Patient', id: id || 'unnamed', gender: 'female', birthDate: '1984-03-09' }
}

/** What a server would answer to each template: a read gives a resource, a search a Bundle. */
function answer(templates: Templates, entries: readonly Entry[]): Json {
  return Object.fromEntries(
    Object.entries(templates).map(([key, template]) => {
      const type = template.replace(/[?/].*$/s, '')
      const found = entries.filter(({ resource }) => resource.resourceType === type)
      if (!template.includes('?')) return [key, found[0]?.resource ?? null]
      return [key, { resourceType: 'Bundle', type: 'searchset', total: found.length, entry: found }]
    }),
  )
}

const draftsFor = (patientId: string, drafts: readonly Json[]): Json[] =>
  drafts.map((draft) => ({ ...draft, subject: { reference: `Patient/${patientId}` } }))

const collection = (resources: readonly Json[]): Json => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
})

const call = ({ hook }: Service, patientId: string, drafts: readonly Json[], prefetch: Json): Json => ({
  hook,
  hookInstance: '00000000-0000-4000-8000-000000000000',
  context: {
    userId: 'Practitioner/1',
    patientId,
    ...(hook === 'patient-view' ? {} : { draftOrders: collection(drafts) }),
  },
  prefetch,
})

const asPost = (way: Way, service: Service, request: Json): Post =>
  post(way, service, JSON.stringify(request), request)

function post(way: Way, service: Service, body: Buffer | string, request: Json | undefined): Post {
  return { way, service, body, call: request }
}
