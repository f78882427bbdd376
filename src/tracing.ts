/**
 * OpenTelemetry by Fastify's own plugin: one span a request and one for its handler. Loaded only where a collector
 * is set, because the libraries are larger than all others together. No span holds anything that a caller wrote.
 */

import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { FastifyInstance } from 'fastify'
import { withoutClosingSlashes } from './bounds.ts'

interface TracingSettings {
  /** Base address of an OTLP collector. */
  endpoint: string
  serviceName: string
  version: string
}

interface Tracing {
  /** To be called before routes are added. */
  watch: (app: FastifyInstance) => void
  /** Sends what is left. */
  end: () => Promise<void>
}

/** Attributes that are ours or the protocol's. The path is not: callers write into it what they like. */
const allowedAttributes: ReadonlySet<string> = new Set([
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'fastify.type',
  'hook.name',
])

/** @throws when the optional packages were left out of the installation. */
export async function startTracing({ endpoint, serviceName, version }: TracingSettings): Promise<Tracing> {
  const { api, core, sdk, resources, otlp, fastifyOtel } = await load()
  const exporter = new otlp.OTLPTraceExporter({ url: `${withoutClosingSlashes(endpoint)}/v1/traces` })
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: guardedExporter(exporter) })],
  })
  api.propagation.setGlobalPropagator(new core.W3CTraceContextPropagator())
  const instrumentation = new fastifyOtel.FastifyOtelInstrumentation({
    instrumentHooks: false,
    recordExceptions: false,
  })
  instrumentation.setTracerProvider(provider)
  return {
    watch: (app) => void app.register(instrumentation.plugin()),
    end: () => provider.shutdown(),
  }
}

async function load() {
  try {
    const [api, core, sdk, resources, otlp, fastifyOtel] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/core'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@fastify/otel'),
    ])
    return { api, core, sdk, resources, otlp, fastifyOtel }
  } catch (cause) {
    throw new TracingMissing({ cause })
  }
}

export class TracingMissing extends Error {
  constructor(options: ErrorOptions) {
    super(
      'OTEL_EXPORTER_OTLP_ENDPOINT is set, and the packages for OpenTelemetry are not installed. Install with optional dependencies, or leave the setting out.',
      options,
    )
    this.name = 'TracingMissing'
  }
}

/** Messages of errors and what happened in between may quote what was sent: only allowed attributes leave. */
export function guardedExporter(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(guarded), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

function guarded(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).filter(([name]) => allowedAttributes.has(name)),
  )
  const context = span.spanContext()
  return Object.create(span, {
    attributes: { value: attributes },
    events: { value: [] },
    links: { value: [] },
    status: { value: { code: span.status.code } },
    spanContext: { value: () => ({ ...context, traceState: undefined }) },
  }) as ReadableSpan
}
