/**
 * The state of a sign-in under way (R11). It says itself for which EHR it was made and until when, signed, and from it
 * follow the cookie of its browser, the verifier and the nonce, which nobody else can work out. So nothing is kept for
 * a sign-in that was only begun, and nobody who begins many pushes out those of others.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { LaunchKind } from './scopes.ts'
import { isSame } from './secrets.ts'

export interface State {
  /** For the address. */
  text: string
  kind: LaunchKind
  /** Of the EHR that was asked; see `isFor`. */
  ehr: string
  /** In ms since 1970. */
  until: number
  /** For the cookie of the browser that began it. */
  browser: string
  verifier: string
  nonce: string
}

export interface States {
  make(iss: string, kind: LaunchKind, until: number): State
  /** Undefined for what this service did not make. */
  read(text: string): State | undefined
}

/** Bytes. */
const sizes = { chance: 24, ehr: 8, until: 6, kind: 1, mark: 16 }
const told = sizes.chance + sizes.ehr + sizes.until + sizes.kind
const kinds: readonly LaunchKind[] = ['ehr', 'standalone']

const ehrMark = (iss: string) => createHash('sha256').update(iss).digest().subarray(0, sizes.ehr)

export const isFor = ({ ehr }: State, iss: string): boolean => isSame(ehr, ehrMark(iss).toString('base64url'))

/** `key` is the same for all replicas. */
export function signedStates(key: Buffer): States {
  const derive = (use: string, from: Buffer) =>
    createHmac('sha256', key).update(`${use} `).update(from).digest()
  const marked = (body: Buffer) => Buffer.concat([body, derive('mark', body).subarray(0, sizes.mark)])

  function stateIn(body: Buffer): State {
    const kind = kinds[body.readUInt8(told - sizes.kind)] ?? 'ehr'
    return {
      text: marked(body).toString('base64url'),
      kind,
      ehr: body.subarray(sizes.chance, sizes.chance + sizes.ehr).toString('base64url'),
      until: body.readUIntBE(sizes.chance + sizes.ehr, sizes.until),
      browser: derive('browser', body).toString('base64url'),
      verifier: derive('verifier', body).toString('base64url'),
      nonce: derive('nonce', body).toString('base64url'),
    }
  }

  return {
    make: (iss, kind, until) => {
      const time = Buffer.alloc(sizes.until)
      time.writeUIntBE(until, 0, sizes.until)
      const rest = [ehrMark(iss), time, Buffer.from([kinds.indexOf(kind)])]
      return stateIn(Buffer.concat([randomBytes(sizes.chance), ...rest]))
    },
    read: (text) => {
      const bytes = text.length > 200 ? Buffer.alloc(0) : Buffer.from(text, 'base64url')
      if (bytes.length !== told + sizes.mark) return undefined
      const state = stateIn(bytes.subarray(0, told))
      return isSame(state.text, text) ? state : undefined
    },
  }
}
