/**
 * Strangers at a service, as a process of its own: forged tokens, tokens that were used before, heads that are too long,
 * bodies of a megabyte that no token covers, addresses that are odd, and connections that trickle. Arguments: the
 * address of the service and the path of a call; by message the used tokens, and when to leave.
 */
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'

const [url = '', path = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 16 })
/** Requests in a second, and connections that trickle at the same time. */
const pace = 100
const tricklers = 100

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = () => ({
  iss: 'https://ehr.example.org',
  aud: 'https://cds.example.org/lumbar-order-select',
  iat: Math.floor(Date.now() / 1000),
  exp: Math.floor(Date.now() / 1000) + 60,
  jti: String(Math.random()),
})
const forged = (header: object) => `Bearer ${encode(header)}.${encode(claims())}.${'A'.repeat(86)}`
const swollen = JSON.stringify({
  hook: 'order-select',
  prefetch: {
    conditions: { entry: Array.from({ length: 20_000 }, (_, n) => ({ resource: { id: `c${n}` } })) },
  },
})
let used: readonly string[] = []
const pick = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)]

const kinds: Readonly<Record<string, () => Promise<number>>> = {
  forged: () => ask({ authorization: forged({ alg: 'ES256', kid: 'soak', typ: 'JWT' }) }),
  'without signature': () => ask({ authorization: forged({ alg: 'none', typ: 'JWT' }) }),
  'of unknown keys': () =>
    ask({ authorization: forged({ alg: 'ES256', kid: String(Math.random()), typ: 'JWT' }) }),
  repeated: () => ask({ authorization: pick(used) ?? '' }),
  'long heads': () => ask({ 'x-long': 'a'.repeat(60_000) }),
  swollen: () => ask({ authorization: forged({ alg: 'ES256', kid: 'soak', typ: 'JWT' }) }, swollen),
  addresses: () => ask({}, undefined, `/${'a/'.repeat(400)}?${'%00'.repeat(200)}`),
}

/** Whatever comes of it; a connection that is ended is an answer too. */
function ask(headers: Record<string, string>, body: string | undefined = '{}', at = path): Promise<number> {
  return new Promise((resolve) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sent = request(url + at, {
      method,
      agent,
      headers: { 'content-type': 'application/json', ...headers },
    })
    sent.on('response', (reply) => reply.resume().on('end', () => resolve(reply.statusCode ?? 0)))
    sent.on('error', () => resolve(0))
    sent.end(body)
  })
}

/** A head, or a body, of a byte in a second. */
function trickle(sockets: Set<Socket>): void {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const isHead = Math.random() < 0.5
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n`
  socket.write(isHead ? 'POST / HTTP/1.1\r\n' : `${head}\r\n`)
  const drip = setInterval(() => socket.write(isHead ? 'x' : ' '), 1000)
  sockets.add(socket)
  socket.resume().on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(drip)
    sockets.delete(socket)
  })
}

const counts: Record<string, number> = {}
const count = (what: string) => {
  counts[what] = (counts[what] ?? 0) + 1
}
const sockets = new Set<Socket>()
process.on('message', (message: { used?: string[]; leave?: boolean }) => {
  used = message.used ?? used
  if (message.leave) process.send?.(counts)
})
process.once('disconnect', () => process.exit(0))
setInterval(() => {
  const what = pick(Object.keys(kinds)) ?? ''
  void kinds[what]?.().then((status) => {
    count(what)
    if (status === 200 || status >= 500) count(`ANSWERED ${status}`)
  })
}, 1000 / pace)
setInterval(() => {
  if (sockets.size >= tricklers) return
  trickle(sockets)
  count('trickling')
}, 50)
