/** The one place where errors become HTTP: an OperationOutcome for the caller, a line without content for the log. */

import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LumbarError, operationOutcome } from '../errors.ts'
import { toFailure, traceOf } from '../hooks/failure.ts'
import { measure } from '../hooks/line.ts'
import type { Metrics } from '../metrics.ts'
import { NotTrusted } from '../trust/failures.ts'
import { refuse } from '../trust/guard.ts'
import type { Headers } from './headers.ts'

const json = 'application/json; charset=utf-8'

type AnswerFailure = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply

export function failureAnswerer(metrics: Metrics | undefined): AnswerFailure {
  return (error, request, reply) => {
    if (error instanceof NotTrusted) {
      metrics?.onRefusal(error.reason)
      metrics?.onFailure(error.code, 401)
      return refuse(error, request, reply, measure(request, reply))
    }
    const failure = toFailure(error)
    metrics?.onFailure(failure.code, failure.status)
    const line = { ...measure(request, reply), outcome: failure.code, ...lackingOf(failure) }
    if (failure.code === 'internal-error' || isFullStack(error))
      request.log.error({ ...line, ...traceOf(error) })
    else if (failure.status >= 500) request.log.warn(line)
    else request.log.info(line)
    return reply
      .code(failure.status)
      .header('cache-control', 'no-store')
      .type(json)
      .send(operationOutcome(failure))
  }
}

/** Answered as the caller's mistake, and perhaps ours. Errors of Fastify have codes, and are foreseen. */
function isFullStack(error: unknown): boolean {
  return error instanceof RangeError && !('code' in error)
}

/** PF-12: which keys did not come. Other places may be named as the caller pleases. */
function lackingOf({ code, places }: LumbarError): { lacking?: readonly string[] } {
  return code === 'data-unavailable' ? { lacking: places } : {}
}

/** What Node refuses before there is a request: broken HTTP, a head without end, a sender that is too slow. */
export function clientErrorAnswerer(headers: Headers, metrics: Metrics | undefined) {
  return function answerClientError(this: FastifyInstance, error: { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const failure = clientFailure(error.code)
    metrics?.onFailure(failure.code, failure.status)
    this.log.info({ outcome: failure.code })
    // Not into the middle of an answer that is already on its way.
    const { _httpMessage: message } = socket as Socket & { _httpMessage?: { headersSent?: boolean } }
    if (socket.writable && !message?.headersSent) socket.write(written(failure, headers))
    socket.destroySoon()
  }
}

function clientFailure(code: string | undefined): LumbarError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new LumbarError('too-slow', 'The request took too long to arrive. Send it again.')
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new LumbarError(
      'head-too-large',
      'The head of the request is too large. Send fewer or shorter headers.',
    )
  }
  return new LumbarError('malformed-http', 'This is no HTTP/1.1 request. Send it again over HTTP/1.1.')
}

function written(failure: LumbarError, headers: Headers): string {
  const body = JSON.stringify(operationOutcome(failure))
  const lines = [
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'cache-control: no-store',
    'connection: close',
    `content-type: ${json}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
