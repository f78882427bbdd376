/** Posts over kept-alive connections. Not `fetch`, which opens a new one whenever an answer overtakes its body. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** From the first byte sent to the last one read. */
  ms: number
}

export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  post(path: string, body: Buffer | string, timeout: number): Promise<Reply> {
    const started = performance.now()
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    return new Promise((resolve, reject) => {
      const sent = request(
        this.#base + path,
        { method: 'POST', agent: this.#agent, headers, timeout },
        (reply) => {
          const chunks: Buffer[] = []
          reply.on('data', (chunk: Buffer) => chunks.push(chunk))
          reply.on('error', reject)
          reply.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            resolve({
              status: reply.statusCode ?? 0,
              headers: reply.headers,
              text,
              ms: performance.now() - started,
            })
          })
        },
      )
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeout} ms`)))
      sent.on('error', reject)
      sent.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
