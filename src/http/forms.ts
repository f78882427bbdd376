/** A part of the application whose pages have forms: they are read there and nowhere else, and are small. */
import formbody from '@fastify/formbody'
import type { FastifyPluginAsync } from 'fastify'
import type { Route } from './places.ts'

/** Bytes: a few fields, no files. */
const mostBytes = 65_536

export function partWithForms(routes: readonly Route[]): FastifyPluginAsync {
  return async (app) => {
    app.register(formbody, { bodyLimit: mostBytes })
    for (const { method, url, handler } of routes) app.route({ method, url, handler, bodyLimit: mostBytes })
  }
}
