/** A caller as hospitals have them: each call with a token of its own, and now and then one that lacks a prefetch key. */
import { Agent, request } from 'node:http'
import { buildBodies, type Templates } from './bodies.ts'
import type { Server } from './server.ts'
import type { Surroundings } from './surroundings.ts'

/** One call in so many lacks a prefetch key and names its FHIR server. */
const fallsBack = 10
/** Whom calls are about, in turns: a hospital has many, and the ledger remembers of each what was shown. */
const patients = 2000

export const callPath = '/cds-services/lumbar-order-select'

/** What a caller is asked to send with its call. */
export async function templatesOf({ url }: Pick<Server, 'url'>): Promise<Templates> {
  const discovery = (await (await fetch(`${url}/cds-services`)).json()) as {
    services: { prefetch?: Templates }[]
  }
  return discovery.services[0]?.prefetch ?? {}
}

/** Sends one call with a token of its own, and says with which status it was answered. */
export async function caller({ url }: Server, { authorization, fhirServer }: Surroundings) {
  const [body] = buildBodies(await templatesOf({ url }), new Date().toISOString().slice(0, 10))
  if (!body) throw new Error('no body to send')
  const about = (text: string) =>
    Array.from({ length: patients }, (_, n) => Buffer.from(text.replaceAll('bench-patient', `patient-${n}`)))
  const whole = about(body.text)
  const lacking = about(withoutProcedures(body.text, fhirServer))
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let sent = 0
  return async (): Promise<number> => {
    sent += 1
    const text = (sent % fallsBack === 0 ? lacking : whole)[sent % patients]
    if (!text) throw new Error('nobody to ask about')
    return post(url + callPath, text, await authorization(), agent)
  }
}

function withoutProcedures(text: string, fhirServer: string): string {
  const { prefetch, ...call } = JSON.parse(text)
  const { procedures, ...rest } = prefetch
  if (!procedures) throw new Error('there is no prefetch key to leave out')
  const token = {
    access_token: 'soak',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.rs',
    subject: 'soak',
  }
  return JSON.stringify({ ...call, prefetch: rest, fhirServer, fhirAuthorization: token })
}

function post(url: string, body: Buffer, authorization: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, authorization }
    const sent = request(url, { method: 'POST', agent, headers }, (reply) => {
      reply.resume()
      reply.on('end', () => resolve(reply.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
