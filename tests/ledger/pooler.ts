/**
 * A pooler that gives each transaction another connection, as far as who listens can see it: LISTEN is taken, and what
 * PostgreSQL tells unasked (message `A` of its protocol) does not arrive.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

const unasked = 'A'.charCodeAt(0)

/** The address of `database` through it. */
export async function openPooler(database: string): Promise<{ url: string; close(): void }> {
  const { hostname, port } = new URL(database)
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const behind = connect(Number(port || 5432), hostname)
    for (const socket of [client, behind]) {
      open.add(socket)
      socket.on('error', () => undefined).on('close', () => socket.destroy())
    }
    client.on('close', () => behind.destroy()).pipe(behind)
    behind.on('close', () => client.destroy())
    let waiting = Buffer.alloc(0)
    behind.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes])
      while (waiting.length >= 5 && waiting.length > waiting.readInt32BE(1)) {
        const length = 1 + waiting.readInt32BE(1)
        if (waiting[0] !== unasked) client.write(waiting.subarray(0, length))
        waiting = waiting.subarray(length)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(database)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
