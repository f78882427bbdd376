/** Which bodies are read: JSON under any of the names that clients give it (GEN-7). */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notJson } from './failure.ts'

const fhirNames = ['application/fhir+json', 'application/json+fhir']

/** Fastify's own parser strips a byte order mark, lets the last of equal keys win, and refuses poisoned keys. */
export function acceptJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser(fhirNames, { parseAs: 'string' }, parseJson)
  app.addContentTypeParser('*', { parseAs: 'string' }, (request: FastifyRequest, body: string, done) => {
    if (request.headers['content-type']) done(notJson())
    else parseJson(request, body, done)
  })
}
