/** What a service makes of sound calls, of gaps in their prefetch, and of what it does not know. */
import type { Call, Caller } from '../calls.ts'
import { type Client, type Entry, pathOf } from '../client.ts'
import type { Findings } from '../findings.ts'
import { type Exchange, isObject, isOutcome, objectsIn, statusOf } from '../http.ts'
import type { RequirementId } from '../requirements.ts'
import { outcomeOf, worded } from '../shown.ts'
import { cardsIn, checkAnswer } from './cards.ts'

/** An answered call with something to say, for what is checked of answers later. */
export interface Told {
  entry: Entry
  call: Call
  exchange: Exchange
}

/** Milliseconds. */
const fast = 500
const hostile = '<img src=x onerror=alert(1)>'

export async function checkCalls(
  client: Client,
  caller: Caller,
  entry: Entry,
  findings: Findings,
): Promise<Told[]> {
  const told: Told[] = []
  for (const call of caller.callsFor(entry)) {
    const exchange = await client.call(entry, call)
    checkAnswer(call, exchange, findings)
    if (cardsIn(exchange).length > 0) told.push({ entry, call, exchange })
  }
  await checkAgain(client, caller, entry, findings)
  await checkNothingToSay(client, caller, entry, findings)
  return told
}

async function checkAgain(client: Client, caller: Caller, entry: Entry, findings: Findings): Promise<void> {
  const [call] = caller.callsFor(entry)
  if (!call) return
  const same = { ...call, hookInstance: '6a3f1f6e-5f0e-4e6c-9d55-0d5c1f2a7b10' }
  const answers: Exchange[] = []
  for (let at = 0; at < 5; at++) answers.push(await client.call(entry, same))
  const statuses = answers.map(statusOf)
  const [first = 0] = statuses
  const isSame = statuses.every((status) => status === first)
  findings.judge('REQ-5', isSame && first < 500, `${entry.id}: ${statuses.join(', ')}`, answers.at(-1))
  const median = answers.map(({ ms }) => ms).sort((one, other) => one - other)[2] ?? 0
  findings.judge('REQ-4', median <= fast, `${entry.id}: ${median.toFixed(0)} ms`, answers.at(-1))
}

async function checkNothingToSay(client: Client, caller: Caller, entry: Entry, findings: Findings) {
  const call = caller.besideThePoint(entry)
  if (!call) return
  const exchange = await client.call(entry, call)
  checkAnswer(call, exchange, findings)
  const cards = cardsIn(exchange).length
  if (cards > 0) findings.cannotTell('RSP-2', `${entry.id}: ${cards} cards all the same`, exchange)
  else findings.judge('RSP-2', statusOf(exchange) === 200, `${entry.id}: ${statusOf(exchange)}`, exchange)
}

/** What is left out, or is empty, or failed, of the prefetch. */
export async function checkGaps(
  client: Client,
  caller: Caller,
  entry: Entry,
  findings: Findings,
): Promise<void> {
  const [call] = caller.callsFor(entry)
  const keys = Object.keys(call?.prefetch ?? {})
  if (!call || keys.length === 0) return
  const { prefetch: _, ...bare } = call
  const without = await client.call(entry, bare as Call)
  checkUnavailable(entry, without, findings)
  const alter = (change: (key: string, value: unknown) => unknown): Call => ({
    ...call,
    prefetch: Object.fromEntries(keys.map((key) => [key, change(key, call.prefetch[key])])),
  })
  const isList = (value: unknown) => isObject(value) && value.resourceType === 'Bundle'
  const states: [RequirementId, string, Call][] = [
    ['6b-null', 'every list null', alter((_, value) => (isList(value) ? null : value))],
    ['6b-null', 'every list without entries', alter((_, value) => (isList(value) ? emptySet : value))],
    ['PF-9', 'every list an OperationOutcome', alter((_, value) => (isList(value) ? outcome : value))],
    ['PF-9', 'everything an OperationOutcome', alter(() => outcome)],
    [
      'PF-11',
      'every list with a next page',
      alter((_, value) => (isList(value) ? withNext(value as object) : value)),
    ],
  ]
  for (const [id, what, altered] of states) {
    const exchange = await client.call(entry, altered)
    const status = statusOf(exchange)
    findings.judge(
      id,
      status === 200 || status === 412,
      `${entry.id}, ${what}: ${outcomeOf(exchange)}`,
      exchange,
    )
    if (status === 200) checkAnswer(altered, exchange, findings)
  }
}

function checkUnavailable(entry: Entry, exchange: Exchange, findings: Findings): void {
  const status = statusOf(exchange)
  const says = `${entry.id}, no prefetch and no FHIR server: ${outcomeOf(exchange)}`
  if (status === 200) findings.cannotTell('PF-12', `${says}; perhaps it requires nothing`, exchange)
  else findings.judge('PF-12', status === 412, says, exchange)
  if (status === 412) findings.judge('PF-13', isOutcome(exchange.received?.json), says, exchange)
}

const emptySet = { resourceType: 'Bundle', type: 'searchset', total: 0 }
const outcome = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'exception', diagnostics: 'The search failed' }],
}
const withNext = (list: object) => ({
  ...list,
  link: [{ relation: 'next', url: 'https://ehr.invalid/fhir?page=2' }],
})

/** What a later version of the standard, another EHR or a vendor adds is no mistake. */
export async function checkTolerance(client: Client, caller: Caller, entry: Entry, findings: Findings) {
  const [call] = caller.callsFor(entry)
  if (!call) return
  const plain = statusOf(await client.call(entry, call))
  const accepted = async (id: RequirementId, what: string, altered: Call) => {
    const exchange = await client.call(entry, altered)
    const status = statusOf(exchange)
    if (plain !== 200 && status === plain)
      findings.cannotTell(id, `${entry.id}: the plain call gets ${plain} too`)
    else findings.judge(id, status === 200, `${entry.id}, ${what}: ${status}`, exchange)
  }
  const added = { 'com.example.unknown': { of: ['another', 1, null] } }
  await accepted('GEN-6', 'an extension and unknown fields', { ...call, extension: added, unknown: added })
  await accepted('HK-1', 'unknown fields of the context', { ...call, context: { ...call.context, ...added } })
  const fhirJson = await client.post(
    pathOf(entry),
    { hookInstance: 'a-name', ...call },
    {
      headers: { 'content-type': 'application/fhir+json' },
    },
  )
  if (plain === 200)
    findings.judge(
      'GEN-7',
      statusOf(fhirJson) === 200,
      `application/fhir+json: ${statusOf(fhirJson)}`,
      fhirJson,
    )
  const drafts = draftsOf(call)
  if (!drafts) return
  const withDraft = (change: (draft: object) => object, type = true): Call => ({
    ...call,
    context: {
      ...call.context,
      draftOrders: {
        resourceType: 'Bundle',
        ...(type ? { type: 'collection' } : {}),
        entry: drafts.map((resource) => ({ resource: change(resource) })),
      },
    },
  })
  const bare = ({ resourceType, id }: Record<string, unknown>) => ({ resourceType, id, status: 'draft' })
  await accepted(
    'HK-OS-2',
    'a draft with nothing but its id',
    withDraft((draft) => bare(draft as Record<string, unknown>)),
  )
  await accepted(
    '12-bundle',
    'a Bundle without type',
    withDraft((draft) => draft, false),
  )
  await accepted(
    '13-ids',
    'a draft id of 200 characters',
    withDraft((draft) => ({ ...draft, id: 'e'.repeat(200) })),
  )
  const older = { resourceType: 'ProcedureRequest', id: 'older', status: 'draft', intent: 'plan' }
  await accepted(
    'GEN-8',
    'a ProcedureRequest of STU3',
    withDraft(() => older),
  )
  await checkMarkup(
    client,
    entry,
    withDraft((draft) => ({ ...draft, ...named(draft as Record<string, unknown>) })),
    findings,
  )
}

const draftsOf = ({ context }: Call) =>
  isObject(context.draftOrders)
    ? objectsIn(context.draftOrders.entry).flatMap(({ resource }) => (isObject(resource) ? [resource] : []))
    : undefined

/** Names are what a card repeats. */
function named({ code, medicationCodeableConcept }: Record<string, unknown>): object {
  const concept = isObject(code) ? code : isObject(medicationCodeableConcept) ? medicationCodeableConcept : {}
  const codings = objectsIn(concept.coding).map((coding) => ({
    ...coding,
    display: `${hostile} ${worded(coding.display)}`,
  }))
  const renamed = { ...concept, coding: codings, text: hostile }
  return isObject(code) ? { code: renamed } : { medicationCodeableConcept: renamed }
}

async function checkMarkup(client: Client, entry: Entry, call: Call, findings: Findings): Promise<void> {
  const exchange = await client.call(entry, call)
  const cards = cardsIn(exchange)
  if (cards.length === 0) return findings.cannotTell('SEC-14', `${entry.id}: no card to look at`, exchange)
  // Detail is Markdown, which clients turn into a page, and addresses are followed; all other words are plain text.
  const text = JSON.stringify(cards.map(({ detail, links }) => ({ detail, links })))
  findings.judge('SEC-14', !text.includes(hostile), `${entry.id}: a name with markup`, exchange)
}
