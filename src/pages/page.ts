/** Pages as they are kept and sent: with the compressed twin, the tag by which browsers keep them, and a strict policy. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { securityHeaders } from '../http/headers.ts'

/** Where the pathway is read: known before any of its pages is made. */
export const address = '/pathway' as const

export interface Page {
  type: string
  body: string | Buffer
  /** None for what is compressed already. */
  zipped: Buffer | undefined
  etag: string
}

export interface PageRoute {
  method: 'GET'
  url: string
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown
}

/** No script, no frame, nothing from elsewhere; forms ask nobody but us. */
const pageHeaders = securityHeaders({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
})

export function pageOf(type: string, body: string | Buffer): Page {
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type, body, zipped: typeof body === 'string' ? gzipSync(body) : undefined, etag }
}

/** What all pages for readers have in common, and then these files in their order, as one style sheet. */
export const styleOf = (files: readonly string[]) =>
  [join(import.meta.dirname, 'base.css'), ...files].map((file) => readFileSync(file, 'utf8')).join('\n')

export const htmlPage = (text: string) => pageOf('text/html; charset=utf-8', text)

export function sendPage(
  { type, body, zipped, etag }: Page,
  { headers }: FastifyRequest,
  reply: FastifyReply,
  keep: 'public, max-age=300' | 'no-store' = 'public, max-age=300',
) {
  reply
    .headers(pageHeaders)
    .header('cache-control', keep)
    .header('vary', 'accept-encoding')
    .header('etag', etag)
    .type(type)
  if (reply.statusCode === 200 && headers['if-none-match']?.includes(etag)) return reply.code(304).send()
  if (!zipped || !/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return reply.send(body)
  return reply.header('content-encoding', 'gzip').send(zipped)
}

/** Only pages that exist are kept: the names that people may ask for have no end. */
export function remembered(make: (name: string) => Page | undefined): (name: string) => Page | undefined {
  const pages = new Map<string, Page>()
  return (name) => {
    const page = pages.get(name) ?? make(name)
    if (page) pages.set(name, page)
    return page
  }
}
