/** Opens the sandbox of developers: a mock EHR at /sandbox that calls the service as any EHR would. Never in production. */
import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { FhirResource, Patient } from 'fhir/r4.js'
import { listPatients, loadPatient } from '../fhir-fixtures/load.ts'
import type { Explanation } from '../src/evaluate.ts'
import { onlyFromHere } from '../src/http/local.ts'
import type { Content } from '../src/pathway/content.ts'
import type { Beside } from '../src/server.ts'
import { type Callers, callersSchema } from '../src/site/callers.ts'
import { type Caller, type Traces, userId } from './ehr/call.ts'
import { createEhr } from './ehr/ehr.ts'
import { openFhir } from './ehr/fhir.ts'
import { address } from './ehr/pages/view.ts'
import { ehrRoutes } from './ehr/routes.ts'
import { makeSigners, type Signers } from './ehr/tokens.ts'
import { fhirRoutes } from './fhir/routes.ts'
import { createFhirStore } from './fhir/store.ts'
import { openSmartSandbox, type SmartSandbox, sandboxRegistration } from './smart/open.ts'

interface SandboxOptions {
  root: string
  isProduction: boolean
  content: Content
  /** Where the service will listen: `http://127.0.0.1:3000`. */
  service: string
  /** Base address of a FHIR server, instead of the embedded one. */
  fhir: string | undefined
  now: () => Date
  today: () => string
  stopwatch: () => number
}

/** What the service is started with. With a FHIR server from elsewhere nobody can sign in here, and there is no `smart`. */
export async function openSandbox(options: SandboxOptions): Promise<Beside> {
  const { root, content, service, now, today, stopwatch } = options
  const signers = await makeSigners()
  const watch = watchTraces()
  let forget: () => void = () => undefined
  const fhirToken = randomBytes(24).toString('base64url')
  const fhirBase = options.fhir ?? `${service}${address}/fhir`
  const issuers = { standard: `${service}${address}`, epic: `${service}${address}/epic` }
  const caller: Caller = {
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
  }
  const keys = { keys: [signers.standard.jwk, signers.epic.jwk] }
  const ehr = createEhr({ root, content, caller, keys, today, forgetSaid: () => forget() })
  const patients = listPatients(root).map((name) => loadPatient(root, name, today()))
  const smart = openSmartSandbox({
    isProduction: options.isProduction,
    service,
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
    ...(options.fhir === undefined ? { smart: sandboxRegistration(service) } : {}),
    callers: withSandbox(content.site.callers, service, fhirBase, issuers, signers),
    forgetsWith: (told) => {
      forget = told
    },
    onExplained: ({ hookInstance }, found) => watch.hear(hookInstance, found),
    toTry: `
  A mock EHR to try it with:  ${service}${address}
  A card at once:             ${service}${address}?patient=acute-week-two&order=lumbar-mri
  The SMART app by itself:    ${service}/smart/standalone
`,
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
