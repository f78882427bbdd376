/** Who is signed in, by a cookie of this browser: what it stands for is kept here, and ends after a working day. */
import { createHash, randomBytes } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { Store } from '../store/store.ts'
import type { Viewer } from './viewer.ts'

/** In ms. */
const workingDay = 8 * 3_600_000
const sessionName = '__Host-lumbar-quality'
const pendingName = '__Host-lumbar-quality-sign-in'

/** Lax: a link in a letter opens the dashboard, and no other page can send a form to it. */
const cookieOf = (name: string, value: string, maxAge?: number) =>
  stringifySetCookie({
    name,
    value,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    ...(maxAge === undefined ? {} : { maxAge }),
  })

const keptName = (id: string) => `quality session ${createHash('sha256').update(id).digest('base64url')}`

export interface Sessions {
  find(cookies: string | undefined): Promise<Viewer | undefined>
  /** A cookie for the browser. */
  open(viewer: Viewer): Promise<string>
  close(cookies: string | undefined): Promise<string>
  /** A cookie with what was sealed of a sign-in under way. */
  pending(sealed: string): string
  /** What was sealed, and the cookie that ends it. */
  readPending(cookies: string | undefined): { sealed: string; cookie: string } | undefined
}

/** `now` in ms since 1970. */
export function openSessions(kept: Store, now: () => number): Sessions {
  const read = (cookies: string | undefined, name: string) => parseCookie(cookies ?? '')[name]
  return {
    find: async (cookies) => {
      const id = read(cookies, sessionName)
      const text = id && (await kept.get(keptName(id)))
      return text ? (JSON.parse(text) as Viewer) : undefined
    },
    open: async (viewer) => {
      const id = randomBytes(32).toString('base64url')
      await kept.put(keptName(id), JSON.stringify(viewer), now() + workingDay)
      return cookieOf(sessionName, id)
    },
    close: async (cookies) => {
      const id = read(cookies, sessionName)
      if (id) await kept.take(keptName(id))
      return cookieOf(sessionName, '', 0)
    },
    pending: (sealed) => cookieOf(pendingName, sealed, 600),
    readPending: (cookies) => {
      const sealed = read(cookies, pendingName)
      return sealed ? { sealed, cookie: cookieOf(pendingName, '', 0) } : undefined
    },
  }
}
