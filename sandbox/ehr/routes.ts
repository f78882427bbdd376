/** `/sandbox`: pages and forms of the mock EHR. Each form leads back to the chart; a script saves the reloading. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import formBody from '@fastify/formbody'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { traceOf } from '../../src/hooks/failure.ts'
import { ofOurOwn, securityHeaders } from '../../src/http/headers.ts'
import { html } from '../../src/pages/html.ts'
import { styleOf } from '../../src/pages/page.ts'
import type { Ehr } from './ehr.ts'
import { isOurAddress, isOwnForm } from './guarding.ts'
import { results } from './pages/composer.ts'
import { address } from './pages/view.ts'
import { cookieOf, type Fields, type Lists, type Session } from './sessions.ts'

/** Scripts and styles of our own, and forms that come back to us. */
const headers = securityHeaders({
  contentSecurityPolicy: ofOurOwn(),
  xFrameOptions: { action: 'deny' },
  // Forms of a page without a referrer come from `null`.
  referrerPolicy: { policy: 'same-origin' },
})

export function ehrRoutes(ehr: Ehr): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers()
    await app.register(formBody, { bodyLimit: 64 * 1024 })
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(headers).header('cache-control', 'no-store')
      if (!isOurAddress(request.host))
        return told(reply.code(421), 'The sandbox answers to 127.0.0.1 and localhost only.')
      if (request.method === 'POST' && !isOwnForm(request))
        return told(reply.code(403), 'This form was sent by another site.')
    })
    app.setErrorHandler((error, request, reply) => {
      const { statusCode, status = statusCode ?? 500 } = error as { statusCode?: number; status?: number }
      if (status === 500) request.log.error({ outcome: 'sandbox-failed', ...traceOf(error) })
      return told(reply.code(status), sentences[status] ?? 'This cannot be read.')
    })
    addRoutes(app, ehr)
  }
}

const sentences: Readonly<Record<number, string>> = {
  404: 'There is nothing here.',
  500: 'The sandbox made a mistake; its log says where.',
  503: 'There is too much to do at the moment. Try again.',
}

function addRoutes(app: FastifyInstance, ehr: Ehr): void {
  app.get(address, async (request, reply) => {
    const session = sessionOf(ehr, request, reply)
    const answer = await ehr.show(session, fieldsOf(request.query))
    return 'redirect' in answer ? reply.redirect(answer.redirect, 303) : sendHtml(reply, answer.page)
  })
  app.get(`${address}/orders`, (request, reply) => {
    const { q = '' } = fieldsOf(request.query)
    return sendHtml(reply, results(ehr.search(q)).text)
  })
  app.get(`${address}/launch`, async (request, reply) => {
    const launched = await ehr.launch(sessionOf(ehr, request, reply), fieldsOf(request.query))
    return 'url' in launched ? reply.redirect(launched.url, 303) : told(reply, launched.problem)
  })
  app.post(`${address}/do/:move`, async (request, reply) => {
    const session = sessionOf(ehr, request, reply)
    const { move = '' } = request.params as { move?: string }
    const { patient = '' } = fieldsOf(request.query)
    const to = await ehr.move(session, { move, patient, fields: listsOf(request.body) })
    return to === undefined
      ? told(reply.code(404), 'There is nothing like that to do.')
      : reply.redirect(to, 303)
  })
  for (const { name, type, text } of assets()) {
    app.get(`${address}/${name}`, (_request, reply) =>
      reply.header('cache-control', 'no-cache').type(type).send(text),
    )
  }
  app.get(`${address}/keys`, (_request, reply) => reply.send(ehr.keys))
}

function sessionOf(ehr: Ehr, request: FastifyRequest, reply: FastifyReply): Session {
  const known = ehr.sessions.find(request.headers.cookie)
  if (known) return known
  const session = ehr.sessions.open()
  reply.header('set-cookie', cookieOf(session))
  return session
}

/** Of fields that came twice, the first. */
function listsOf(sent: unknown): Lists {
  const entries = Object.entries((sent ?? {}) as Record<string, unknown>)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string'),
    ]),
  )
}

function fieldsOf(sent: unknown): Fields {
  return Object.fromEntries(Object.entries(listsOf(sent)).map(([name, values]) => [name, values?.[0]]))
}

const sendHtml = (reply: FastifyReply, text: string) => reply.type('text/html; charset=utf-8').send(text)

/** A page with one sentence. */
function told(reply: FastifyReply, sentence: string): FastifyReply {
  const text = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Lumbar sandbox</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="${address}/ehr.css"></head>
<body><main class="entrance"><h1>Lumbar sandbox</h1><p>${sentence}</p><p><a href="${address}">Back to the patients</a></p></main></body></html>`
  return sendHtml(reply, text.text)
}

function assets() {
  const folder = join(import.meta.dirname, 'assets')
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
  const styles = files.filter((file) => file.endsWith('.css'))
  const scripts = files.filter((file) => file.endsWith('.js'))
  return [
    { name: 'ehr.css', type: 'text/css; charset=utf-8', text: styleOf(styles) },
    {
      name: 'ehr.js',
      type: 'text/javascript; charset=utf-8',
      text: scripts.map((file) => readFileSync(file, 'utf8')).join('\n'),
    },
  ]
}
