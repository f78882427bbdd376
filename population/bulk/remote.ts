/** A FHIR server as an export asks it: with its token where it wants one, a new one where that has ended, never redirected. */

/** The server did not do what it should; the message says what, and quotes the words of its OperationOutcome. */
export class Refused extends Error {
  override name = 'Refused'
}

interface Told {
  status: number
  headers: Headers
  text: string
  /** In ms. */
  retryAfter: number | undefined
  /** `: words of the server`, where it said any. */
  said: string
}

export interface Remote {
  ask(url: string, headers: Readonly<Record<string, string>>): Promise<Told>
  /** The body as it comes. Rejects with Refused for any status but 200. */
  stream(url: string, needsToken: boolean): Promise<ReadableStream<Uint8Array>>
  /** Never rejects. */
  forget(url: string): Promise<void>
}

interface RemoteOptions {
  /** The token; a new one when that was refused. Without it none is sent. */
  token?: ((stale?: string) => Promise<string>) | undefined
  now: () => number
  /** In ms, until the head of an answer. */
  patience?: number
}

/** Characters of a manifest or an OperationOutcome. */
const longestText = 20_000_000

export function openRemote({ token, now, patience = 120_000 }: RemoteOptions): Remote {
  async function send(
    url: string,
    headers: Record<string, string>,
    needsToken: boolean,
    method = 'GET',
  ): Promise<Response> {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), patience)
    try {
      const once = async (stale?: string) => {
        const held = needsToken && token ? await token(stale) : undefined
        const authorization = held === undefined ? {} : { authorization: `Bearer ${held}` }
        const init = {
          method,
          headers: { ...headers, ...authorization },
          redirect: 'manual' as const,
          signal: stop.signal,
        }
        return { held, response: await fetch(url, init) }
      }
      const { held, response } = await once()
      if (response.status !== 401 || held === undefined) return response
      await response.body?.cancel()
      return (await once(held)).response
    } catch (error) {
      if (stop.signal.aborted) throw new Refused('The server did not answer in time.')
      const { cause } = error as { cause?: { code?: string } }
      throw new Refused(`The server cannot be reached${cause?.code === undefined ? '' : ` (${cause.code})`}.`)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    ask: async (url, headers) => {
      const response = await send(url, { accept: 'application/fhir+json', ...headers }, true)
      if (response.status >= 300 && response.status < 400)
        throw new Refused('The server sends elsewhere. That is not followed.')
      const text = await response.text()
      if (text.length > longestText) throw new Refused('The answer of the server is too long.')
      const { status, headers: own } = response
      return { status, headers: own, text, retryAfter: retryAfterIn(own, now()), said: wordsIn(text) }
    },
    stream: async (url, needsToken) => {
      const response = await send(url, { accept: 'application/fhir+ndjson' }, needsToken)
      if (response.status !== 200 || !response.body)
        throw new Refused(`A file was not sent: ${response.status}${wordsIn(await response.text())}`)
      return response.body
    },
    forget: async (url) => {
      await send(url, {}, true, 'DELETE').then(
        (response) => response.body?.cancel(),
        () => undefined,
      )
    },
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterIn(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')
  if (text === null) return undefined
  const at = /^\d{1,6}$/.test(text) ? now + Number(text) * 1000 : Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Of an OperationOutcome. */
function wordsIn(text: string): string {
  try {
    const { issue = [] } = JSON.parse(text) as {
      issue?: { diagnostics?: unknown; details?: { text?: unknown } }[]
    }
    const words = issue.flatMap(
      ({ diagnostics, details }) =>
        [diagnostics, details?.text].find((each) => typeof each === 'string') ?? [],
    )
    return words.length === 0 ? '' : `: ${words.join('; ').slice(0, 500)}`
  } catch {
    return ''
  }
}
