/** What a service reads for itself when prefetch left it out (PF-10, FA-2, FA-7): the invented patients as a FHIR server that watches who asks. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFaults } from '../../sandbox/fhir/faults.ts'
import { answer } from '../../sandbox/fhir/server.ts'
import type { Call, Caller } from '../calls.ts'
import type { Client, Entry } from '../client.ts'
import type { Findings } from '../findings.ts'
import { statusOf } from '../http.ts'

const accessToken = 'an-access-token-of-the-conformance-check'

interface Watched {
  base: string
  /** What was asked since the last look, each with whether it carried the token. */
  take(): { url: string; hasToken: boolean }[]
  close(): void
}

export async function checkFhir(
  client: Client,
  caller: Caller,
  entries: readonly Entry[],
  port: number | undefined,
  findings: Findings,
): Promise<void> {
  if (port === undefined) {
    const says = 'no --fhir-port that the service may read from'
    findings.cannotTell('PF-10', says)
    findings.cannotTell('FA-2', says)
  } else {
    const fhir = await serve(caller, port)
    for (const entry of entries) await checkFetching(client, caller, entry, fhir, findings)
    fhir.close()
  }
  const strange = await serve(caller, 0)
  for (const entry of entries) {
    const call = withoutPrefetch(caller, entry, strange.base)
    if (!call) continue
    const exchange = await client.call(entry, call)
    const asked = strange.take().length
    findings.judge(
      'FA-7',
      asked === 0,
      `${entry.id}: a FHIR server of ours was asked ${asked} times`,
      exchange,
    )
  }
  strange.close()
}

async function checkFetching(
  client: Client,
  caller: Caller,
  entry: Entry,
  fhir: Watched,
  findings: Findings,
) {
  const call = withoutPrefetch(caller, entry, fhir.base)
  if (!call) return
  const exchange = await client.call(entry, call)
  const asked = fhir.take()
  const says = `${entry.id}: ${statusOf(exchange)}, asked ${asked.length} times`
  if (asked.length === 0 && statusOf(exchange) !== 200)
    findings.cannotTell('PF-10', `${says}; perhaps it is not allowed to read here`, exchange)
  else findings.judge('PF-10', asked.length > 0 && statusOf(exchange) === 200, says, exchange)
  const bare = asked.filter(({ hasToken }) => !hasToken)
  if (asked.length > 0)
    findings.judge(
      'FA-2',
      bare.length === 0,
      `${entry.id}: ${bare.length} of ${asked.length} reads without it`,
      exchange,
    )
}

/** Undefined for a service that asks for no data. */
function withoutPrefetch(caller: Caller, entry: Entry, fhirServer: string): Call | undefined {
  const [call] = caller.callsFor(entry)
  if (!call || Object.keys(call.prefetch).length === 0) return undefined
  const { prefetch: _, ...bare } = call
  return {
    ...bare,
    fhirServer,
    fhirAuthorization: {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'user/*.rs',
      subject: 'the-service',
    },
  } as unknown as Call
}

async function serve({ store }: Caller, port: number): Promise<Watched> {
  let asked: { url: string; hasToken: boolean }[] = []
  let base = ''
  const setting = { store, faults: createFaults(), since: new Date().toISOString(), access: undefined }
  const server = createServer((request, reply) => {
    const url = (request.url ?? '').replace(/^\/fhir\/?/, '')
    asked.push({ url, hasToken: request.headers.authorization === `Bearer ${accessToken}` })
    reply.setHeader('content-type', 'application/fhir+json')
    try {
      const { status, body } = answer({ method: 'GET', url, resource: undefined }, { ...setting, base })
      reply.writeHead(status).end(JSON.stringify(body ?? {}))
    } catch (error) {
      const { message, status = 400 } = error as Error & { status?: number }
      const issue = [{ severity: 'error', code: 'not-supported', diagnostics: message }]
      reply.writeHead(status).end(JSON.stringify({ resourceType: 'OperationOutcome', issue }))
    }
  })
  await listening(server, port)
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  return {
    base,
    take: () => {
      const taken = asked
      asked = []
      return taken
    },
    close: () => void server.close(),
  }
}

const listening = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`cannot serve FHIR on port ${port}: ${error.message}`)))
    server.listen(port, '127.0.0.1', resolve)
  })
