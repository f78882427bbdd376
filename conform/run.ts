/** Every check of one service in its order: what may end a service comes last. */
import type { Caller } from './calls.ts'
import { checkCalls, checkGaps, checkTolerance, type Told } from './checks/calls.ts'
import {
  checkDiscovery,
  checkDiscoveryWithToken,
  checkStillThere,
  discoveryPath,
} from './checks/discovery.ts'
import { checkFeedback } from './checks/feedback.ts'
import { checkFhir } from './checks/fhir.ts'
import { checkEndless, checkRobustness } from './checks/robustness.ts'
import { checkOrigins, checkSecurity } from './checks/security.ts'
import { checkTemplates } from './checks/templates.ts'
import { type Client, entriesIn, mostServices } from './client.ts'
import { Findings, type Row } from './findings.ts'
import { isObject, statusOf } from './http.ts'
import type { Settings } from './settings.ts'

export interface Conformance {
  /** The ids of those that were called. */
  services: readonly string[]
  /** Named by discovery beside them, and not called. */
  others: number
  rows: readonly Row[]
}

export async function checkService(
  client: Client,
  caller: Caller,
  { origin, fhirPort, quick }: Pick<Settings, 'origin' | 'fhirPort' | 'quick'>,
): Promise<Conformance> {
  const findings = new Findings()
  const open = await client.get(discoveryPath, { token: '' })
  // DISC-15: whether discovery wants a token is the service's choice.
  const discovery = statusOf(open) === 401 && client.issuer ? await client.get(discoveryPath) : open
  if (!discovery.received) throw new Error(`Nothing answers at ${client.base}: ${discovery.problem}`)
  checkDiscovery(discovery, client, findings)
  await checkDiscoveryWithToken(client, findings)
  const entries = entriesIn(discovery.received?.json)
  const told: Told[] = []
  for (const entry of entries) {
    checkTemplates(entry, findings, discovery)
    told.push(...(await checkCalls(client, caller, entry, findings)))
  }
  for (const entry of entries) {
    await checkGaps(client, caller, entry, findings)
    await checkTolerance(client, caller, entry, findings)
    await checkRobustness(client, caller, entry, findings)
    await checkSecurity(client, caller, entry, findings)
    await checkOrigins(client, entry, origin, findings)
  }
  // Late: a service may say less about a card that it heard was overridden.
  await checkFeedback(client, told, findings)
  await checkFhir(client, caller, entries, fhirPort, findings)
  const [first] = entries
  if (first && !quick) await checkEndless(client, caller, first, findings)
  await checkStillThere(client, entries, findings)
  const others = Math.max(0, namedIn(discovery.received.json) - mostServices)
  return { services: entries.map(({ id }) => id), others, rows: findings.rows() }
}

const namedIn = (json: unknown) => (isObject(json) && Array.isArray(json.services) ? json.services.length : 0)
