/** One request to an EHR: in time, of bounded size, and never anywhere else than was asked (F12, R22). */

/** In ms, for the whole answer. */
const patience = 10_000
/** Bytes, after decompression. */
const mostBytes = 1_048_576

export interface Question {
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  /** In ms. */
  patience?: number
  /** Bytes. */
  mostBytes?: number
}

export interface Reply {
  status: number
  headers: Headers
  text: string
}

const reasons = ['no-answer', 'too-slow', 'too-large', 'redirected', 'no-json'] as const

/** No answer that could be used. The reason names nothing of what was sent. */
export class NotAnswered extends Error {
  readonly reason: (typeof reasons)[number]

  constructor(reason: (typeof reasons)[number], options?: ErrorOptions) {
    super(reason, options)
    this.name = 'NotAnswered'
    this.reason = reason
  }
}

export type Ask = typeof ask

/** Any status but a redirect is an answer. Throws NotAnswered. */
export async function ask(url: string, question: Question = {}): Promise<Reply> {
  const signal = AbortSignal.timeout(question.patience ?? patience)
  try {
    const response = await fetch(url, {
      method: question.method ?? 'GET',
      headers: { accept: 'application/json', ...question.headers },
      ...(question.body === undefined ? {} : { body: question.body }),
      // A redirect would take codes, secrets and tokens along.
      redirect: 'manual',
      signal,
    })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new NotAnswered('redirected')
    }
    const text = await readLimited(response, question.mostBytes ?? mostBytes)
    return { status: response.status, headers: response.headers, text }
  } catch (error) {
    if (error instanceof NotAnswered) throw error
    throw new NotAnswered(signal.aborted ? 'too-slow' : 'no-answer', { cause: error })
  }
}

/** Throws NotAnswered. */
export function jsonIn({ text }: Reply): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NotAnswered('no-json')
  }
}

async function readLimited({ body }: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > most) throw new NotAnswered('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
