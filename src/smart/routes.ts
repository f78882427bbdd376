/** Every address of the SMART app: launches and what comes back of them, the app's keys, and the pages of a launch. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { longest, withoutClosingSlashes } from '../bounds.ts'
import { traceOf } from '../hooks/failure.ts'
import type { Headers } from '../http/headers.ts'
import type { Route } from '../http/places.ts'
import { isLoopback } from '../site/addresses.ts'
import { StoreUnavailable } from '../store/store.ts'
import { SmartFailure, smartFailures } from './failures.ts'
import { FhirFailure } from './fhir/client.ts'
import type { Ehr, Ehrs } from './launch/ehrs.ts'
import { keysRoute } from './launch/keys.ts'
import type { Sessions } from './launch/sessions.ts'
import type { SignIn } from './launch/sign-in.ts'
import { type CookieJar, cookiesBelow, isSame } from './launch/states.ts'
import type { Launch } from './launch.ts'
import { choicePage, failurePage, pageHeaders, styleAddress } from './page.ts'
import { style } from './style.ts'

/** A page of a launch. Failures that it throws become safe pages; its headers are set. */
export interface LaunchPage {
  method: 'GET' | 'POST'
  /** Below `/smart/<launch id>/`: empty for the first page. */
  path: string
  handler: (launch: Launch, request: FastifyRequest, reply: FastifyReply) => unknown
}

interface SmartDependencies {
  ehrs: Ehrs
  signIn: SignIn
  sessions: Sessions
  /** The address before `/smart` as browsers see it, without a slash at its end. */
  publicUrl: () => string
  /** The key set of an asymmetric client, as JSON. */
  keys?: string
  pages: readonly LaunchPage[]
}

type Query = Readonly<Record<string, string | string[] | undefined>>

const pageType = 'text/html; charset=utf-8'

export function smartRoutes(deps: SmartDependencies): readonly Route[] {
  const { ehrs, signIn, sessions, publicUrl, keys, pages } = deps
  const prefix = () => withoutClosingSlashes(new URL(publicUrl()).pathname)
  const cookies = cookiesBelow(prefix)
  const styleUrl = () => prefix() + styleAddress
  const headersFor = frameHeaders(ehrs)
  const safely = safety(headersFor, styleUrl)

  async function begin(request: FastifyRequest, reply: FastifyReply, iss: string, launch?: string) {
    const begun = await signIn.begin(iss, launch)
    request.log.info({ outcome: 'smart-begun', issuer: begun.ehr.iss })
    return reply
      .headers(headersFor(begun.ehr))
      .header('set-cookie', cookies.pending(begun.state, begun.browser))
      .redirect(begun.url, 302)
  }

  const launchFromEhr = safely((request, reply) => {
    const { iss, launch } = textsIn(request.query as Query)
    // R2: both are required, once each. Whatever else is there is nobody's business (F1).
    if (!iss || !launch || launch.length > longest.url) throw new SmartFailure('bad-launch')
    const home = homeOf(request, publicUrl())
    return home ? reply.redirect(home, 302) : begin(request, reply, iss, launch)
  })

  const launchAlone = safely((request, reply) => {
    const home = homeOf(request, publicUrl())
    if (home) return reply.redirect(home, 302)
    const offered = ehrs.all().filter(({ standalone }) => standalone)
    const { iss } = textsIn(request.query as Query)
    const chosen = iss === undefined ? offered.length === 1 && offered[0] : ehrs.find(iss)
    if (chosen && offered.includes(chosen)) return begin(request, reply, chosen.iss)
    if (offered.length === 0) throw new SmartFailure('no-ehr')
    const link = (ehr: Ehr) => `${prefix()}/smart/standalone?${new URLSearchParams({ iss: ehr.iss })}`
    return reply
      .headers(headersFor())
      .type(pageType)
      .send(choicePage(offered, link, styleUrl()))
  })

  const callback = safely(async (request, reply) => {
    const answer = textsIn(request.query as Query)
    const state = answer.state ?? ''
    const browser = cookies.readPending(request.headers.cookie, state)
    const { callback: place } = request.params as { callback?: string }
    const { ehr, launch } = await signIn.finish({ answer, browser, callback: place })
    const { id, secret } = await sessions.begin(launch)
    request.log.info({ outcome: 'smart-launched', issuer: ehr.iss })
    return reply
      .headers(headersFor(ehr))
      .header('set-cookie', [cookies.pending(state, undefined), cookies.launch(id, secret)])
      .redirect(`${publicUrl()}/smart/${id}/`, 303)
  })

  return [
    { method: 'GET', url: '/smart/launch', handler: launchFromEhr },
    { method: 'GET', url: '/smart/standalone', handler: launchAlone },
    { method: 'GET', url: '/smart/callback', handler: callback },
    { method: 'GET', url: '/smart/callback/:callback', handler: callback },
    { method: 'GET', url: styleAddress, handler: sendStyle },
    ...(keys === undefined ? [] : [keysRoute(keys)]),
    ...pages.map((page) => ({
      method: page.method,
      url: `/smart/:launch/${page.path}`,
      handler: safely(async (request, reply) => {
        const launch = await openLaunch(sessions, cookies, request)
        reply.headers(headersFor(ehrs.find(launch.ehr.iss)))
        if (page.method === 'POST') requireFormToken(request, launch)
        return page.handler(launch, request, reply)
      }),
    })),
  ]
}

/**
 * Where this launch is to begin instead: a developer's browser may call this machine `localhost`, and cookies of that
 * name do not come back to `127.0.0.1`. Elsewhere the proxy in front knows what it does.
 */
function homeOf({ host, url }: FastifyRequest, publicUrl: string): string | undefined {
  const home = new URL(publicUrl)
  const named = URL.parse(`http://${host}`)
  if (!named || named.host === home.host) return undefined
  return isLoopback(named.hostname) && isLoopback(home.hostname) ? `${home.origin}${url}` : undefined
}

function openLaunch(sessions: Sessions, cookies: CookieJar, request: FastifyRequest): Promise<Launch> {
  const { launch } = request.params as { launch: string }
  return sessions.open(launch, cookies.readLaunch(request.headers.cookie))
}

/** Cookies that work in frames go along with what other sites send too. */
function requireFormToken({ body }: FastifyRequest, { formToken, ehr }: Launch): void {
  const { 'form-token': sent } = (body ?? {}) as Record<string, unknown>
  if (typeof sent !== 'string' || !isSame(sent, formToken)) {
    throw new SmartFailure('not-from-here', undefined, ehr.iss)
  }
}

/** What is there once. A parameter that is there twice would be read differently by others. */
function textsIn(query: Query): Record<string, string> {
  const once = Object.entries(query).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(once) as Record<string, string>
}

/** Before an EHR is known, any of them may show what went wrong. */
function frameHeaders(ehrs: Ehrs): (ehr?: Ehr) => Headers {
  const known = new Map<string, Headers>()
  return (ehr) => {
    const key = ehr?.iss ?? ''
    const origins = (ehr ? [ehr] : ehrs.all()).flatMap((each) => each['frame-ancestors'])
    const headers = known.get(key) ?? pageHeaders(origins)
    known.set(key, headers)
    return headers
  }
}

type Handler = Route['handler']

/** R14: every failure is a page that says what to do, and a line of codes in the log. */
function safety(headersFor: (ehr?: Ehr) => Headers, styleUrl: () => string) {
  return (handler: Handler): Handler =>
    async (request, reply) => {
      // That of answers forbids every frame; who may frame a page its own policy says.
      reply.removeHeader('x-frame-options')
      try {
        return await handler(request, reply)
      } catch (error) {
        const { code, detail, issuer } = toSmartFailure(error)
        const reason = detail === undefined ? code : `${code} ${detail}`
        if (code === 'internal-error') request.log.error({ outcome: code, ...traceOf(error) })
        else request.log.info({ outcome: 'smart-refused', reason, issuer })
        return reply
          .code(smartFailures[code].status)
          .headers(headersFor())
          .type(pageType)
          .send(failurePage(code, styleUrl()))
      }
    }
}

function toSmartFailure(error: unknown): SmartFailure {
  if (error instanceof SmartFailure) return error
  if (error instanceof StoreUnavailable) return new SmartFailure(error.code, error.detail)
  if (!(error instanceof FhirFailure)) return new SmartFailure('internal-error')
  return new SmartFailure(error.status === 401 ? 'launch-ended' : 'chart-not-read', error.reason)
}

function sendStyle(_request: FastifyRequest, reply: FastifyReply) {
  return reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8').send(style)
}
