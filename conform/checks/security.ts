/** Who is let in (SEC): every unsound token beside a sound one, which shows that it was the token that was refused. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Caller } from '../calls.ts'
import { type Client, type Entry, pathOf } from '../client.ts'
import type { Findings } from '../findings.ts'
import { type Exchange, statusOf } from '../http.ts'
import type { RequirementId } from '../requirements.ts'
import type { Issuer } from '../tokens.ts'

const tokenIds: readonly RequirementId[] = ['SEC-3', 'SEC-4', 'SEC-5', 'SEC-6', 'SEC-7', 'SEC-9', 'SEC-12']

export async function checkSecurity(
  client: Client,
  caller: Caller,
  entry: Entry,
  findings: Findings,
): Promise<void> {
  const [call] = caller.callsFor(entry)
  if (!call) return
  const ask = (token: string) => client.post(pathOf(entry), { hookInstance: 'a-name', ...call }, { token })
  const without = await ask('')
  findings.judge('SEC-2', statusOf(without) === 401, `${entry.id}, no token: ${statusOf(without)}`, without)
  if (statusOf(without) === 200)
    return cannotTell(findings, `${entry.id} answers calls without any token`, without)
  if (!client.issuer) return cannotTell(findings, 'no --issuer to sign with', without)
  const sound = await ask(await client.issuer.sign(client.audienceOf(pathOf(entry))))
  if (statusOf(sound) === 401 || statusOf(sound) === 403)
    return cannotTell(findings, `${entry.id} refuses a sound token too: is the issuer listed there?`, sound)
  findings.judge('SEC-3', statusOf(sound) < 400, `${entry.id}, a sound token: ${statusOf(sound)}`, sound)
  await checkUnsound(ask, client, client.issuer, pathOf(entry), findings)
  await checkKeyAddress(ask, client, client.issuer, pathOf(entry), findings)
}

type Ask = (token: string) => Promise<Exchange>

async function checkUnsound(ask: Ask, client: Client, issuer: Issuer, path: string, findings: Findings) {
  const audience = client.audienceOf(path)
  const now = Math.floor(Date.now() / 1000)
  const sound = await issuer.sign(audience)
  const [header = '', , signature = ''] = sound.split('.')
  const [, others = ''] = (await issuer.sign(audience)).split('.')
  const claims = (changed: Record<string, unknown>) => issuer.sign(audience, { claims: changed })
  const refused: [RequirementId, string, string][] = [
    ['SEC-3', 'no token but a word', 'token'],
    ['SEC-3', 'three words', 'a.b.c'],
    ['SEC-4', 'without iss', await claims({ iss: undefined })],
    ['SEC-4', 'without aud', await claims({ aud: undefined })],
    ['SEC-4', 'without exp', await claims({ exp: undefined })],
    ['SEC-4', 'without iat', await claims({ iat: undefined })],
    ['SEC-4', 'without jti', await claims({ jti: undefined })],
    ['SEC-5', 'aud of another service', await issuer.sign(`${client.audienceOf('/cds-services/')}another`)],
    ['SEC-5', 'aud of the base alone', await issuer.sign(client.audienceOf(''))],
    ['SEC-5', 'aud of another host', await issuer.sign(`https://other.invalid${path}`)],
    ['SEC-6', 'alg none', issuer.unsigned(audience)],
    ['SEC-6', 'HS256 with the public key as secret', issuer.withSecret(audience)],
    ['SEC-9', 'expired an hour ago', await claims({ iat: now - 7200, exp: now - 3600 })],
    ['SEC-9', 'issued in an hour', await claims({ iat: now + 3600, exp: now + 3900 })],
    ['SEC-9', 'signed with another key', await issuer.forge(audience)],
    ['SEC-9', 'claims of another token', `${header}.${others}.${signature}`],
    ['SEC-9', 'from an unknown issuer', await claims({ iss: 'https://unknown.invalid' })],
  ]
  for (const [id, what, token] of refused) {
    const exchange = await ask(token)
    findings.judge(
      id,
      statusOf(exchange) === 401 || statusOf(exchange) === 403,
      `${what}: ${statusOf(exchange)}`,
      exchange,
    )
    if (statusOf(exchange) === 401)
      findings.judge(
        'SEC-11',
        exchange.received?.text === '',
        `${what}: ${exchange.received?.text.slice(0, 80) || 'no word'}`,
        exchange,
      )
  }
  const several = await ask(await issuer.sign(['https://other.invalid', audience]))
  findings.judge(
    'SEC-5',
    statusOf(several) < 400,
    `aud of several, this among them: ${statusOf(several)}`,
    several,
  )
  const once = await issuer.sign(audience)
  const statuses = [statusOf(await ask(once))]
  const again = await ask(once)
  statuses.push(statusOf(again))
  findings.judge(
    'SEC-12',
    statuses[0] !== 401 && statuses[1] === 401,
    `the same token twice: ${statuses.join(', ')}`,
    again,
  )
}

/** A key that the token itself says where to fetch, at an address that nobody allowed. */
async function checkKeyAddress(ask: Ask, client: Client, issuer: Issuer, path: string, findings: Findings) {
  let asked = 0
  const server = createServer((_, reply) => {
    asked += 1
    reply.setHeader('content-type', 'application/json').end('{"keys":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const jku = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  const token = await issuer.sign(client.audienceOf(path), { header: { jku, kid: 'a-key-elsewhere' } })
  const exchange = await ask(token)
  server.close()
  findings.judge(
    'SEC-7',
    asked === 0 && statusOf(exchange) === 401,
    `a jku of our own: asked ${asked} times, ${statusOf(exchange)}`,
    exchange,
  )
}

function cannotTell(findings: Findings, says: string, exchange: Exchange): void {
  for (const id of [...tokenIds, 'SEC-11'] as const) findings.cannotTell(id, says, exchange)
}

/** SEC-13: what browsers ask beforehand. */
export async function checkOrigins(
  client: Client,
  entry: Entry,
  origin: string | undefined,
  findings: Findings,
) {
  const path = pathOf(entry)
  const ask = (from: string) =>
    client.get(path, {
      method: 'OPTIONS',
      token: '',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  const stranger = await ask('https://stranger.invalid')
  const allowed = stranger.received?.headers['access-control-allow-origin']
  findings.judge(
    'SEC-13',
    allowed !== '*' && allowed !== 'https://stranger.invalid',
    `an unknown page: allow-origin ${allowed ?? 'none'}`,
    stranger,
  )
  if (origin === undefined) return
  const known = await ask(origin)
  const headers = known.received?.headers ?? {}
  const names = (headers['access-control-allow-headers'] ?? '').toLowerCase()
  const isLetIn = headers['access-control-allow-origin'] === origin && names.includes('authorization')
  findings.judge('SEC-13', isLetIn, `${origin}: ${statusOf(known)}, allow-headers ${names || 'none'}`, known)
}
