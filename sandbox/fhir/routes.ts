/** The embedded FHIR R4 server over HTTP, for development: JSON in and out, every failure an OperationOutcome. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { CapabilityStatementRestSecurity } from 'fhir/r4.js'
import type { Access } from './access.ts'
import { FhirFailure, outcomeOf } from './failures.ts'
import { createFaults, type Faults } from './faults.ts'
import { answer, type Request, type Setting } from './server.ts'
import type { FhirStore } from './store.ts'

export interface FhirRoutesOptions {
  /** Path under which it answers, such as `/sandbox/fhir`. */
  base: string
  /**
   * What the bearer token of a request allows; undefined for a missing, unknown or expired one, which is refused with
   * 401. Without this hook the server is open. `metadata` is open either way.
   */
  authorize?: (request: FastifyRequest) => Promise<Access | undefined> | Access | undefined
  /** For the CapabilityStatement: where tokens come from. Given the absolute base. */
  security?: (base: string) => CapabilityStatementRestSecurity
  faults?: Faults
  /** ISO time of the start. */
  since: string
}

const json = 'application/fhir+json; charset=utf-8'
const form = 'application/x-www-form-urlencoded'

/** A Fastify plugin. More special routes below the base, such as `.well-known`, may stand beside it. */
export function fhirRoutes(store: FhirStore, options: FhirRoutesOptions): FastifyPluginAsync {
  const { faults = createFaults() } = options
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const base = absoluteBase(request, options.base)
    // Not decoded: neither types nor ids have anything to be escaped.
    const url = request.url.slice(options.base.length).replace(/^\//, '')
    const setting: Setting = {
      store,
      base,
      faults,
      since: options.since,
      security: options.security?.(base),
      access: /^metadata(\?|$)/.test(url) ? undefined : await accessOf(request, options.authorize),
    }
    const { delay = 0 } = faults.of(/^[A-Za-z]*/.exec(url)?.[0] ?? '') ?? {}
    if (delay > 0) await sleep(delay)
    const { status, headers, body } = answer(read(request, url), setting)
    reply.code(status).headers(headers).header('cache-control', 'no-store')
    const isMinimal = request.headers.prefer === 'return=minimal' && 'location' in headers
    return isMinimal || body === undefined ? reply.send() : reply.type(json).send(JSON.stringify(body))
  }
  return async (app) => {
    readBodies(app)
    app.setErrorHandler((error, _request, reply) => refuse(error, reply))
    const method = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
    for (const url of [options.base, `${options.base}/*`]) {
      app.route({ method: [...method], url, handler: handle })
    }
  }
}

/** JSON under FHIR's names for it, and the forms of a `_search`. */
function readBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/fhir+json', 'application/json+fhir'],
    { parseAs: 'string' },
    parseJson,
  )
  app.addContentTypeParser(form, { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

function read(request: FastifyRequest, url: string): Request {
  const { method, headers, body } = request
  const isForm = typeof body === 'string'
  if (isForm && !/^[A-Za-z]+\/_search(\?|$)/.test(url)) {
    throw new FhirFailure(415, 'Send a resource as application/fhir+json.')
  }
  const ifNoneExist = headers['if-none-exist']
  return {
    method,
    url: isForm && body !== '' ? `${url}${url.includes('?') ? '&' : '?'}${body}` : url,
    resource: body,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ...(typeof ifNoneExist === 'string' ? { ifNoneExist } : {}),
  }
}

/** As the caller sees it. A Host header that is none leaves links relative to the server. */
function absoluteBase({ protocol, host }: FastifyRequest, base: string): string {
  const url = URL.parse(base, `${protocol}://${host}`)
  return url ? `${url.origin}${base}` : base
}

async function accessOf(
  request: FastifyRequest,
  authorize: FhirRoutesOptions['authorize'],
): Promise<Access | undefined> {
  const access = await authorize?.(request)
  if (authorize && !access)
    throw new FhirFailure(401, 'A bearer token is needed, and one that has not expired.')
  return access
}

function refuse(error: unknown, reply: FastifyReply): FastifyReply {
  const failure = error instanceof FhirFailure ? error : foreseen(error)
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(failure.status)
    .header('cache-control', 'no-store')
    .type(json)
    .send(JSON.stringify(outcomeOf(failure)))
}

/** Fastify's own failures know their status; ours do not tell what went wrong inside. */
function foreseen(error: unknown): FhirFailure {
  const { statusCode = 500 } = error as { statusCode?: number }
  if (statusCode === 415) return new FhirFailure(415, 'Send a resource as application/fhir+json.')
  if (statusCode === 413) return new FhirFailure(413, 'The body is too large.')
  if (statusCode >= 400 && statusCode < 500)
    return new FhirFailure(statusCode, 'The body is not readable JSON.')
  return new FhirFailure(500, 'The sandbox made a mistake.')
}
