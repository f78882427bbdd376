/** What a service says of itself (DISC). */
import type { Client, Entry } from '../client.ts'
import type { Findings } from '../findings.ts'
import { type Exchange, type Fields, hasText, isObject, objectsIn, statusOf } from '../http.ts'
import { outcomeOf, shown, worded } from '../shown.ts'
import { checkEmpty } from './empty.ts'

export const discoveryPath = '/cds-services'

export function checkDiscovery(exchange: Exchange, { base }: Client, findings: Findings): void {
  const { received } = exchange
  findings.judge('DISC-1', received !== undefined, `answered ${outcomeOf(exchange)}`, exchange)
  const isHere = /^https?:\/\/(127\.|localhost|\[::1\])/.test(base)
  if (base.startsWith('https:')) findings.judge('SEC-1', true, 'https', exchange)
  else if (isHere) findings.cannotTell('SEC-1', 'plain http on this machine', exchange)
  else findings.judge('SEC-1', false, 'plain http across a network', exchange)
  if (!received) return
  const body = received.json
  findings.judge('GEN-1', body !== undefined, received.form, exchange)
  const isList = received.status === 200 && isObject(body) && Array.isArray(body.services)
  findings.judge(
    'DISC-2',
    isList,
    `${outcomeOf(exchange)}, services: ${isObject(body) ? shown(body.services) : body === undefined ? received.form : shown(body)}`,
    exchange,
  )
  checkType(exchange, findings)
  const { 'cache-control': cache, etag } = received.headers
  findings.judge(
    'DISC-17',
    cache !== undefined && etag !== undefined,
    `cache-control ${cache}, etag ${etag}`,
    exchange,
  )
  if (!isList) return
  const services = objectsIn(body.services)
  const ids = services.map(({ id }) => worded(id))
  findings.judge('DISC-13', new Set(ids).size === ids.length, `ids ${ids.slice(0, 20).join(', ')}`, exchange)
  for (const service of services) checkService(service, findings, exchange)
  checkEmpty(body, findings, exchange)
}

export function checkType(exchange: Exchange, findings: Findings): void {
  const type = exchange.received?.headers['content-type'] ?? 'no content-type'
  findings.judge('GEN-7', /^application\/json\b/i.test(type), type, exchange)
}

function checkService(service: Fields, findings: Findings, exchange: Exchange): void {
  const { id, hook, title, description, prefetch, usageRequirements, version, hookVersion, extension } =
    service
  const of = (says: string) => `${shown(id)}: ${says}`
  const judge = (...[requirement, isMet, says]: [Parameters<Findings['judge']>[0], boolean, string]) =>
    findings.judge(requirement, isMet, of(says), exchange)
  judge('DISC-4', hasText(hook), `hook ${shown(hook)}`)
  judge('DISC-5', hasText(title), `title ${shown(title)}`)
  judge('DISC-6', hasText(description), `description ${shown(description)}`)
  judge('DISC-7', hasText(id) && /^[\w.~-]+$/.test(id), `id ${shown(id)}`)
  if (prefetch !== undefined)
    judge(
      'DISC-8',
      isObject(prefetch) && Object.values(prefetch).every(hasText),
      `prefetch is ${shown(prefetch)}`,
    )
  if (usageRequirements !== undefined)
    judge('DISC-9', typeof usageRequirements === 'string', `usageRequirements ${shown(usageRequirements)}`)
  if (version !== undefined)
    judge(
      'DISC-10',
      hasText(version) && /^\d+\.\d+(\.\d+)?(-[\w.]+)?$/.test(version),
      `version ${shown(version)}`,
    )
  if (hookVersion !== undefined)
    judge(
      'DISC-11',
      hasText(hookVersion) && /^\d+(\.\d+)*$/.test(hookVersion),
      `hookVersion ${shown(hookVersion)}`,
    )
  if (extension !== undefined) judge('EXT-1', isObject(extension), `extension is ${shown(extension)}`)
}

/** Sent with a token, as clients may on every call. */
export async function checkDiscoveryWithToken(client: Client, findings: Findings): Promise<void> {
  if (!client.issuer) return findings.cannotTell('DISC-15', 'no --issuer to sign with')
  const answered = await client.get(discoveryPath)
  findings.judge('DISC-15', statusOf(answered) === 200, `answered ${statusOf(answered)}`, answered)
}

/** Asked again when everything else is done. */
export async function checkStillThere(client: Client, entries: readonly Entry[], findings: Findings) {
  const answered = await client.get(discoveryPath)
  const isThere = statusOf(answered) === 200 && entries.length > 0
  findings.judge('DISC-1', isThere, `after everything: ${outcomeOf(answered)}`, answered)
}
