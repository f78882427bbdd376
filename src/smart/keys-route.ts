/** Where the public keys of Lumbar are, by which servers know it (R17, R18). */
import type { Route } from '../http/places.ts'

export const keysPath = '/smart/jwks.json'

/** How long others may keep our keys, in seconds: a new one is published for longer before it signs (R18). */
const keysAge = 3600

/** `published` is the key set, as JSON. */
export const keysRoute = (published: string): Route => ({
  method: 'GET',
  url: keysPath,
  handler: (_request, reply) =>
    reply.header('cache-control', `public, max-age=${keysAge}`).type('application/json').send(published),
})
