/**
 * How the application goes away: first it says that no calls should come and still answers those that do, then it finishes
 * what was begun, and nobody can hold it up by saying nothing.
 */
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { LumbarError, retryAfter } from '../errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on it is not ready, and each connection ends with its next answer, so that none is cut later. */
    beginDrain(): void
    isDraining(): boolean
  }
}

export function stopGracefully(app: FastifyInstance): void {
  let isDraining = false
  let isStopping = false
  const closeSilent = silentConnections(app)
  app.decorate('beginDrain', () => {
    isDraining = true
  })
  app.decorate('isDraining', () => isDraining)
  app.addHook('preClose', (done) => {
    isDraining = true
    isStopping = true
    closeSilent()
    done()
  })
  app.addHook('onRequest', (_request, reply, done) => {
    if (!isStopping) return done()
    reply.header('retry-after', retryAfter).header('connection', 'close')
    done(new LumbarError('stopping', 'Lumbar is being stopped. Send the call again.'))
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isDraining) reply.header('connection', 'close')
    done()
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
