/** The SMART simulator as part of the sandbox: the service's own app is registered at it, and its tokens open the FHIR server. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { CapabilityStatementRestSecurity } from 'fhir/r4.js'
import { type SmartSettings, smartSchema } from '../../src/site/smart.ts'
import type { Access } from '../fhir/access.ts'
import { security } from './answers.ts'
import type { SandboxPatient } from './picker-page.ts'
import { simulatorPart } from './routes.ts'
import { createSimulator } from './simulator.ts'

interface SmartSandboxOptions {
  isProduction: boolean
  /** Address of the service. */
  service: string
  /** The token that calls of the mock EHR carry: it reads. */
  ownToken: string
  listPatients: () => readonly SandboxPatient[]
  now: () => Date
}

export interface SmartSandbox {
  part: FastifyPluginAsync
  /** Whose request it is; undefined for a token that is not known. */
  authorize(request: FastifyRequest): Access | undefined
  /** For the CapabilityStatement. */
  security(): CapabilityStatementRestSecurity
}

const clientId = 'lumbar'
const everything: Access = { scopes: 'system/*.cruds' }
const reading: Access = { scopes: 'user/*.rs' }

export function openSmartSandbox(options: SmartSandboxOptions): SmartSandbox {
  const { isProduction, service, ownToken, listPatients, now } = options
  const simulator = createSimulator({
    isProduction,
    places: () => ({ base: `${service}/sandbox/fhir`, issuer: `${service}/sandbox/smart` }),
    clients: () => [{ id: clientId, type: 'public', redirectUris: [`${service}/smart/callback`] }],
    now,
  })
  return {
    part: simulatorPart({ simulator, listPatients }),
    security: () => security(simulator.places()),
    authorize: ({ headers: { authorization } }) => {
      // Whoever brings no token may do everything, as what it holds is nobody's; a token must be one of ours (FA-2).
      if (authorization === undefined) return everything
      if (authorization === `Bearer ${ownToken}`) return reading
      const access = simulator.access(authorization)
      const patient = access?.context.patient
      return access && { scopes: access.scope, ...(patient === undefined ? {} : { patient }) }
    },
  }
}

/** What a site would set to be registered here. */
export function sandboxRegistration(service: string): SmartSettings {
  return smartSchema.parse({
    'public-url': service,
    ehrs: [
      {
        iss: `${service}/sandbox/fhir`,
        name: 'Sandbox',
        client: { id: clientId, type: 'public' },
        'frame-ancestors': [service],
        'online-access': true,
      },
    ],
  })
}
