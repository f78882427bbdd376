/** `--bulk`: an export of the server that was named, as a folder that the report reads. */

import { setTimeout } from 'node:timers/promises'
import { withoutClosingSlashes } from '../../src/bounds.ts'
import { Misunderstood } from '../../src/cli/arguments.ts'
import type { Library } from '../../src/library.ts'
import { isSafeAddress } from '../../src/site/addresses.ts'
import { readConfig } from '../../src/site/environment.ts'
import { backendAccess } from '../../src/smart/backend.ts'
import { SmartFailure } from '../../src/smart/failures.ts'
import { keysOf } from '../../src/smart-start.ts'
import { typesRead } from '../intake.ts'
import { bulkExport } from './export.ts'
import { openRemote, Refused } from './remote.ts'

interface BulkWords {
  bulk: string
  /** The `client_id` that the server gave Lumbar as a backend service; without it no token is asked for. */
  clientId: string | undefined
  group: string | undefined
  out: string
}

/** Throws Misunderstood with what to mend. */
export async function bringExport(
  words: BulkWords,
  lumbar: Pick<Library, 'queries'>,
  say: (line: string) => void,
): Promise<void> {
  const base = withoutClosingSlashes(words.bulk)
  if (!isSafeAddress(base) || base.includes('?'))
    throw new Misunderstood(
      '--bulk is the base address of a FHIR server, such as https://fhir.example.org (http is for this machine only).',
    )
  const types = typesRead(lumbar)
  const remote = openRemote({ token: tokenFor(words.clientId, base, types), now: Date.now })
  try {
    await bulkExport({
      base,
      types,
      group: words.group,
      out: words.out,
      remote,
      say,
      sleep: (ms) => setTimeout(ms),
    })
  } catch (error) {
    if (error instanceof Refused) throw new Misunderstood(error.message)
    if (error instanceof SmartFailure)
      throw new Misunderstood(`The server gave no token: ${error.code} (${error.detail}).`)
    throw error
  }
}

function tokenFor(clientId: string | undefined, base: string, reads: readonly string[]) {
  if (clientId === undefined) return undefined
  const ring = keysOf(readConfig())
  if (!ring)
    throw new Misunderstood(
      '--client-id needs SMART_KEYS_FILE: the private keys of Lumbar as a backend service. `npm run smart-keys` makes them.',
    )
  const access = backendAccess({ keys: { ring, url: () => undefined }, now: () => new Date() })
  const server = { base, clientId, reads, 'endpoint-origins': [] }
  return async (stale?: string) => (await access(server, stale)).access
}
