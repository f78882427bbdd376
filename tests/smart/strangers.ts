/** Who must not hear anything of a launch, and a launch whose chart a test reads itself. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyReply } from 'fastify'
import { onTestFinished } from 'vitest'
import type { Launch } from '../../src/smart/launch.ts'
import { hospital, type Options } from './support.ts'

/** Another server, which answers everything and remembers what it was sent. */
export async function thief() {
  const heard: string[] = []
  const server = createServer((request: IncomingMessage, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
    response
      .setHeader('content-type', 'application/fhir+json')
      .end('{"resourceType":"Bundle","type":"searchset"}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A launch whose chart is read by the test itself. */
export async function openedLaunch(options: Options = {}): Promise<Launch> {
  let seen: Launch | undefined
  const page = {
    method: 'GET' as const,
    path: '',
    handler: (launch: Launch) => {
      seen = launch
      return 'opened'
    },
  }
  const { launch } = await hospital({ ...options, setup: { pages: [page], ...options.setup } })
  await launch()
  if (!seen) throw new Error('the launch did not open')
  return seen
}

export const json = (reply: FastifyReply, body: object) => reply.type('application/fhir+json').send(body)
