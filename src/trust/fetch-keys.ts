/** Fetches the published keys of an issuer: briefly, little, and from nowhere else than was asked. */

import { ask, jsonIn, NotAnswered, upTo } from '../net/asker.ts'
import { isSafeAddress } from '../site/addresses.ts'
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

const codes: Partial<Record<NotAnswered['reason'], keyof typeof failures>> = {
  'too-large': 'too-large',
  'no-json': 'no-key-set',
}

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
  const keys = await answerOf(url)
  if (!isKeySet(keys)) throw new KeysNotFetched('no-key-set')
  return keys
}

async function answerOf(url: string): Promise<unknown> {
  try {
    const reply = await ask(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      patience: timeLimit,
      allowance: upTo(sizeLimit),
      redirects: 'show',
      keeps: (status) => status === 200,
    })
    if (reply.status !== 200) throw new KeysNotFetched('wrong-status')
    return jsonIn(reply)
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error
    throw new KeysNotFetched(codes[error.reason] ?? 'no-answer', { cause: error })
  }
}

function isKeySet(value: unknown): value is PublishedKeys {
  if (typeof value !== 'object' || value === null) return false
  const { keys } = value as { keys?: unknown }
  return (
    Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
  )
}
