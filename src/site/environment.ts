/** The settings of one process. The only place that reads the environment. */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { withoutClosingSlashes } from '../bounds.ts'
import { addressRange, isLoopback } from './addresses.ts'

const portRange = 'Set a port number from 0 to 65535; 0 takes any free one.'
const port = z.coerce.number(portRange).int(portRange).min(0, portRange).max(65_535, portRange)

export const environment = z.object({
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address that the service listens on. Another than of this machine needs `callers` in site.yaml.',
    ),
  PORT: port.default(3000).describe('Port that the service listens on; 0 takes any free one.'),
  TRUST_PROXY: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .refine(
      (list) => list.every((entry) => addressRange(entry) !== undefined),
      'Set addresses or ranges such as 127.0.0.1,10.20.0.0/16.',
    )
    .optional()
    .describe(
      'Addresses or ranges of the proxies in front, separated by commas. Only their X-Forwarded-For is believed; it decides whose calls are counted together where callers are not verified.',
    ),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'Set fatal, error, warn, info, debug, trace or silent.',
    )
    .default('info')
    .describe('Least important lines that are logged. No level logs what a call holds.'),
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'Set development, production or test.')
    .optional()
    .describe(
      '`development` says at the start what to try, and opens the sandbox. Without it: development while site.yaml lists no callers, and production once it does.',
    ),
  SANDBOX: z
    .enum(['on', 'off'], 'Set on or off.')
    .optional()
    .describe(
      'The mock EHR at /sandbox, in development and for this machine only. Without it: on while site.yaml lists no callers, and off once it does.',
    ),
  SANDBOX_FHIR: z
    .url({
      protocol: /^https?$/,
      error: 'Set the base address of a FHIR server, such as http://127.0.0.1:8080/fhir.',
    })
    .optional()
    .describe(
      'Base address of a FHIR R4 server for the sandbox, such as a HAPI FHIR of your own, instead of the embedded one. In development only.',
    ),
  SITE_FILE: z.string().optional().describe('Where site.yaml is, when not in the folder of the service.'),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'Set the address of a PostgreSQL database, such as postgres://lumbar@db/lumbar.',
    })
    .optional()
    .describe(
      'PostgreSQL that replicas share, so that no token is good twice and each knows the launches of the others. Without it each remembers its own.',
    ),
  LEDGER_FILE: z
    .string()
    .optional()
    .describe(
      'SQLite file of the ledger, for one instance; `var/ledger.sqlite` in the folder of the service without it. Not used with `DATABASE_URL`.',
    ),
  LEDGER_KEY: z
    .string()
    .regex(/^[\w-]{43}=?$/, 'Set 32 random bytes in base64url, as `npm run ledger -- key` makes them.')
    .optional()
    .describe(
      'Key by which patients, clinicians and orders are named in the ledger, and free text is sealed: 32 bytes in base64url. Needed with `DATABASE_URL`, the same for all replicas; without that a file beside the ledger keeps one (`var/ledger.sqlite.key`). Whoever loses it can no longer tell who is who.',
    ),
  QUALITY_REPORTS: z
    .string()
    .optional()
    .describe(
      'Folder that the dashboard reads reports from, each in a folder of its own as `npm run report -- --out` writes it; `var/quality` in the folder of the service without it. All cells are in them: keep it where charts are kept.',
    ),
  SMART_KEYS_FILE: z
    .string()
    .optional()
    .describe(
      'File with the private keys of the SMART app, for EHRs where it is an asymmetric client: a JSON Web Key Set as `npm run smart-keys` makes it. The first key signs; all are published at /smart/jwks.json.',
    ),
  SMART_SESSION_KEY: z
    .string()
    .regex(
      /^[\w-]{43}=?$/,
      'Set 32 random bytes in base64url, as `npm run smart-keys -- --session` makes them.',
    )
    .optional()
    .describe(
      'Key by which launches of the SMART app are encrypted in the database, 32 bytes in base64url. Needed with `DATABASE_URL` where site.yaml has `smart`; the same for all replicas.',
    ),
  METRICS_PORT: port
    .optional()
    .describe(
      'Port of their own for the metrics. Without it and without METRICS_TOKEN nobody can read them.',
    ),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'Set at least 16 letters, digits and signs, without blanks.')
    .optional()
    .describe(
      'Shows the metrics at /metrics of the service to whoever sends `Authorization: Bearer` and this; their own port, where there is one, asks for it too.',
    ),
  DRAIN_SECONDS: z.coerce
    .number('Set a number of seconds from 0 to 300.')
    .int('Set a number of seconds from 0 to 300.')
    .min(0, 'Set a number of seconds from 0 to 300.')
    .max(300, 'Set a number of seconds from 0 to 300.')
    .default(5)
    .describe(
      'After a signal to stop, for how long calls are still answered while /readyz says that none should come: as long as whoever balances the load takes to notice.',
    ),
  METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address that the port of the metrics listens on. Whoever reaches it can read them, where METRICS_TOKEN does not keep them; no patient is in them.',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'Set the address of a collector, such as http://127.0.0.1:4318.' })
    .optional()
    .describe(
      'Address of an OpenTelemetry collector (OTLP over HTTP). Set, each request becomes a span there; no span holds anything of a body.',
    ),
  OTEL_SERVICE_NAME: z.string().default('lumbar').describe('What the service is called in traces.'),
})

type Environment = z.infer<typeof environment>

export interface Config {
  host: string
  port: number
  logLevel: Environment['LOG_LEVEL']
  mode?: NonNullable<Environment['NODE_ENV']>
  sandbox?: 'on' | 'off'
  /** In ms. */
  drain: number
  trustProxy?: string[]
  /** Without a trailing slash. */
  sandboxFhir?: string
  siteFile?: string
  databaseUrl?: string
  ledgerFile?: string
  /** 32 bytes. */
  ledgerKey?: Buffer
  qualityReports?: string
  smartKeysFile?: string
  /** 32 bytes. */
  smartSessionKey?: Buffer
  /** A listener of their own. */
  metrics?: { host: string; port: number }
  metricsToken?: string
  tracing?: Tracing
}

interface Tracing {
  endpoint: string
  serviceName: string
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * The service is told everything by its environment and by site.yaml: a word behind it would be heard by nobody.
 * @throws ConfigError when there is one
 */
export function refuseArguments(words: readonly string[] = process.argv.slice(2)): void {
  if (words.length === 0) return
  throw new ConfigError(
    `The service takes no arguments, and was given ${words.join(' ')}. Set the environment (PORT=8080 npm start) and site.yaml: docs/configuration.md`,
  )
}

/** Throws a ConfigError that names every setting to mend. An empty setting is as good as none. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== '')
  const parsed = environment.safeParse(Object.fromEntries(set))
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    )
  }
  const {
    HOST,
    PORT,
    LOG_LEVEL,
    NODE_ENV,
    SANDBOX,
    SANDBOX_FHIR,
    TRUST_PROXY,
    SITE_FILE,
    DATABASE_URL,
    LEDGER_FILE,
    LEDGER_KEY,
    QUALITY_REPORTS,
    SMART_KEYS_FILE,
    SMART_SESSION_KEY,
    METRICS_HOST,
    METRICS_PORT,
    METRICS_TOKEN,
    DRAIN_SECONDS,
    ...otel
  } = parsed.data
  const endpoint = otel.OTEL_EXPORTER_OTLP_ENDPOINT
  return {
    host: HOST,
    port: PORT,
    logLevel: LOG_LEVEL,
    drain: DRAIN_SECONDS * 1000,
    ...(NODE_ENV ? { mode: NODE_ENV } : {}),
    ...(SANDBOX ? { sandbox: SANDBOX } : {}),
    ...(TRUST_PROXY ? { trustProxy: TRUST_PROXY } : {}),
    ...(SANDBOX_FHIR === undefined ? {} : { sandboxFhir: withoutClosingSlashes(SANDBOX_FHIR) }),
    ...(SITE_FILE === undefined ? {} : { siteFile: resolve(SITE_FILE) }),
    ...(DATABASE_URL === undefined ? {} : { databaseUrl: DATABASE_URL }),
    ...(LEDGER_FILE === undefined ? {} : { ledgerFile: resolve(LEDGER_FILE) }),
    ...(LEDGER_KEY === undefined ? {} : { ledgerKey: Buffer.from(LEDGER_KEY, 'base64url') }),
    ...(QUALITY_REPORTS === undefined ? {} : { qualityReports: resolve(QUALITY_REPORTS) }),
    ...(SMART_KEYS_FILE === undefined ? {} : { smartKeysFile: resolve(SMART_KEYS_FILE) }),
    ...(SMART_SESSION_KEY === undefined
      ? {}
      : { smartSessionKey: Buffer.from(SMART_SESSION_KEY, 'base64url') }),
    ...(METRICS_TOKEN === undefined ? {} : { metricsToken: METRICS_TOKEN }),
    ...(METRICS_PORT === undefined ? {} : { metrics: { host: METRICS_HOST, port: METRICS_PORT } }),
    ...(endpoint === undefined ? {} : { tracing: { endpoint, serviceName: otel.OTEL_SERVICE_NAME } }),
  }
}

/** Strangers could call: throws a ConfigError with the remedy. */
export function refuseToListenOpenly(host: string): void {
  if (isLoopback(host)) return
  throw new ConfigError(
    'HOST: Without `callers` in site.yaml nobody is verified, so Lumbar listens on this machine only. List the EHRs that may call, or leave HOST out, or set 127.0.0.1.',
  )
}

// Secrets that stand in files of their own, as containers are handed them; never in settings, and never in the log.

/** Longer ones are another file. Characters. */
const most = 100_000

/** What is in the file, without the newline that editors add. Throws a ConfigError that begins with `name`. */
export function readSecret(name: string, path: string): string {
  const text = read(name, path).replace(/\r?\n$/, '')
  if (text === '') throw new ConfigError(`${name}: The file ${path} is empty.`)
  if (text.length > most) throw new ConfigError(`${name}: The file ${path} is too long for a secret.`)
  return text
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw new ConfigError(`${name}: The file ${path} cannot be read (${String(code)}).`)
  }
}
