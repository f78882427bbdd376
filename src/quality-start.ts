/** The routes of the dashboard, and what they need of the process and the site; everything else is loaded by the first visit. */
import { dirname, join, resolve } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import { partWithForms } from './http/places.ts'
import { keysFor, storeFor } from './ledger-start.ts'
import { ask } from './net/asker.ts'
import type { Content } from './pathway/content.ts'
import type { Quality } from './quality/open.ts'
import { type Config, readSecret } from './site/environment.ts'
import type { Log } from './store/database.ts'
import type { Store } from './store/store.ts'

interface QualityStart {
  config: Config
  /** The folder of the service. */
  root: string
  content: Content
  kept: Store
  now: () => Date
  log: Log
}

interface StartedQuality {
  part: FastifyPluginAsync
  close(): Promise<void>
}

export const routes = [
  ['GET', '/quality', 'front'],
  ['GET', '/quality/style.css', 'style'],
  ['GET', '/quality/cards', 'cards'],
  ['GET', '/quality/looks', 'looks'],
  ['GET', '/quality/measures/:id', 'measure'],
  ['GET', '/quality/clinicians', 'clinicians'],
  ['GET', '/quality/clinicians/:id', 'clinician'],
  ['GET', '/quality/clinicians/:id/letter.pdf', 'letter'],
  ['POST', '/quality/changes', 'write'],
  ['POST', '/quality/changes/:id/withdraw', 'withdraw'],
  ['GET', '/quality/sign-in', 'sign-in'],
  ['GET', '/quality/callback', 'callback'],
  ['POST', '/quality/sign-out', 'sign-out'],
] as const

/** Throws a ConfigError where the secret of the client cannot be read. */
export function startQuality({ config, root, content, ...rest }: QualityStart): StartedQuality {
  const settings = content.site.quality
  const folder = config.siteFile === undefined ? root : dirname(config.siteFile)
  const file = settings?.['secret-file']
  const secret = file === undefined ? undefined : readSecret('site.yaml: secret-file', resolve(folder, file))
  let opened: Promise<{ quality: Quality; close(): Promise<void> }> | undefined

  async function open() {
    const { openQuality } = await import('./quality/open.ts')
    // A connection of its own: what a lead asks must not stand before what calls leave to be written.
    const sql = storeFor(config, root, rest.log)
    const reports = config.qualityReports ?? join(root, 'var/quality')
    const quality = openQuality({
      sql,
      keys: keysFor(config, root),
      content,
      reports,
      settings,
      secret,
      ask,
      ...rest,
    })
    const close = async () => {
      await quality.close()
      await sql.close()
    }
    return { quality, close }
  }

  return {
    part: partWithForms(
      routes.map(([method, url, name]) => ({
        method,
        url,
        handler: async (request, reply) => {
          opened ??= open()
          return (await opened).quality.answer(name, request, reply)
        },
      })),
    ),
    close: async () => {
      await (await opened)?.close()
    },
  }
}
