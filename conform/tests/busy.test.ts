/** Services that have too much to do: who says when to come again is asked again then, and nobody is waited for without end. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { root } from '../../tests/support/evaluator.ts'
import { openCaller } from '../calls.ts'
import { openClient } from '../client.ts'
import { checkService } from '../run.ts'

const caller = openCaller(root, '2026-11-21')
const patience = { idle: 400, whole: 1000, again: 1000 }
const settings = { origin: undefined, fhirPort: undefined, quick: true }

/** Of calls, each or each other one is put off with this status and `retry-after`. */
async function outcomeOf(status: number, when: string, always: boolean) {
  let times = 0
  const services = [{ id: 'a', hook: 'order-sign', title: 'A', description: 'A service' }]
  const server = createServer((request, reply) => {
    request.resume()
    reply.setHeader('content-type', 'application/json')
    if (request.url === '/cds-services') return reply.end(JSON.stringify({ services }))
    times += 1
    if (always || times % 2 === 1) return reply.writeHead(status, { 'retry-after': when }).end()
    return reply.end('{"cards":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const begun = performance.now()
  const { rows } = await checkService(openClient(url, url, undefined, patience), caller, settings)
  server.closeAllConnections()
  server.close()
  const row = rows.find(({ id }) => id === 'RSP-1')
  const says = row?.findings.map((finding) => finding.says).join('\n') ?? ''
  return { verdict: row?.verdict, says, times, ms: performance.now() - begun }
}

test.each([503, 429])('a %i with a moment to wait is asked again', async (status) => {
  const { verdict, times } = await outcomeOf(status, '0', false)
  expect([verdict, times > 4]).toEqual(['pass', true])
})

test.each([
  ['always', '0'],
  ['after an hour', '3600'],
  ['some day', 'Fri, 31 Dec 2099 23:59:59 GMT'],
])('who says to come again %s is not waited for', async (_, when) => {
  const { verdict, says, ms } = await outcomeOf(503, when, true)
  expect(verdict).toBe('fail')
  expect(says).toContain('503')
  expect(ms).toBeLessThan(10_000)
})
