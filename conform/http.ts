/** One request and what came back, kept whole: what a finding rests on is shown with it. */
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

interface Sent {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

interface Received {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
  /** Undefined for what is no JSON. */
  json: unknown
}

export interface Exchange {
  sent: Sent
  /** Undefined when no answer came. */
  received: Received | undefined
  /** Why none came, in words. */
  problem: string | undefined
  ms: number
}

/** How long an answer is waited for, in ms, and how much of one is read, in bytes. */
const patience = 15_000
const mostBytes = 20_000_000

/**
 * Never rejects. Not `fetch`, which loses the answer of a server that refuses a body before it has read it whole.
 * Redirects are not followed.
 */
export function exchange(
  url: string,
  { method = 'GET', headers = {}, body = '' }: Partial<Omit<Sent, 'url'>> = {},
): Promise<Exchange> {
  const sent: Sent = { method, url, headers, body }
  const begun = performance.now()
  return new Promise((resolve) => {
    const end = (received: Received | undefined, problem?: string) =>
      resolve({ sent, received, problem, ms: performance.now() - begun })
    const length: Record<string, string> =
      body === '' && method !== 'POST' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const ask = url.startsWith('https:') ? requestHttps : requestHttp
    const request = ask(url, { method, headers: { ...headers, ...length }, timeout: patience }, (reply) => {
      const chunks: Buffer[] = []
      let size = 0
      reply.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > mostBytes) reply.destroy(new Error('the answer has no end'))
        else chunks.push(chunk)
      })
      reply.on('error', (error) => end(undefined, error.message))
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const given = Object.entries(reply.headers).map(([name, value]) => [name, String(value)])
        end({ status: reply.statusCode ?? 0, headers: Object.fromEntries(given), text, json: readJson(text) })
        request.destroy()
      })
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${patience / 1000} s`)))
    request.on('error', (error) => end(undefined, error.message))
    request.end(body)
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export type Fields = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Of no answer 0. */
export const statusOf = ({ received }: Exchange) => received?.status ?? 0

/** Of a list that is none, or that holds something else, no objects. */
export const objectsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : [])

export const hasText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

export const isOutcome = (value: unknown) =>
  isObject(value) && value.resourceType === 'OperationOutcome' && objectsIn(value.issue).length > 0
