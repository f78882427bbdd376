/** Turns whatever was thrown into one of our own failures, so that the one error handler has one kind to answer. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LumbarError } from '../errors.ts'

/** Fastify's own errors that a caller can bring about. */
const known: Readonly<Record<string, () => LumbarError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new LumbarError(
      'body-too-large',
      'The request is too large. Send fewer resources; a Bundle may name its next page instead.',
    ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: notJson,
  FST_ERR_BAD_URL: unknownRoute,
  FST_ERR_MAX_PARAM_LENGTH: unknownRoute,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new LumbarError(
      'malformed-json',
      'The body is shorter or longer than Content-Length says. Send it again.',
    ),
  'replay-store-unavailable': () =>
    new LumbarError(
      'replay-store-unavailable',
      'Nobody can tell whether this token was used before. Send the call again later.',
    ),
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    new LumbarError('malformed-json', 'The body is empty. Send the call as a JSON object.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () =>
    new LumbarError(
      'malformed-json',
      'The body is no acceptable JSON. Send plain JSON without comments, trailing commas, or __proto__ keys.',
    ),
}

function notJson(): LumbarError {
  return new LumbarError('not-json', 'Send JSON with Content-Type: application/json.')
}

export function nestedTooDeeply(): LumbarError {
  return new LumbarError('invalid-request', 'The body is nested too deeply. Send FHIR resources as they are.')
}

export function unknownRoute(): LumbarError {
  return new LumbarError('unknown-route', 'There is nothing here. GET /cds-services says what there is.')
}

export function toFailure(error: unknown): LumbarError {
  if (error instanceof LumbarError) return error
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown }
  const failure = typeof code === 'string' && Object.hasOwn(known, code) ? known[code] : undefined
  if (failure) return failure()
  // Nothing of ours recurses without end, so a full stack means that the caller's JSON is nested without measure.
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return nestedTooDeeply()
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new LumbarError(
      'invalid-request',
      'The request cannot be read. Send it again as JSON over HTTP/1.1.',
    )
  }
  return new LumbarError('internal-error', 'Lumbar failed. Nothing was evaluated; the failure is in its log.')
}

/** Where it happened, without the message: messages of unforeseen errors may quote what was sent. */
export function traceOf(error: unknown): { error: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] }
  const frames = (error.stack ?? '').split('\n').map((line) => line.trim())
  return { error: error.name, at: frames.filter((line) => line.startsWith('at ')) }
}

// Which bodies are read: JSON under any of the names that clients give it (GEN-7).

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
