/** How the application goes away: what was begun is finished, and nobody can hold it up by saying nothing. */
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { LumbarError } from '../errors.ts'
import { retryAfter } from './protection.ts'

export function stopGracefully(app: FastifyInstance): void {
  let isStopping = false
  const closeSilent = silentConnections(app)
  app.addHook('preClose', (done) => {
    isStopping = true
    closeSilent()
    done()
  })
  app.addHook('onRequest', (_request, reply, done) => {
    if (!isStopping) return done()
    reply.header('retry-after', retryAfter).header('connection', 'close')
    done(new LumbarError('stopping', 'Lumbar is being stopped. Send the call again.'))
  })
}

/** Node closes connections that are idle between requests, and waits for those that have not asked anything yet. */
function silentConnections(app: FastifyInstance): () => void {
  const silent = new Set<Socket>()
  app.server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  app.server.on('request', ({ socket }) => silent.delete(socket))
  return () => {
    for (const socket of silent) socket.destroy()
  }
}
