/**
 * The state of a sign-in under way (R11). It says itself for which EHR it was made and until when, signed, and from it
 * follow the cookie of its browser, the verifier and the nonce, which nobody else can work out. So nothing is kept for
 * a sign-in that was only begun, and nobody who begins many pushes out those of others.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { LaunchKind } from './ehrs.ts'

// What nobody can guess: states, verifiers, ids and the values of cookies; and comparing them without telling how
// far they agree.

/** 256 bits: twice what SMART asks of a state (R11), and a verifier of 43 unreserved characters (R10). */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** 128 bits, short enough for an address. */
export const newLaunchId = (): string => randomBytes(16).toString('base64url')

export const isLaunchId = (text: string): boolean => /^[\w-]{22}$/.test(text)

export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** S256 (RFC 7636). */
export const challengeOf = digest

export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  )
}

// Cookies that work in an EHR's frame and for one launch each. `Partitioned` lets them through where third-party
// cookies are blocked; the path of a launch keeps two open charts apart (R11, F9, F14). Browsers take `Secure` ones
// from `http` too where that is this machine, so that development needs no other recipe.

const common = { secure: true, httpOnly: true, sameSite: 'none', partitioned: true } as const

export interface CookieJar {
  /** Of the sign-in under way, for the browser that began it. */
  pending(state: string, value: string | undefined): string
  readPending(header: string | undefined, state: string): string | undefined
  launch(id: string, value: string | undefined): string
  readLaunch(header: string | undefined): string | undefined
}

/** In seconds. */
export const pendingAge = 600

/** Part of the state, which is public to its own browser alone. */
const pendingName = (state: string) => `__Host-lumbar-${state.slice(0, 8)}`
const launchName = '__Secure-lumbar-launch'

/** `prefix` is the path of the public address, as browsers see it. Cookies without a value delete. */
export function cookiesBelow(prefix: () => string): CookieJar {
  return {
    pending: (state, value) =>
      stringifySetCookie({
        ...common,
        name: pendingName(state),
        value: value ?? '',
        path: '/',
        maxAge: value === undefined ? 0 : pendingAge,
      }),
    readPending: (header, state) => parseCookie(header ?? '')[pendingName(state)],
    launch: (id, value) =>
      stringifySetCookie({
        ...common,
        name: launchName,
        value: value ?? '',
        path: `${prefix()}/smart/${id}`,
        // Without an age it ends with the browser; how long the launch lasts is for the server to say.
        ...(value === undefined ? { maxAge: 0 } : {}),
      }),
    readLaunch: (header) => parseCookie(header ?? '')[launchName],
  }
}

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
