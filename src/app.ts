/** Builds the HTTP application: every route in one list, and in their order the things that stand before it. */
import Fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import {
  answerCall,
  discover,
  type Evaluate,
  type Hear,
  hearFeedback,
  longestFeedback,
} from './hooks/calls.ts'
import type { ReadsByHook, Shown, Windows } from './hooks/discovery.ts'
import { acceptJson } from './hooks/failure.ts'
import { welcome } from './hooks/services.ts'
import { versionPrefix } from './hooks/version-3.ts'
import { securityHeaders, transportHeaders } from './http/headers.ts'
import { type FindUnready, sayHealthy, sayReady, showMetrics } from './http/health.ts'
import { type Setup, serverOptions } from './http/options.ts'
import {
  callPath,
  feedbackPath,
  type Handler,
  isOfServices,
  type Route,
  servicesPath,
  unknownPlace,
} from './http/places.ts'
import {
  admission,
  allowOrigins,
  always,
  type Guard,
  refuseUnderPressure,
  setHeaders,
} from './http/protection.ts'
import { clientErrorAnswerer, failureAnswerer } from './http/refusals.ts'
import { stopGracefully } from './http/stopping.ts'
import type { Metrics } from './metrics.ts'
import type { HooksVersion } from './site/callers.ts'

export type { Advice } from './hooks/calls.ts'

/** Load is limited only where limits are given. */
export interface Dependencies extends Setup {
  content: Shown
  /** Resource types that the facts read. */
  reads: ReadsByHook
  /** `system|code` tokens of the observations that the facts read. */
  observationCodes: readonly string[]
  /** Opens the address of CDS Hooks 3.0. */
  version3?: {
    windows: Windows
    /** What clients speak whose issuer says nothing. */
    speaks: HooksVersion
  }
  evaluate: Evaluate
  /** Keeps feedback; without it the service takes none. */
  hear?: Hear
  /** Of pages that may call from a browser. */
  origins?: readonly string[]
  /** Milliseconds from any beginning, by a clock that nobody sets. */
  elapsed: () => number
  /** Lets callers of /cds-services in before their body is read, or throws. */
  guard?: Guard
  /** Codes of what is missing to answer calls. */
  ready?: FindUnready
  /** Codes of what is amiss, though calls are answered. */
  troubles?: () => readonly string[]
  metrics?: Metrics
  /** Pages for people. */
  pages?: readonly Route[]
  /** Parts with routes of their own, such as the sandbox of developers. */
  parts?: readonly FastifyPluginAsync[]
  /** Shows the metrics at /metrics to whoever has it. */
  metricsToken?: string | undefined
  /** What browsers are told about http; see `transportHeaders`. */
  hsts?: 'off' | 'host' | 'domain'
  /** Is registered before everything else, to see all of it. */
  tracing?: (app: FastifyInstance) => void
}

function routesOf(app: FastifyInstance, deps: Dependencies): readonly Route[] {
  const { content, reads, observationCodes, version3, evaluate, hear, metrics, ready, elapsed } = deps
  const token = deps.metricsToken
  return [
    { method: 'GET', url: '/', handler: greet },
    { method: 'GET', url: '/healthz', handler: sayHealthy(content), always: true },
    { method: 'GET', url: '/readyz', handler: sayReady(app, ready, elapsed, deps.troubles), always: true },
    ...(metrics && token !== undefined
      ? [{ method: 'GET', url: '/metrics', handler: showMetrics(metrics, token), always: true } as const]
      : []),
    ...(deps.pages ?? []),
    ...servicesUnder('', discover(content, reads, observationCodes), answerCall(evaluate, content, metrics)),
    ...(version3
      ? servicesUnder(
          versionPrefix,
          discover(content, reads, observationCodes, version3.windows),
          answerCall(evaluate, content, metrics, version3.speaks),
        )
      : []),
  ]

  function servicesUnder(prefix: string, discovery: Handler, answer: Handler): Route[] {
    const feedback = hear && hearFeedback(hear, metrics)
    return [
      { method: 'GET', url: prefix + servicesPath, handler: discovery },
      { method: 'POST', url: prefix + callPath, handler: answer },
      ...(feedback
        ? [
            {
              method: 'POST',
              url: prefix + feedbackPath,
              handler: feedback,
              bodyLimit: longestFeedback,
            } as const,
          ]
        : []),
    ]
  }
}

export function buildApp(deps: Dependencies): FastifyInstance {
  const { limits, metrics, origins = [] } = deps
  const headers = { ...securityHeaders(), ...transportHeaders(deps.hsts ?? 'off') }
  const answerFailure = failureAnswerer(metrics)
  const app = Fastify({
    ...serverOptions(deps),
    frameworkErrors: (error, request, reply) => answerFailure(error, request, reply.headers(headers)),
    clientErrorHandler: clientErrorAnswerer(headers, metrics),
  })
  app.decorateRequest('caller')
  app.setErrorHandler(answerFailure)
  acceptJson(app)

  deps.tracing?.(app)
  setHeaders(app, headers)
  stopGracefully(app)
  if (limits) refuseUnderPressure(app, limits)
  if (origins.length > 0) allowOrigins(app, origins)
  const routes = routesOf(app, deps)
  // Here and not in the handler for unknown routes, which would read and parse the body first.
  app.addHook('onRequest', (request, reply, done) => {
    done(request.is404 ? unknownPlace(request, reply, routes) : undefined)
  })
  const { toCalls, toAll } = admission(deps)
  // Last, because what was registered above looks at each route as it is added.
  app.register(async (scope) => {
    for (const { always: isAlways, ...route } of routes) {
      const onRequest = isOfServices(route.url) ? toCalls : toAll
      scope.route({ ...route, ...(isAlways ? {} : { onRequest }), config: isAlways ? always : {} })
    }
  })
  app.register(async (scope) => {
    scope.addHook('onRequest', toAll)
    for (const part of deps.parts ?? []) scope.register(part)
  })
  return app
}

function greet(_request: FastifyRequest, reply: FastifyReply) {
  return reply.type('text/plain; charset=utf-8').send(welcome)
}
