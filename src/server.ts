/** Starts Lumbar: settings, content, application, listen; and ends it gracefully. The only file that knows the time. */

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { buildApp } from './app.ts'
import { withoutClosingSlashes } from './bounds.ts'
import { timeIn, todayIn } from './calendar.ts'
import { keptIn } from './checklist/kept.ts'
import { answersAbout } from './checklist/lookup.ts'
import { type Config, ConfigError, isLoopback, readConfig, refuseToListenOpenly } from './config.ts'
import type { Callers } from './content/callers.ts'
import type { Content } from './content/content.ts'
import { loadContent } from './content/load.ts'
import { ContentError } from './content/problems.ts'
import type { Site } from './content/schema.ts'
import { endOnMistake, stopOnSignal } from './ending.ts'
import { createEvaluator } from './evaluate.ts'
import { compileFacts } from './facts/find-facts.ts'
import { handoutRoutes } from './handouts/routes.ts'
import { traceOf } from './hooks/failure.ts'
import { whatToTry } from './hooks/hello.ts'
import { isFromHere } from './http/local.ts'
import { buildMetricsApp } from './http/metrics-page.ts'
import { createMetrics } from './metrics.ts'
import { makePathwayPages } from './pages/pathway/pages.ts'
import { pathwayRoutes } from './pages/pathway/routes.ts'
import { type QuietPeriod, quietPeriod } from './quiet-period.ts'
import { createFhirReader } from './record/fhir/reader.ts'
import type { Sandbox } from './sandbox/open.ts'
import { SmartFailure } from './smart/failures.ts'
import { openEvaluations, openStores, startSmart } from './smart-start.ts'
import type { Log } from './store/database.ts'
import { startTracing, TracingMissing } from './tracing.ts'
import { NotTrusted, ReplayStoreUnavailable } from './trust/failures.ts'
import { openTrust, trustLater, UnsafeIssuer } from './trust/open-trust.ts'

const mendable = [
  SmartFailure,
  ConfigError,
  ContentError,
  TracingMissing,
  ReplayStoreUnavailable,
  UnsafeIssuer,
]

const root = join(import.meta.dirname, '..')

async function start(): Promise<void> {
  const config = readConfig()
  const content = loadContent(root, config.siteFile)
  const { site, pathway } = content
  if (!site.callers) refuseToListenOpenly(config.host)
  // Who verifies callers means it, whatever was forgotten to be said.
  const mode = config.mode ?? (site.callers ? 'production' : 'development')
  const isShown = config.metrics !== undefined || config.metricsToken !== undefined
  const metrics = site.metrics.enabled && isShown ? createMetrics() : undefined
  const tracing = config.tracing && (await startTracing({ ...config.tracing, version: pathway.version }))

  const now = () => new Date()
  const elapsed = () => performance.now()
  const today = todayIn(site['time-zone'], now)
  const quiet = quietPeriod(site['quiet-period-days'])
  const sandbox = await sandboxFor({ ...config, mode }, content, { today, now, elapsed }, quiet)
  const log = lateLog(() => app.log)
  const stores = await openStores(config, site.smart !== undefined, now, log)
  const kept = keptIn(content, stores.kept, () => now().getTime())
  const tellTime = timeIn(site['time-zone'], now)
  const registration = site.smart ? () => site.smart : sandbox?.smart
  const publicUrl = () => {
    const set = registration?.()?.['public-url']
    return set && withoutClosingSlashes(set)
  }
  const reader = createFhirReader({
    // The sandbox's FHIR server is on this machine, and speaks plain http.
    settings: sandbox ? { ...site.fhir, 'development-http': true } : site.fhir,
    now: Date.now,
    onRead: (report) => {
      for (const key in report.keys) metrics?.onRead(key, report.keys[key] ?? '')
      app.log[report.isSuspicious ? 'warn' : 'info']({ outcome: 'fhir-read', ...report })
    },
  })
  const { evaluations, keep } = openEvaluations({ site, pathway }, stores, registration, now, log)
  const lookUp = answersAbout({ content, ...kept, tellTime, now, patience: site.fhir['deadline-ms'] })
  const evaluator = createEvaluator(content, {
    reader,
    today,
    newId: randomUUID,
    quiet,
    stopwatch: elapsed,
    answers: async (call, caller) => {
      try {
        return await lookUp(call, caller)
      } catch (error) {
        // The cards are answered without; the store says by itself that it is back.
        app.log.warn({ outcome: 'answers-unavailable', ...traceOf(error) })
        return undefined
      }
    },
    places: {
      app: () => {
        const url = publicUrl()
        return url === undefined ? undefined : `${url}/smart/launch`
      },
      pathway: () => {
        const url = site.handouts['public-url'] ?? site.callers?.['public-url']
        return url && new URL('pathway', url.endsWith('/') ? url : `${url}/`).href
      },
    },
    ...(keep ? { keep } : {}),
    ...(sandbox ? { onExplained: sandbox.onExplained } : {}),
    onFactError: (fact, error) => {
      metrics?.onFactError(fact)
      app.log.error({ outcome: 'fact-failed', fact, ...traceOf(error) })
    },
  })
  // The log is the application's, which is built with the guard: until then nothing is there to be logged.
  const trustIn = (callers: Callers) =>
    openTrust({
      callers,
      ...(site.callers ? {} : { letsInUnsigned: isFromHere }),
      now,
      elapsed,
      log,
      databaseUrl: config.databaseUrl,
      isProduction: mode === 'production',
    })
  const opening = sandbox?.callers.then(trustIn)
  const trust = opening ? trustLater(opening) : site.callers && (await trustIn(site.callers))
  const smart = startSmart({
    config,
    root,
    site: site.smart,
    sandbox: sandbox?.smart,
    pages: { content, evaluator, ...kept, evaluations, stores, now, today, tellTime, publicUrl },
    stores,
  })
  const app = buildApp({
    content,
    reads: evaluator.reads,
    observationCodes: evaluator.observationCodes,
    evaluate: evaluator.evaluate,
    elapsed,
    logger: { level: config.logLevel },
    // A developer's machine is busy with other things: nobody is sent away because it was slow for a moment.
    limits: sandbox ? { ...site.limits, 'event-loop-delay-ms': 0 } : site.limits,
    pages: [
      ...pathwayRoutes(once(() => makePathwayPages(root, content, compileFacts(content).reads))),
      ...handoutRoutes(content),
      ...smart.routes,
    ],
    parts: [smart.part, sandbox?.part].filter((part) => part !== undefined),
    origins: originsOf(site),
    ...(config.trustProxy ? { trustProxy: config.trustProxy } : {}),
    ...(metrics ? { metrics } : {}),
    ...(config.metrics ? {} : { metricsToken: config.metricsToken }),
    hsts: site.hsts,
    ...(tracing ? { tracing: tracing.watch } : {}),
    ...(trust
      ? {
          guard: trust.guard,
          ready: () =>
            trust.ready().then(
              () => [],
              () => ['replay-store-unavailable'],
            ),
        }
      : { guard: strangersRefused }),
  })
  const figures = metrics && config.metrics && buildMetricsApp(metrics, config.metricsToken)

  endOnMistake(app.log)
  stopOnSignal({
    begin: () => app.beginDrain(),
    drain: config.drain,
    close: async () => {
      await Promise.all([app.close(), figures?.close()])
      reader.close()
      await Promise.all([trust?.close(), stores.close(), tracing?.end()])
    },
  })
  if (figures) {
    app.log.info({ outcome: 'metrics-listening', url: await figures.listen(config.metrics) })
  }
  const address = await app.listen({ host: config.host, port: config.port })
  sandbox?.listensAt(address)
  await opening
  if (mode === 'development')
    console.log(
      whatToTry(address, { hasCallers: site.callers !== undefined, hasSandbox: sandbox !== undefined }),
    )
}

/** Only on a developer's own machine, and where there are callers only if somebody asks for it; else it is not even read. */
async function sandboxFor(
  { mode, sandbox, host, sandboxFhir }: Config,
  content: Content,
  { today, now, elapsed }: { today: () => string; now: () => Date; elapsed: () => number },
  quiet: QuietPeriod,
): Promise<Sandbox | undefined> {
  const isWanted = sandbox === undefined ? !content.site.callers : sandbox === 'on'
  if (mode !== 'development' || !isLoopback(host) || !isWanted) return undefined
  const { openSandbox } = await import('./sandbox/open.ts')
  return openSandbox({
    root,
    isProduction: false,
    content,
    fhir: sandboxFhir,
    forgetSaid: quiet.forget,
    now,
    today,
    stopwatch: elapsed,
  })
}

/** Where nobody is verified only this machine is heard; what a proxy on it forwards is of somebody else. */
async function strangersRefused(request: FastifyRequest): Promise<void> {
  if (!isFromHere(request)) throw new NotTrusted('no-token')
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Of pages that call with a token of an issuer, and of others (SEC-13). */
function originsOf({ callers, ...site }: Site): string[] {
  return [...site['browser-origins'], ...(callers?.issuers ?? []).flatMap(({ origins }) => origins)]
}

/** A log that is not there yet when it is handed over. */
function lateLog(log: () => FastifyBaseLogger): Log {
  return { info: (line) => log().info(line), warn: (line) => log().warn(line) }
}

/** What a person can mend is said in a sentence; only the unforeseen is shown with its stack. */
function explain(error: unknown): unknown {
  if (mendable.some((kind) => error instanceof kind)) return (error as Error).message
  const { code } = error as { code?: unknown }
  if (code === 'EADDRINUSE') return 'The port is taken. Stop what uses it, or set PORT to another one.'
  if (code === 'EACCES') return 'The port may not be used. Set PORT to one from 1024 to 65535.'
  return error
}

await start().catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})
