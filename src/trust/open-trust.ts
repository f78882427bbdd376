/** Opens what caller verification needs: the memory of used tokens, the keys, and the guard before the routes. */
import type { Callers } from '../site/callers.ts'
import { unsafeIssuers } from '../site/callers.ts'
import type { Log } from '../store/database.ts'
import { type Guard, type GuardSettings, guard } from './guard.ts'
import { fetchKeys } from './key-store.ts'
import { MemoryReplay } from './replay.ts'
import { openPostgresReplay } from './replay-postgres.ts'
import { createVerifier } from './verify.ts'

interface TrustSettings {
  callers: Callers
  /** Shares used tokens between replicas; without it each remembers its own. */
  databaseUrl: string | undefined
  /** See `GuardSettings`. */
  letsInUnsigned?: GuardSettings['letsInUnsigned']
  /** In production nobody is let in whose private key is published. */
  isProduction: boolean
  now: () => Date
  /** Milliseconds from any beginning, by a clock that nobody sets. */
  elapsed: () => number
  log: Log
}

interface Trust {
  guard: Guard
  /** Resolves when the memory of used tokens answers; throws when it does not. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Used tokens that are remembered of one issuer, and of all: some 150 bytes each. */
const mostTokens = 200_000
const mostInAll = 1_000_000

/** An issuer in whose name anybody can sign. */
export class UnsafeIssuer extends Error {}

/** Throws UnsafeIssuer, or ReplayStoreUnavailable when the database does not answer. */
export async function openTrust({
  callers,
  databaseUrl,
  letsInUnsigned,
  isProduction,
  now,
  elapsed,
  log,
}: TrustSettings): Promise<Trust> {
  const unsafe = isProduction ? unsafeIssuers(callers) : []
  if (unsafe.length > 0) {
    throw new UnsafeIssuer(
      `site.yaml: callers: anybody can sign as ${unsafe.join(', ')}. Take it out for production.`,
    )
  }
  const shared = databaseUrl
    ? await openPostgresReplay({ connectionString: databaseUrl, now, log })
    : undefined
  const room = Math.min(mostTokens, Math.floor(mostInAll / callers.issuers.length))
  const replay = shared ?? new MemoryReplay({ now, elapsed, room })
  const verify = createVerifier({
    callers,
    publicUrl: callers['public-url'],
    now,
    elapsed,
    fetchKeys,
    replay,
    log,
  })
  return {
    guard: guard(verify, { discovery: callers.discovery, ...(letsInUnsigned ? { letsInUnsigned } : {}) }),
    ready: async () => shared?.ready(),
    close: async () => shared?.close(),
  }
}
