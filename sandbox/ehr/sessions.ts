/** What each browser has before it: settings and desks, in memory only, bounded, and forgotten oldest first. */
import { randomUUID } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { CallSettings } from './call.ts'
import { type Desk, emptyDesk } from './desk.ts'

export interface Session {
  id: string
  /** What its calls are known by; the id is a secret of the browser, and this is logged. */
  tenant: string
  settings: CallSettings
  /** By patient. */
  desks: Map<string, Desk>
  /** Moves of one browser happen one after the other. */
  turn: Promise<unknown>
  /** Why loading the patients failed. */
  problem?: string | undefined
}

const mostSessions = 50
const mostDesks = 20
const cookieName = 'lumbar-sandbox'

export const standardSettings: CallSettings = { profile: 'standard', sharesFhir: true, modes: {} }

export class Sessions {
  readonly #sessions = new Map<string, Session>()

  /** `cookies` is the Cookie header. */
  find(cookies: string | undefined): Session | undefined {
    const session = this.#sessions.get(parseCookie(cookies ?? '')[cookieName] ?? '')
    if (session) keepLatest(this.#sessions, session.id, session, mostSessions)
    return session
  }

  open(): Session {
    const session: Session = {
      id: randomUUID(),
      tenant: randomUUID(),
      settings: standardSettings,
      desks: new Map(),
      turn: Promise.resolve(),
    }
    keepLatest(this.#sessions, session.id, session, mostSessions)
    return session
  }
}

export function deskOf(session: Session, patientId: string): Desk {
  return session.desks.get(patientId) ?? emptyDesk(patientId)
}

export function keepDesk(session: Session, desk: Desk): void {
  keepLatest(session.desks, desk.patientId, desk, mostDesks)
}

function keepLatest<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  while (map.size > most) {
    const [oldest] = map.keys()
    if (oldest === undefined) return
    map.delete(oldest)
  }
}

/** Not readable by scripts, and not sent by forms of other sites. */
export const cookieOf = ({ id }: Session) =>
  stringifySetCookie({ name: cookieName, value: id, path: '/sandbox', httpOnly: true, sameSite: 'lax' })

/** Of a form or a query: one value each, or all of them. */
export type Fields = Readonly<Record<string, string | undefined>>
export type Lists = Readonly<Record<string, readonly string[] | undefined>>
