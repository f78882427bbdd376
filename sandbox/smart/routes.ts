/** The simulator over HTTP: under the FHIR base what SMART wants there, and beside it what an authorization server has. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { partWithForms, type Route } from '../../src/http/places.ts'
import { configuration } from './answers.ts'
import type { Asked } from './checks.ts'
import type { Form } from './clients.ts'
import { Wrong } from './clients.ts'
import { type Fault, faults as knownFaults } from './faults.ts'
import { pickerPage, type SandboxPatient } from './picker-page.ts'
import type { Simulator } from './simulator.ts'
import { type Context, Shelf } from './state.ts'

interface SimulatorRoutes {
  simulator: Simulator
  /** Whom a standalone launch may choose. */
  listPatients: () => Promise<readonly SandboxPatient[]> | readonly SandboxPatient[]
}

/** In ms: longer than any app should wait. */
const tooLong = 20_000

const context = z.object({
  patient: z.string().optional(),
  encounter: z.string().optional(),
  user: z.string().optional(),
  appContext: z.unknown().optional(),
  intent: z.string().optional(),
  tenant: z.string().optional(),
  need_patient_banner: z.boolean().optional(),
  fhirContext: z.array(z.unknown()).optional(),
})
const launchRequest = z.object({ launchUrl: z.string().optional(), parameters: context })
const faultRequest = z.object({ faults: z.array(z.enum(Object.keys(knownFaults) as [Fault, ...Fault[]])) })

export function simulatorPart({ simulator, listPatients }: SimulatorRoutes): FastifyPluginAsync {
  const { faults, places } = simulator
  /** Standalone launches that wait for a choice. */
  const waiting = new Shelf<Asked>()

  const discover = async (_request: FastifyRequest, reply: FastifyReply) => {
    if (faults.has('slow-discovery')) await sleep(tooLong, undefined, { ref: false })
    if (faults.has('no-discovery')) return reply.code(404).send()
    if (faults.has('failing-discovery')) return reply.code(500).send()
    if (faults.has('redirecting-discovery')) return reply.redirect(`${places().issuer}/configuration`)
    if (faults.has('broken-discovery')) return reply.type('application/json').send('{"token_endpoint":')
    const filling = faults.has('oversized-discovery') ? { filling: 'x'.repeat(2 ** 20) } : {}
    return reply.send({ ...configuration(places(), faults), ...filling })
  }

  const authorize = judged(async (request, reply) => {
    const asked = simulator.authorize(textsOf(request.query))
    if (asked.context) return reply.redirect(simulator.approve(asked, asked.context))
    const page = pickerPage(await listPatients(), waiting.keep(asked))
    return reply
      .header('content-security-policy', page.policy)
      .type('text/html; charset=utf-8')
      .send(page.text)
  })

  const choose = judged((request, reply) => {
    const { waiting: name, patient = '' } = textsOf(request.query)
    const asked = waiting.take(name)
    if (!asked) throw new Wrong('invalid_request', 'nothing waits for this choice')
    return reply.redirect(simulator.approve(asked, { patient }))
  })

  const token = judged(async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (faults.has('redirecting-token')) return reply.redirect(`${places().issuer}/stolen`, 307)
    const found = await simulator.token(textsOf(request.body), request.headers.authorization)
    if (faults.has('slow-token')) await sleep(tooLong, undefined, { ref: false })
    if (faults.has('broken-token')) return reply.type('application/json').send('{"access_token":')
    return reply.send(faults.has('oversized-token') ? { ...found, filling: 'x'.repeat(2 ** 21) } : found)
  })

  /** As the public sandbox of CDS Hooks asks for it. */
  const newLaunch = judged((request, reply) => {
    const { data } = launchRequest.safeParse(request.body)
    if (!data) throw new Wrong('invalid_request', 'send {"launchUrl": …, "parameters": {"patient": …}}')
    return reply.send({ launch_id: simulator.newLaunch(data.parameters as Context) })
  })

  const setFaults = judged((request, reply) => {
    const { data } = faultRequest.safeParse(request.body)
    if (!data) throw new Wrong('invalid_request', 'send {"faults": [names of faults]}')
    faults.clear()
    for (const fault of data.faults) faults.add(fault)
    return reply.send({ on: [...faults] })
  })

  const openid = (_request: FastifyRequest, reply: FastifyReply) => {
    const { issuer } = places()
    return reply.send({
      issuer,
      jwks_uri: `${issuer}/jwks`,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    })
  }

  return partWithForms([
    { method: 'GET', url: '/sandbox/fhir/.well-known/smart-configuration', handler: discover },
    { method: 'POST', url: '/sandbox/fhir/_services/smart/Launch', handler: newLaunch },
    { method: 'GET', url: '/sandbox/smart/.well-known/openid-configuration', handler: openid },
    { method: 'GET', url: '/sandbox/smart/jwks', handler: async () => (await simulator.keys).published },
    { method: 'GET', url: '/sandbox/smart/authorize', handler: authorize },
    { method: 'GET', url: '/sandbox/smart/choose', handler: choose },
    { method: 'POST', url: '/sandbox/smart/token', handler: token },
    { method: 'GET', url: '/sandbox/smart/faults', handler: () => ({ on: [...faults], known: knownFaults }) },
    { method: 'POST', url: '/sandbox/smart/faults', handler: setFaults },
  ])
}

/** An app that is wrong is told why. */
function judged(handler: Route['handler']): Route['handler'] {
  return async (request, reply) => {
    try {
      return await handler(request, reply)
    } catch (error) {
      if (!(error instanceof Wrong)) throw error
      return reply.code(400).send({ error: error.error, error_description: error.message })
    }
  }
}

/** What is there once, and has a value. */
function textsOf(fields: unknown): Form {
  const entries = Object.entries((fields ?? {}) as Record<string, unknown>)
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string' && value !== '')) as Form
}
