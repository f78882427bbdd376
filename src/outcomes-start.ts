/** Starts to look what became of orders, where site.yaml names FHIR servers that may be asked. */
import { withoutClosingSlashes } from './bounds.ts'
import type { Ledger } from './ledger/open.ts'
import type { Metrics } from './metrics.ts'
import { orderAsker } from './outcomes/ask.ts'
import { type OutcomeJob, outcomeJob } from './outcomes/job.ts'
import type { Content } from './pathway/content.ts'
import { createFhirReader } from './record/fhir/reader.ts'
import { type Config, ConfigError } from './site/environment.ts'
import { typesRead } from './site/quality.ts'
import { backendAccess } from './smart/backend.ts'
import { keysPath } from './smart/launch/keys.ts'
import { keysOf } from './smart-start.ts'
import type { Log } from './store/database.ts'

interface OutcomesStart {
  config: Config
  content: Content
  ledger: Pick<Ledger, 'awaited'>
  now: () => Date
  dayOf: (at: number) => string
  log: Log
  metrics: Metrics | undefined
}

/** How often it is looked whether an order is a day old, in ms. */
const interval = 300_000
/** For all that is read of one patient, in ms: nobody waits for it. */
const patience = 20_000

/** Nothing where the site names no server. Throws a ConfigError. */
export function startOutcomes(start: OutcomesStart): Pick<OutcomeJob, 'stop'> | undefined {
  const { config, content, ledger, now, log, metrics, dayOf } = start
  const { site } = content
  const followed = site.ledger['order-outcomes']
  if (followed.length === 0) return undefined
  const ring = keysOf(config)
  if (!ring)
    throw new ConfigError(
      'SMART_KEYS_FILE: `order-outcomes` in site.yaml asks FHIR servers as a backend service: name the file with its private keys. `npm run smart-keys` makes one.',
    )
  const reader = createFhirReader({
    settings: { ...site.fhir, 'deadline-ms': patience },
    now: () => now().getTime(),
  })
  const job = outcomeJob({
    servers: followed.map((each) => ({
      base: withoutClosingSlashes(each['fhir-server']),
      clientId: each['client-id'],
      scopes: each.scopes,
      reads: typesRead,
      'endpoint-origins': each['endpoint-origins'],
    })),
    awaited: ledger.awaited,
    ask: orderAsker({
      content,
      access: backendAccess({ keys: { ring, url: () => keysAddress(site) }, now }),
      reader,
    }),
    now: () => now().getTime(),
    dayOf,
    log,
    metrics,
  })
  metrics?.watchAwaited(() => ledger.awaited.count())
  const timer = setInterval(() => void job.run(), interval).unref()
  void job.run()
  return {
    stop: async () => {
      clearInterval(timer)
      reader.close()
      await job.stop()
    },
  }
}

/** Where the keys are published for EHRs that fetch them. */
function keysAddress({ smart, callers }: Pick<Content['site'], 'smart' | 'callers'>): string | undefined {
  const base = smart?.['public-url'] ?? callers?.['public-url']
  return base === undefined ? undefined : withoutClosingSlashes(base) + keysPath
}
