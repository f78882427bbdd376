/** What is wrong with a request is told to the caller, and harms nobody else. */
import type { Caller } from '../calls.ts'
import { type Client, type Entry, type More, pathOf } from '../client.ts'
import type { Findings } from '../findings.ts'
import { type Exchange, isOutcome, statusOf } from '../http.ts'
import type { RequirementId } from '../requirements.ts'
import { outcomeOf } from '../shown.ts'

/** Of a body: characters of one name, and lists within lists. */
const huge = 40_000_000
const deep = 200_000

interface Wrong {
  id: RequirementId
  what: string
  path: string
  body: unknown
  more?: More
  /** Statuses that say what is wrong. */
  right: readonly number[]
}

export async function checkRobustness(client: Client, caller: Caller, entry: Entry, findings: Findings) {
  const [call] = caller.callsFor(entry)
  if (!call) return
  const path = pathOf(entry)
  const sound = { hookInstance: 'a-name', ...call }
  const without = (field: string) =>
    Object.fromEntries(Object.entries(sound).filter(([name]) => name !== field))
  const at = (
    id: RequirementId,
    what: string,
    body: unknown,
    right: readonly number[],
    more?: More,
  ): Wrong => ({
    ...{ id, what, path, body, right },
    ...(more ? { more } : {}),
  })
  const wrongs: Wrong[] = [
    at('11-400', 'no JSON', '{"hook": ', [400]),
    at('11-400', 'an empty body', '', [400]),
    at('11-400', 'a list', [], [400]),
    at('11-400', 'a text', '"call"', [400]),
    at('11-415', 'text/plain', JSON.stringify(sound), [400, 415], {
      headers: { 'content-type': 'text/plain' },
    }),
    at('11-415', 'XML', '<call/>', [400, 415], { headers: { 'content-type': 'application/xml' } }),
    { ...at('11-404', 'an unknown service', sound, [404]), path: '/cds-services/there-is-no-such-service' },
    at('REQ-1', 'no hook', without('hook'), [400]),
    at('REQ-1', 'no hookInstance', without('hookInstance'), [400]),
    at('REQ-1', 'no context', without('context'), [400]),
    at(
      'REQ-1',
      'a context without patientId',
      { ...sound, context: { ...call.context, patientId: undefined } },
      [400],
    ),
    at('REQ-1', 'a context that is text', { ...sound, context: 'context' }, [400]),
    at('12-mismatch', 'another hook', { ...sound, hook: 'a-hook-of-nobody' }, [400]),
  ]
  for (const wrong of wrongs) {
    const exchange = await client.post(wrong.path, wrong.body, wrong.more ?? {})
    judge(wrong, entry, exchange, findings)
  }
  const got = await client.get(path)
  judge({ ...at('11-405', 'GET', '', [404, 405]) }, entry, got, findings)
}

/** Once for the whole service: these are long. */
export async function checkEndless(
  client: Client,
  caller: Caller,
  entry: Entry,
  findings: Findings,
): Promise<void> {
  const [call] = caller.callsFor(entry)
  if (!call) return
  const path = pathOf(entry)
  const opened = JSON.stringify({ hookInstance: 'a-name', ...call }).slice(0, -1)
  const long = await client.post(path, `${opened},"extension":{"pad":"${'x'.repeat(huge)}"}}`)
  const size = `${(huge / 1e6).toFixed(0)} MB: ${outcomeOf(long)}`
  // A server that hangs up on a body it will not read has refused it too.
  const refused = [400, 413].includes(statusOf(long)) || /ECONNRESET|EPIPE|hang up/.test(long.problem ?? '')
  if (statusOf(long) === 200) findings.judge('11-413', false, `${size}, read to its end`, long)
  else findings.judge('11-413', refused, size, long)
  const nested = await client.post(path, `${opened},"extension":${'['.repeat(deep)}${']'.repeat(deep)}}`)
  const status = statusOf(nested)
  findings.judge(
    '11-deep',
    status > 0 && status < 500,
    `${deep} lists in lists: ${outcomeOf(nested)}`,
    nested,
  )
}

function judge({ id, what, right }: Wrong, entry: Entry, exchange: Exchange, findings: Findings): void {
  const status = statusOf(exchange)
  const says = `${entry.id}, ${what}: ${outcomeOf(exchange)}`
  findings.judge(id, right.includes(status), says, exchange)
  findings.judge('RSP-4', status > 0 && status < 500, says, exchange)
  if (status >= 300) findings.judge('RSP-5', isOutcome(exchange.received?.json), says, exchange)
}
