/** Opens the sandbox of developers: a mock EHR at /sandbox that calls the service as any EHR would. Never in production. */
import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { FhirResource, Patient } from 'fhir/r4.js'
import { listPatients, loadPatient } from '../cli/fixtures.ts'
import { type Callers, callersSchema } from '../content/callers.ts'
import type { Content } from '../content/content.ts'
import type { SmartSettings } from '../content/smart.ts'
import type { Explanation } from '../evaluate.ts'
import type { HookCall } from '../hooks/call.ts'
import { onlyFromHere } from '../http/local.ts'
import { type Caller, type Traces, userId } from './ehr/call.ts'
import { createEhr } from './ehr/ehr.ts'
import { openFhir } from './ehr/fhir.ts'
import { address } from './ehr/pages/view.ts'
import { ehrRoutes } from './ehr/routes.ts'
import { makeSigners, type Signers } from './ehr/tokens.ts'
import { fhirRoutes } from './fhir/routes.ts'
import { createFhirStore } from './fhir/store.ts'
import { openSmartSandbox, type SmartSandbox, sandboxRegistration } from './smart/open.ts'

export interface SandboxOptions {
  root: string
  isProduction: boolean
  content: Content
  /** Base address of a FHIR server, instead of the embedded one. */
  fhir: string | undefined
  /** Makes the service forget what it has said of opened charts. */
  forgetSaid: () => void
  now: () => Date
  today: () => string
  stopwatch: () => number
}

export interface Sandbox {
  part: FastifyPluginAsync
  /** To be called once, as soon as the service listens: `http://127.0.0.1:3000`. */
  listensAt(address: string): void
  /** Who may call: the callers of the site, and the sandbox itself. Resolves when the service listens. */
  callers: Promise<Callers>
  /**
   * The service's own SMART app as it is registered here; to be asked when the service listens. Undefined with a FHIR
   * server from elsewhere, which nobody can sign in to here.
   */
  smart?: () => SmartSettings
  /** Hears what the service found in a call. */
  onExplained(call: HookCall, found: Explanation): void
}

export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { root, content, now, today, stopwatch } = options
  const signers = await makeSigners()
  const listening = Promise.withResolvers<string>()
  let service = ''
  const watch = watchTraces()
  const fhirToken = randomBytes(24).toString('base64url')
  const placed = listening.promise.then((service) => ({
    service,
    fhirBase: options.fhir ?? `${service}${address}/fhir`,
    issuers: { standard: `${service}${address}`, epic: `${service}${address}/epic` },
  }))
  const caller = placed.then(
    ({ service, fhirBase, issuers }): Caller => ({
      service,
      audience: content.site.callers?.['public-url'] ?? service,
      fhir: openFhir(fhirBase),
      user: userId,
      fhirToken: () => fhirToken,
      signers,
      issuers,
      now,
      stopwatch,
      traces: watch,
    }),
  )
  const keys = { keys: [signers.standard.jwk, signers.epic.jwk] }
  const ehr = createEhr({ root, content, caller, keys, today, forgetSaid: options.forgetSaid })
  const patients = listPatients(root).map((name) => loadPatient(root, name, today()))
  const smart = openSmartSandbox({
    isProduction: options.isProduction,
    service: () => service,
    ownToken: fhirToken,
    listPatients: () => patients.map(({ patient }) => ({ id: patient.id ?? '', name: nameOf(patient) })),
    now,
  })
  return {
    part: async (app) => {
      app.addHook('onRequest', onlyFromHere)
      await app.register(ehrRoutes(ehr))
      if (options.fhir !== undefined) return
      const resources = patients.flatMap((each) => each.resources)
      await app.register(embeddedFhir(resources, smart, now))
      await app.register(smart.part)
    },
    listensAt: (at) => {
      service = at
      listening.resolve(at)
    },
    ...(options.fhir === undefined ? { smart: () => sandboxRegistration(service) } : {}),
    callers: placed.then(({ service, fhirBase, issuers }) =>
      withSandbox(content.site.callers, service, fhirBase, issuers, signers),
    ),
    onExplained: ({ hookInstance }, found) => watch.hear(hookInstance, found),
  }
}

/** The invented patients, with the dates of today. */
function embeddedFhir(
  resources: readonly FhirResource[],
  { authorize, security }: SmartSandbox,
  now: () => Date,
): FastifyPluginAsync {
  const store = createFhirStore(resources, { now })
  return fhirRoutes(store, { base: `${address}/fhir`, authorize, security, since: now().toISOString() })
}

function nameOf({ id, name: names = [] }: Patient): string {
  const [name] = names
  return [...(name?.given ?? []), name?.family].filter(Boolean).join(' ') || (id ?? '')
}

/** The sandbox as two issuers whose keys the service is handed, so that each call is verified as one of an EHR is. */
function withSandbox(
  site: Callers | undefined,
  service: string,
  fhirBase: string,
  issuers: Caller['issuers'],
  signers: Signers,
): Callers {
  const own = (['standard', 'epic'] as const).map((profile) => ({
    iss: issuers[profile],
    jwks: { keys: [signers[profile].jwk] },
    algorithms: [signers[profile].alg],
    'fhir-servers': [fhirBase],
  }))
  return callersSchema.parse({
    'public-url': service,
    ...site,
    issuers: [...(site?.issuers ?? []), ...own],
  })
}

/** Only calls that somebody waits for are kept, and only until they are fetched. */
function watchTraces(): Traces & { hear(id: string, found: Explanation): void } {
  const found = new Map<string, Explanation | undefined>()
  return {
    expect: (id) => void found.set(id, undefined),
    take: (id) => {
      const trace = found.get(id)
      found.delete(id)
      return trace
    },
    hear: (id, trace) => {
      if (found.has(id)) found.set(id, trace)
    },
  }
}
