/** The dashboard: who asks, may they, write down that they looked, gather what is known, draw it. Loaded by the first visit. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LumbarError, retryAfter } from '../errors.ts'
import { isFromHere } from '../http/local.ts'
import { LedgerFailure } from '../ledger/failure.ts'
import type { LedgerKeys } from '../ledger/keys.ts'
import type { Sql } from '../ledger/sql.ts'
import type { Ask } from '../net/asker.ts'
import { html } from '../pages/html.ts'
import { htmlPage, pageOf, sendPage } from '../pages/page.ts'
import type { Content } from '../pathway/content.ts'
import type { QualitySettings } from '../site/quality.ts'
import type { Log } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { withdrawNote, writeNote } from './cycles.ts'
import { openDesk } from './desk.ts'
import { openDrawer } from './drawer.ts'
import { address, plainPage } from './frame.ts'
import { reportsIn } from './reports.ts'
import { openSignIn, SignInFailed } from './sign-in.ts'
import { openSessions, Refusal, thisMachine, type Viewer, writeLook } from './viewer.ts'

export interface QualitySetup {
  sql: Sql
  keys: LedgerKeys
  content: Content
  /** Folder with a folder for each report. */
  reports: string
  /** Who may look; without it this machine alone. */
  settings: QualitySettings | undefined
  secret: string | undefined
  kept: Store
  ask: Ask
  log: Log
  now: () => Date
}

export interface Quality {
  answer(name: string, request: FastifyRequest, reply: FastifyReply): Promise<unknown>
  close(): Promise<void>
}

export function openQuality(setup: QualitySetup): Quality {
  const { sql, settings, kept, log } = setup
  const now = () => setup.now().getTime()
  const drawer = openDrawer()
  const desk = openDesk({ ...setup, reports: reportsIn(setup.reports), drawer })
  const sessions = openSessions(kept, now)
  const signIn =
    settings &&
    openSignIn({ settings, secret: setup.secret, ask: setup.ask, kept, key: setup.keys.secret, now })
  const base = settings ? new URL(settings['public-url']).pathname.replace(/\/$/, '') : ''
  const home = `${base}${address}`
  const origin = settings && new URL(settings['public-url']).origin
  const style = pageOf(
    'text/css; charset=utf-8',
    readFileSync(join(import.meta.dirname, 'style.css'), 'utf8'),
  )

  async function viewerOf(request: FastifyRequest): Promise<Viewer> {
    if (!settings) {
      if (isFromHere(request)) return thisMachine
      throw new Refusal(404, 'Not here', 'There is nothing at this address.')
    }
    const viewer = await sessions.find(request.headers.cookie)
    if (viewer) return viewer
    throw new Refusal(
      401,
      'Sign in',
      'This page is for people of the hospital who signed in.',
      `${home}/sign-in`,
    )
  }

  /** A form of ours, and not of another page that the same browser has open. */
  function refuseForeignForms({ headers, protocol }: FastifyRequest): void {
    const site = headers['sec-fetch-site']
    const own = origin ?? `${protocol}://${headers.host ?? ''}`
    if (site === undefined ? headers.origin === own : site === 'same-origin') return
    throw new Refusal(403, 'Not from here', 'This form was sent from another page.')
  }

  async function write(request: FastifyRequest, reply: FastifyReply, name: string): Promise<unknown> {
    refuseForeignForms(request)
    const viewer = await viewerOf(request)
    if (viewer.role !== 'lead')
      throw new Refusal(403, 'Not yours', 'Only a quality lead writes beside the charts.')
    const { id = '' } = request.params as { id?: string }
    await writeLook(sql, viewer, name === 'write' ? 'changes' : `changes/${id.slice(0, 40)}/withdraw`, now())
    const writing = { id: randomUUID(), at: now(), author: viewer.who }
    if (name === 'write') await writeNote(sql, request.body, desk.charts(), writing)
    else await withdrawNote(sql, id, writing)
    return reply.redirect(`${home}#changes`, 303)
  }

  async function enter(request: FastifyRequest, reply: FastifyReply, name: string): Promise<unknown> {
    if (!signIn) throw new Refusal(404, 'Not here', 'No sign-in is set up.')
    reply.header('cache-control', 'no-store')
    if (name === 'sign-in') {
      const { place, sealed } = await signIn.begin()
      return reply.header('set-cookie', sessions.pending(sealed)).redirect(place, 303)
    }
    const pending = sessions.readPending(request.headers.cookie)
    if (!pending) throw new SignInFailed('not-begun-here')
    reply.header('set-cookie', pending.cookie)
    const viewer = await signIn.finish(pending.sealed, request.url.replace(/^[^?]*\??/, ''))
    if (!viewer) {
      log.info({ outcome: 'quality-no-role' })
      throw new Refusal(
        403,
        'Not for you',
        'You are signed in, and have no role here: ask who runs the dashboard.',
      )
    }
    const own = await sessions.open(viewer)
    const to =
      viewer.role === 'lead' || !viewer.clinician ? home : `${home}/clinicians/${viewer.clinician.id}`
    return reply.header('set-cookie', own).redirect(to, 303)
  }

  async function show(request: FastifyRequest, reply: FastifyReply, name: string): Promise<unknown> {
    const viewer = await viewerOf(request)
    const { id = '' } = request.params as { id?: string }
    const shown = await desk.find(name, id, viewer).catch(async (error: unknown) => {
      if (error instanceof Refusal)
        await writeLook(sql, viewer, `refused: ${name} ${id.slice(0, 64)}`.trim(), now())
      throw error
    })
    // Nobody sees what could not be written down.
    await writeLook(sql, viewer, shown.what, now())
    if ('to' in shown) return reply.redirect(`${home}${shown.to}`, 303)
    const made = await shown.make({ viewer, base, isSignedIn: settings !== undefined })
    const page = typeof made === 'string' ? htmlPage(made) : pageOf('application/pdf', Buffer.from(made))
    return sendPage(page, request, reply, 'no-store')
  }

  async function act(name: string, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (name === 'style') return sendPage(style, request, reply)
    if (name === 'write' || name === 'withdraw') return write(request, reply, name)
    if (name === 'sign-in' || name === 'callback') return enter(request, reply, name)
    if (name !== 'sign-out') return show(request, reply, name)
    refuseForeignForms(request)
    return reply.header('set-cookie', await sessions.close(request.headers.cookie)).redirect(home, 303)
  }

  /** To people in words, on a page. */
  function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
    if (error instanceof SignInFailed) log.warn({ outcome: 'quality-sign-in-failed', reason: error.reason })
    const told = refusalOf(error)
    if (!told) throw error
    const { status, title, message, to } = told
    if (status === 503) reply.header('retry-after', retryAfter)
    const link = to ?? (status === 404 && !settings ? undefined : home)
    const body = html`<p>${message}</p>${link && html`<p><a href="${link}">${to ? 'Sign in' : 'Back to the dashboard'}</a></p>`}`
    return sendPage(htmlPage(plainPage(title, base, body)), request, reply.code(status), 'no-store')
  }

  return {
    answer: async (name, request, reply) => {
      try {
        return await act(name, request, reply)
      } catch (error) {
        return refuse(error, request, reply)
      }
    },
    close: () => drawer.close(),
  }
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof LumbarError) return new Refusal(error.status, 'This cannot be done', error.message)
  if (error instanceof SignInFailed)
    return new Refusal(400, 'Not signed in', 'The sign-in did not hold. Begin it again from the dashboard.')
  if (error instanceof LedgerFailure)
    return new Refusal(503, 'Later, please', 'The ledger cannot be asked now. Try again in a moment.')
  return undefined
}
