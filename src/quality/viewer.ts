/** Who looks at the dashboard, and what they may see: a lead everything, a clinician their own and their clinic's. */

import { createHash, randomBytes } from 'node:crypto'
import { parseCookie, stringifySetCookie } from 'cookie'
import { numberIn, type Sql } from '../ledger/sql.ts'
import type { Store } from '../store/store.ts'

export interface Viewer {
  role: 'lead' | 'clinician'
  /** As the audit log names them: subject and issuer of a sign-in, or this machine. */
  who: string
  /** What to call them on a page. */
  name: string
  /** As reports name them: the id of their Practitioner; with the FHIR server, where the sign-in says it. */
  clinician?: { id: string; server?: string }
  /** As reports name it; without it, what the reports say of the clinician. */
  clinic?: string
}

/** Where no sign-in is set up, whoever sits at this machine. */
export const thisMachine: Viewer = { role: 'lead', who: 'this machine', name: 'this machine' }

export const maySee = (viewer: Viewer, clinician: string): boolean =>
  viewer.role === 'lead' || viewer.clinician?.id === clinician

// Who looked at what: each look is written down before anything is shown. No patient is in it.

export interface Look {
  at: number
  who: string
  role: string
  /** The page, as `measures/imaging-28`. */
  what: string
}

/** Rejects with a LedgerFailure while it cannot be kept: then nothing is shown. */
export async function writeLook(sql: Sql, viewer: Viewer, what: string, at: number): Promise<void> {
  await sql.batch([
    {
      sql: 'insert into lumbar_ledger_look (at, who, role, what) values ($1, $2, $3, $4)',
      values: [at, viewer.who, viewer.role, what],
    },
  ])
}

/** The latest first. */
export async function latestLooks(sql: Sql, most = 200): Promise<Look[]> {
  const [rows = []] = await sql.batch([
    { sql: `select at, who, role, what from lumbar_ledger_look order by at desc, id desc limit ${most}` },
  ])
  return rows.map(({ at, who, role, what }) => ({
    at: numberIn(at),
    who: String(who),
    role: String(role),
    what: String(what),
  }))
}

/** What somebody is told who may not look, or asked for what is not there: in words, on a page. */
export class Refusal extends Error {
  readonly status: number
  readonly title: string
  /** Where to go on. */
  readonly to: string | undefined

  constructor(status: number, title: string, message: string, to?: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.title = title
    this.to = to
  }
}

// Who is signed in, by a cookie of this browser: what it stands for is kept here, and ends after a working day.

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

interface Sessions {
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
