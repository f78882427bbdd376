/**
 * Asks a server of somebody else: in time, of bounded size, at an address that was checked, and never anywhere else
 * than was asked (F12, R22, FA-7). Every request that leaves the service goes through here.
 */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Agent, Dispatcher } from 'undici'
import { type AddressCheck, addressRefused, checkedLookup } from './addresses.ts'

/** In ms, for the whole answer. */
const usualPatience = 10_000
/** Bytes. */
const usualCap = 1_048_576
/** Bytes of a body that nobody needs; a longer one ends its connection. */
const mostDiscarded = 65_536
/** Idle connections are dropped after this time, so that names are resolved anew. In ms. */
const idleTime = 30_000

/** What may still be read, shared by the questions that belong together. Bytes are counted after decompression. */
export interface Allowance {
  bytes: number
  readonly byteCap: number
}

export const upTo = (byteCap: number): Allowance => ({ bytes: 0, byteCap })

export interface Question {
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  /** In ms; not with `signal`. */
  patience?: number
  /** Ends the question when it is aborted. */
  signal?: AbortSignal
  allowance?: Allowance
  /** A redirect would take codes, secrets and tokens along: it is refused, or shown to who asked. */
  redirects?: 'refuse' | 'show'
  /** Of which statuses the body is kept: all, when not set. */
  keeps?: (status: number) => boolean
}

export interface Reply {
  status: number
  headers: Headers
  /** Empty when it is not kept. */
  text: string
}

type Reason = 'no-answer' | 'too-slow' | 'too-large' | 'redirected' | 'address-refused' | 'no-json'

/** No answer that could be used. The reason names nothing of what was sent. */
export class NotAnswered extends Error {
  readonly reason: Reason
  /** Of the system, of TLS or of decompression, where there is one: ENOTFOUND, CERT_HAS_EXPIRED, Z_DATA_ERROR. */
  readonly code: string | undefined

  constructor(reason: Reason, cause?: unknown) {
    super(reason, { cause })
    this.name = 'NotAnswered'
    this.reason = reason
    this.code = codeOf(cause)
  }
}

/** Throws NotAnswered. */
export type Ask = (url: string, question?: Question) => Promise<Reply>

export interface Asker {
  ask: Ask
  /** Ends all connections. */
  close(): void
}

/** With a check, only addresses that pass it are connected to. */
export function openAsker(check: AddressCheck): Asker {
  let agent: Promise<Agent> | undefined
  const open = async () => {
    // Loaded with the first question: a service whose callers send all that it reads asks none.
    const undici = await import('undici')
    return new undici.Agent({
      keepAliveTimeout: idleTime,
      keepAliveMaxTimeout: idleTime,
      connect: { lookup: checkedLookup(check), autoSelectFamily: true },
    })
  }
  return {
    ask: async (url, question) => {
      agent ??= open()
      return askBy(await agent, url, question)
    },
    close: () => void agent?.then((opened) => opened.destroy()).catch(() => {}),
  }
}

/** Addresses that the site itself wrote down are not checked. */
export const ask: Ask = (url, question) => askBy(undefined, url, question)

async function askBy(dispatcher: Dispatcher | undefined, url: string, question: Question = {}) {
  const signal = question.signal ?? AbortSignal.timeout(question.patience ?? usualPatience)
  try {
    const reply = await answerOf(await send(dispatcher, url, question, signal), question)
    // Only then does the agent know that the connection is free for the next question.
    if (dispatcher) await turnOfTheLoop()
    return reply
  } catch (error) {
    if (error instanceof NotAnswered) throw error
    if (signal.aborted) throw new NotAnswered('too-slow', error)
    throw new NotAnswered(codeOf(error) === addressRefused ? 'address-refused' : 'no-answer', error)
  }
}

function send(
  dispatcher: Dispatcher | undefined,
  url: string,
  { method = 'GET', headers, body }: Question,
  signal: AbortSignal,
): Promise<Response> {
  const request = {
    method,
    headers: { accept: 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual' as const,
    signal,
  }
  // Node's own fetch takes the agent of this package; their types know nothing of each other.
  return fetch(url, dispatcher ? ({ ...request, dispatcher } as unknown as RequestInit) : request)
}

async function answerOf(response: Response, question: Question): Promise<Reply> {
  const { status, headers } = response
  if (status >= 300 && status < 400 && question.redirects !== 'show') {
    await response.body?.cancel()
    throw new NotAnswered('redirected')
  }
  if (question.keeps?.(status) === false) {
    await discard(response)
    return { status, headers, text: '' }
  }
  return { status, headers, text: await readText(response, question.allowance ?? upTo(usualCap)) }
}

/** Whatever its content type says: servers send FHIR as `application/json`, `text/plain` and more. */
async function readText({ body }: Response, allowance: Allowance): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    allowance.bytes += chunk.length
    // Leaving the loop closes the stream and its connection.
    if (allowance.bytes > allowance.byteCap) throw new NotAnswered('too-large')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Reads a short rest without keeping it, so that the connection can be used again. Never rejects. */
async function discard({ body }: Response): Promise<void> {
  let bytes = 0
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.length
      if (bytes > mostDiscarded) break
    }
  } catch {
    // What the status says still holds.
  }
}

/** fetch puts the failure of the connection behind one of its own. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (cause !== undefined) return codeOf(cause) ?? (typeof code === 'string' ? code : undefined)
  return typeof code === 'string' ? code : undefined
}

/** Throws NotAnswered. */
export function jsonIn({ text }: Reply): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NotAnswered('no-json')
  }
}
