/** Fetches the published keys of an issuer: briefly, little, and from nowhere else than was asked. */
import { isSafeAddress } from '../content/callers.ts'
import type { PublishedKeys } from './key-set.ts'

/** In ms, for the whole answer. */
const timeLimit = 2000
/** Bytes, after decompression. The longest sets seen have some ten keys and 30 KB. */
const sizeLimit = 262_144

const failures = {
  'unsafe-address': 'Keys are fetched over https only.',
  'no-answer': 'The key server did not answer in time, or could not be reached.',
  'wrong-status': 'The key server did not answer 200. Redirects are not followed.',
  'too-large': 'The answer of the key server is too large for a key set.',
  'no-key-set': 'The answer of the key server is no JSON Web Key Set.',
} as const

export class KeysNotFetched extends Error {
  readonly code: keyof typeof failures

  constructor(code: keyof typeof failures, options?: ErrorOptions) {
    super(failures[code], options)
    this.name = 'KeysNotFetched'
    this.code = code
  }
}

export type FetchKeys = (url: string) => Promise<PublishedKeys>

/** Throws KeysNotFetched. */
export async function fetchKeys(url: string): Promise<PublishedKeys> {
  if (!isSafeAddress(url)) throw new KeysNotFetched('unsafe-address')
  const keys = parse(await answerOf(url))
  if (!isKeySet(keys)) throw new KeysNotFetched('no-key-set')
  return keys
}

async function answerOf(url: string): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimit),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new KeysNotFetched('wrong-status')
    }
    return await readLimited(response)
  } catch (error) {
    throw error instanceof KeysNotFetched ? error : new KeysNotFetched('no-answer', { cause: error })
  }
}

async function readLimited({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > sizeLimit) throw new KeysNotFetched('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isKeySet(value: unknown): value is PublishedKeys {
  if (typeof value !== 'object' || value === null) return false
  const { keys } = value as { keys?: unknown }
  return (
    Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
  )
}
