/** `node .` starts Lumbar: settings, content, application, listen; and ends it gracefully. The only file that knows the time. */

// Before all that it is for.
import type { Site } from './site/schema.ts'
import './young.ts'

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { buildApp } from './app.ts'
import { withoutClosingSlashes } from './bounds.ts'
import { dayIn, timeIn, todayIn } from './calendar.ts'
import { answersAbout, keptIn } from './checklist/book.ts'
import { endOnMistake, stopOnSignal } from './ending.ts'
import { createEvaluator, type Explanation } from './evaluate.ts'
import { compileFacts } from './facts/find-facts.ts'
import { handoutRoutes } from './handouts/routes.ts'
import type { HookCall } from './hooks/call.ts'
import { traceOf } from './hooks/failure.ts'
import { whatToTry } from './hooks/services.ts'
import { buildMetricsApp } from './http/health.ts'
import { isFromHere } from './http/local.ts'
import { standardOutput } from './http/log.ts'
import { hearWith, startLedger } from './ledger-start.ts'
import { startOutcomes } from './outcomes-start.ts'
import { pathwayRoutes } from './pages/pathway/routes.ts'
import { type Opened, openContent } from './pathway/compiled.ts'
import type { Content } from './pathway/content.ts'
import { ContentError } from './pathway/problems.ts'
import { startQuality } from './quality-start.ts'
import { createFhirReader } from './record/fhir/reader.ts'
import type { Callers } from './site/callers.ts'
import {
  type Config,
  ConfigError,
  readConfig,
  refuseArguments,
  refuseToListenOpenly,
} from './site/environment.ts'
import type { SmartSettings } from './site/smart.ts'
import { openEvaluations, startSmart } from './smart-start.ts'
import type { Log } from './store/database.ts'
import { openStores } from './store/open.ts'
import { StoreUnavailable } from './store/store.ts'
import { startTracing, TracingMissing } from './tracing.ts'
import { NotTrusted, ReplayStoreUnavailable } from './trust/failures.ts'
import { openTrust, UnsafeIssuer } from './trust/open-trust.ts'
import { growAsNeeded } from './young.ts'

const mendable = [
  StoreUnavailable,
  ConfigError,
  ContentError,
  TracingMissing,
  ReplayStoreUnavailable,
  UnsafeIssuer,
]

const root = join(import.meta.dirname, '..')

/** What a developer's tool puts beside the service in its process. Production has none. */
export interface Beside {
  /** Its routes. */
  part: FastifyPluginAsync
  /** Who may call: the callers of the site, and the tool itself. */
  callers: Callers
  /** The SMART app as it is registered at the tool, for a site that set nothing. */
  smart?: SmartSettings
  /** Is handed what makes the service forget what it has told. */
  forgetsWith(forget: () => void): void
  /** Hears what the service found in a call. */
  onExplained(call: HookCall, found: Explanation): void
  /** What is said at the start beside the address. */
  toTry: string
}

interface StartOptions {
  /** By default what the environment says. */
  config?: Config
  /** By default what the files of this folder and of the site say. */
  opened?: Opened
  beside?: Beside | undefined
}

/** Who verifies callers means it, whatever was forgotten to be said. */
export const modeOf = ({ mode }: Config, { callers }: Site) =>
  mode ?? (callers ? 'production' : 'development')

/** Resolves when it listens. What it throws `orSay` tells. */
export async function start(options: StartOptions = {}): Promise<void> {
  const { config = readConfig(), beside } = options
  const { content, how } = options.opened ?? (await openContent(root, config.siteFile))
  const { site, pathway } = content
  if (!site.callers) refuseToListenOpenly(config.host)
  const mode = modeOf(config, site)
  const isShown = config.metrics !== undefined || config.metricsToken !== undefined
  // What only some sites use, or nobody has looked at yet, is not loaded.
  const metrics = site.metrics.enabled && isShown ? (await import('./metrics.ts')).createMetrics() : undefined
  const tracing = config.tracing && (await startTracing({ ...config.tracing, version: pathway.version }))

  const now = () => new Date()
  const elapsed = () => performance.now()
  const today = todayIn(site['time-zone'], now)
  const log = lateLog(() => app.log)
  const tellTime = timeIn(site['time-zone'], now)
  const dayOf = dayIn(site['time-zone'])
  const ledger = startLedger({
    config,
    root,
    content,
    now: () => now().getTime(),
    dayOf,
    tellTime: (at) => tellTime(new Date(at)),
    log,
    metrics,
  })
  beside?.forgetsWith(ledger.forgetTold)
  const stores = await openStores(config, (site.smart ?? site.quality) !== undefined, now, log)
  const kept = keptIn(content, stores.kept, () => now().getTime())
  const registration = site.smart ?? beside?.smart
  const publicUrl = registration && withoutClosingSlashes(registration['public-url'])
  const reader = createFhirReader({
    settings: site.fhir,
    now: Date.now,
    onRead: (report) => {
      for (const key in report.keys) metrics?.onRead(key, report.keys[key] ?? '')
      app.log[report.isSuspicious ? 'warn' : 'info']({ outcome: 'fhir-read', ...report })
    },
  })
  const { evaluations, keep } = openEvaluations({ site, pathway }, ledger.bases, registration, now, log)
  const lookUp = answersAbout({ content, ...kept, tellTime, now, patience: site.fhir['deadline-ms'] })
  const evaluator = createEvaluator(content, {
    reader,
    today,
    newId: randomUUID,
    ledger,
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
      app: () => (publicUrl === undefined ? undefined : `${publicUrl}/smart/launch`),
      pathway: () => {
        const url = site.handouts['public-url'] ?? site.callers?.['public-url']
        return url && new URL('pathway', url.endsWith('/') ? url : `${url}/`).href
      },
    },
    ...(keep ? { keep } : {}),
    ...(beside ? { onExplained: beside.onExplained } : {}),
    onFactError: (fact, error) => {
      metrics?.onFactError(fact)
      app.log.error({ outcome: 'fact-failed', fact, ...traceOf(error) })
    },
  })
  const callers = beside?.callers ?? site.callers
  // The log is the application's, which is built with the guard: until then nothing is there to be logged.
  const trust =
    callers &&
    (await openTrust({
      callers,
      ...(site.callers ? {} : { letsInUnsigned: isFromHere }),
      now,
      elapsed,
      log,
      databaseUrl: config.databaseUrl,
      isProduction: mode === 'production',
    }))
  const smart = startSmart({
    config,
    root,
    site: site.smart,
    registration,
    pages: { content, evaluator, ...kept, evaluations, stores, now, today, tellTime, publicUrl },
    stores,
  })
  const quality = startQuality({ config, root, content, kept: stores.kept, now, log })
  const app = buildApp({
    content,
    reads: evaluator.reads,
    observationCodes: evaluator.observationCodes,
    version3: { windows: evaluator.windows, speaks: site.clients['cds-hooks'] },
    evaluate: evaluator.evaluate,
    hear: hearWith(ledger),
    troubles: ledger.troubles,
    elapsed,
    logger: { level: config.logLevel, stream: standardOutput() },
    limits: site.limits,
    pages: [...pathwayRoutes(once(() => pathwayPages(content))), ...handoutRoutes(content), ...smart.routes],
    parts: [smart.part, quality.part, beside?.part].filter((part) => part !== undefined),
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

  if (typeof how === 'object') app.log.warn({ outcome: 'pathway-not-kept', reason: how.unkept })
  await ledger.begin()
  const outcomes = startOutcomes({ config, content, ledger, now, dayOf, log, metrics })
  endOnMistake(app.log)
  stopOnSignal({
    begin: () => app.beginDrain(),
    drain: config.drain,
    close: async () => {
      await Promise.all([app.close(), figures?.close()])
      reader.close()
      await outcomes?.stop()
      await Promise.all([quality.close(), trust?.close(), stores.close(), ledger.close(), tracing?.end()])
    },
  })
  if (figures) {
    app.log.info({ outcome: 'metrics-listening', url: await figures.listen(config.metrics) })
  }
  const address = await app.listen({ host: config.host, port: config.port })
  growAsNeeded()
  if (mode === 'development') {
    console.log(whatToTry(address, { hasCallers: site.callers !== undefined, beside: beside?.toTry ?? '' }))
  }
}

/** Where nobody is verified only this machine is heard; what a proxy on it forwards is of somebody else. */
async function strangersRefused(request: FastifyRequest): Promise<void> {
  if (!isFromHere(request)) throw new NotTrusted('no-token')
}

async function pathwayPages(content: Content) {
  const { makePathwayPages } = await import('./pages/pathway/pages.ts')
  return makePathwayPages(root, content, compileFacts(content).reads)
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

/** Starts something, or ends the process: what a person can mend is said in a sentence, and only the unforeseen with its stack. */
export async function orSay(starting: Promise<void>): Promise<void> {
  try {
    await starting
  } catch (error) {
    console.error(explain(error))
    process.exit(error instanceof ConfigError ? 2 : 1)
  }
}

function explain(error: unknown): unknown {
  if (mendable.some((kind) => error instanceof kind)) return (error as Error).message
  const { code } = error as { code?: unknown }
  if (code === 'EADDRINUSE') return 'The port is taken. Stop what uses it, or set PORT to another one.'
  if (code === 'EACCES') return 'The port may not be used. Set PORT to one from 1024 to 65535.'
  return error
}

/** As a command: what stands behind it is refused. */
export async function main(): Promise<void> {
  refuseArguments()
  await start()
}

if (import.meta.main) await orSay(main())
