/** Asks a FHIR server for the orders of one patient, and reads them as drafts are read: by codes, in any spelling, or by words. */

import { compileOrders } from '../facts/orders.ts'
import type { HookCall } from '../hooks/call.ts'
import { namingOf } from '../ledger/names.ts'
import type { Content } from '../pathway/content.ts'
import type { OrderKind } from '../pathway/schema.ts'
import type { Outcome } from '../record/fhir/pages.ts'
import type { FhirReader } from '../record/fhir/reader.ts'
import { gatherOrders } from '../record/gather.ts'
import type { BackendAccess, BackendServer } from '../smart/backend.ts'
import { SmartFailure } from '../smart/failures.ts'
import type { HeldOrder, HeldOrders } from './became.ts'

/** No answer that tells anything; later there may be one. The reason is a word of ours or of OAuth's. */
export class NotTold extends Error {
  override name = 'NotTold'
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

interface Asked {
  server: BackendServer
  patient: string
  kinds: ReadonlySet<string>
  /** Since when, in ms since 1970. */
  since: number
}

/** Throws NotTold. */
export type AskOrders = (asked: Asked) => Promise<HeldOrders>

interface AskSettings {
  content: Content
  access: BackendAccess
  reader: Pick<FhirReader, 'readerFor'>
}

/** A server that knows no such query. */
const refusals = new Set(['http-400', 'http-422', 'http-501'])
/** What came is all that this token or these limits will ever show. */
const lasting = new Set(['page-cap', 'byte-cap', 'partly-in-scope', 'incomplete'])

export function orderAsker({ content, access, reader }: AskSettings): AskOrders {
  const { site } = content
  const limits = { ...site.limits, 'drafts-judged': Number.POSITIVE_INFINITY }
  const readOrders = compileOrders({ ...content, site: { ...site, limits } })
  const typeOf = (kind: string) => content.orderKinds[kind as OrderKind]?.resource

  async function read({ server, patient }: Asked, type: string, search: string): Promise<Outcome> {
    const once = async (stale?: string) => {
      const { access: accessToken, scope } = await tokenFor(access, server, stale)
      const readAll = reader.readerFor({
        fhirServer: server.base,
        authorization: { accessToken, scope },
        patientId: patient,
        encounterId: undefined,
        allowedServers: [server.base],
        queries: { [type]: { search } },
        observationCodes: [],
      })
      const outcome = (await readAll?.([{ key: type, type }]))?.get(type)
      if (!outcome) throw new NotTold('not-read')
      return { outcome, accessToken }
    }
    const { outcome, accessToken } = await once()
    // It may have been withdrawn before its time.
    return outcome.reason === 'http-401' ? (await once(accessToken)).outcome : outcome
  }

  return async (asked) => {
    const types = new Set([...asked.kinds].flatMap((kind) => typeOf(kind) ?? []))
    const entries: unknown[] = []
    let isWhole = true
    for (const type of types) {
      const outcome = await firstUnderstood(searches(type, asked.since), (search) =>
        read(asked, type, search),
      )
      const { reason } = outcome
      if (reason !== undefined && !lasting.has(reason)) throw new NotTold(reason)
      if (reason !== undefined) isWhole = false
      entries.push(...outcome.entries)
    }
    const { held, passedOver } = await heldIn(entries, asked)
    return { held, isWhole: isWhole && passedOver === 0 }
  }

  async function heldIn(entries: readonly unknown[], { server, patient }: Asked) {
    const call: HookCall = {
      hook: 'order-sign',
      hookInstance: '',
      patientId: patient,
      draftOrders: { resourceType: 'Bundle', type: 'collection', entry: entries },
      prefetch: undefined,
      fhirServer: server.base,
    }
    const { record } = await gatherOrders(call, {})
    const { orders, passedOver } = readOrders(record)
    const named = namingOf(server.base, call, orders).orders
    const held = orders.map(({ draft, rows }, at): HeldOrder => {
      const { status, intent, authoredOn } = draft.sent as unknown as Record<string, unknown>
      return {
        reference: draft.reference,
        what: named[at] ?? [],
        isKnown: rows.length > 0,
        status: textIn(status),
        intent: textIn(intent),
        authored: textIn(authoredOn),
      }
    })
    return { held, passedOver }
  }
}

const textIn = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The same question in fewer words, for servers that do not understand all of them. */
function searches(type: string, since: number): string[] {
  const ofPatient = '?patient={{context.patientId}}'
  // A day more: dates without a time are of the server's own zone.
  const day = new Date(since - 86_400_000).toISOString().slice(0, 10)
  if (type === 'MedicationRequest') {
    const medicines = '&_include=MedicationRequest:medication'
    return [`${ofPatient}&authoredon=ge${day}${medicines}`, `${ofPatient}${medicines}`, ofPatient]
  }
  return [`${ofPatient}&authored=ge${day}`, ofPatient]
}

async function firstUnderstood(
  [search = '', ...simpler]: readonly string[],
  read: (search: string) => Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await read(search)
  const isRefused = outcome.entries.length === 0 && refusals.has(outcome.reason ?? '')
  return isRefused && simpler.length > 0 ? firstUnderstood(simpler, read) : outcome
}

async function tokenFor(access: BackendAccess, server: BackendServer, stale: string | undefined) {
  try {
    return await access(server, stale)
  } catch (error) {
    if (!(error instanceof SmartFailure)) throw error
    throw new NotTold(error.detail === undefined ? error.code : `${error.code}: ${error.detail}`)
  }
}
