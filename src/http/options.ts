/** How Node and Fastify are set up: sizes, times, and a log that holds nothing of what was sent. */
import type { Server } from 'node:http'
import { type FastifyHttpOptions, LogController } from 'fastify'
import { type Limits, limitsSchema } from '../site/limits.ts'
import { guardedLogger, type LoggerOptions } from './log.ts'

/** How often Node looks for senders that are too slow, in ms. Its own half a minute would let them stay that long. */
const slownessCheck = 1000

export interface Setup {
  /** Without it, sizes and times have their defaults. */
  limits?: Limits
  /** Bytes, instead of what the limits say. */
  bodyLimit?: number
  logger?: LoggerOptions
  /** Addresses of proxies, whose word for the address of a caller is taken. */
  trustProxy?: string[]
}

export function serverOptions({
  logger,
  bodyLimit,
  trustProxy,
  ...setup
}: Setup): FastifyHttpOptions<Server> {
  const limits = setup.limits ?? limitsSchema.parse({})
  return {
    logger: logger ? guardedLogger(logger) : false,
    // Fastify's own lines carry addresses and messages; each answer and each failure has one line of ours.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimit ?? limits['body-bytes'],
    requestTimeout: limits['request-ms'],
    connectionTimeout: limits['idle-ms'],
    keepAliveTimeout: limits['keep-alive-ms'],
    http: { headersTimeout: limits['headers-ms'], connectionsCheckingInterval: slownessCheck },
    ...(trustProxy ? { trustProxy } : {}),
    // Callers are told in our own words, which is an OperationOutcome.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 64 },
  }
}
