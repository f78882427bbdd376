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
  /** Undefined for what is no JSON, or is nested too deep to be read. */
  json: unknown
  /** What the text is, in words. */
  form: 'JSON' | 'no JSON' | 'JSON nested too deep'
}

export interface Exchange {
  sent: Sent
  /** Undefined when no answer came. */
  received: Received | undefined
  /** Why none came, in words. */
  problem: string | undefined
  /** Was it waited for in vain? */
  late?: true
  ms: number
}

/** How long is waited, in ms: for a sign of life, for the whole of an answer, and in a whole run for who says to come again later. */
export interface Patience {
  idle: number
  whole: number
  again: number
}
export const patient: Patience = { idle: 15_000, whole: 45_000, again: 60_000 }
/** How much of an answer is read, in bytes, and how deep it may be nested. */
const mostBytes = 5_000_000
const deepest = 500

/**
 * Never rejects. Not `fetch`, which loses the answer of a server that refuses a body before it has read it whole.
 * Redirects are not followed.
 */
export function exchange(
  url: string,
  { method = 'GET', headers = {}, body = '' }: Partial<Omit<Sent, 'url'>> = {},
  { idle, whole }: Omit<Patience, 'again'> = patient,
): Promise<Exchange> {
  const sent: Sent = { method, url, headers, body }
  const begun = performance.now()
  return new Promise((resolve) => {
    const end = (received: Received | undefined, problem?: string) => {
      clearTimeout(timer)
      const late = problem?.startsWith(noAnswer) ? ({ late: true } as const) : {}
      resolve({ sent, received, problem, ...late, ms: performance.now() - begun })
    }
    const length: Record<string, string> =
      body === '' && method !== 'POST' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const ask = url.startsWith('https:') ? requestHttps : requestHttp
    const request = ask(url, { method, headers: { ...headers, ...length }, timeout: idle }, (reply) => {
      const chunks: Buffer[] = []
      let size = 0
      reply.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > mostBytes)
          reply.destroy(new Error(`the answer is longer than ${mostBytes / 1_000_000} MB, if it has an end`))
        else chunks.push(chunk)
      })
      reply.on('error', (error) => end(undefined, error.message))
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const given = Object.entries(reply.headers).map(([name, value]) => [name, String(value)])
        end({ status: reply.statusCode ?? 0, headers: Object.fromEntries(given), text, ...readJson(text) })
        request.destroy()
      })
    })
    const giveUp = (ms: number) => request.destroy(new Error(`${noAnswer} within ${ms / 1000} s`))
    // A sign of life now and then is no answer.
    const timer = setTimeout(() => giveUp(whole), whole)
    request.on('timeout', () => giveUp(idle))
    request.on('error', (error) => end(undefined, error.message))
    // Of what is neither an answer nor an error, such as another protocol.
    request.on('close', () => end(undefined, 'the connection was closed without an answer'))
    request.end(body)
  })
}

const noAnswer = 'no answer'

/** In ms; undefined for an answer that does not say so. A moment, even where a service names none. */
export function comeAgainIn({ received }: Exchange): number | undefined {
  const seconds = received?.headers['retry-after']
  const isBusy = received?.status === 503 || received?.status === 429
  return isBusy && seconds !== undefined && /^\d+$/.test(seconds)
    ? Math.max(100, Number(seconds) * 1000)
    : undefined
}

function readJson(text: string): Pick<Received, 'json' | 'form'> {
  try {
    const json: unknown = JSON.parse(text)
    return depthOf(text) > deepest
      ? { json: undefined, form: 'JSON nested too deep' }
      : { json, form: 'JSON' }
  } catch {
    return { json: undefined, form: 'no JSON' }
  }
}

/** Of sound JSON: how many lists and objects stand in each other at most. */
function depthOf(text: string): number {
  let [depth, most, isInText] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (isInText) {
      if (letter === '\\') at++
      else if (letter === '"') isInText = false
    } else if (letter === '"') isInText = true
    else if (letter === '[' || letter === '{') most = Math.max(most, ++depth)
    else if (letter === ']' || letter === '}') depth--
  }
  return most
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
