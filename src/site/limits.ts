/** What a site sets about load and slow senders: how much, how often, how long. Every number has a safe default. */
import { z } from 'zod'
import { addressRange, isOrigin } from './addresses.ts'

// What a site sets about reading from FHIR servers: how long, how much, and which addresses of its own network.

/** RFC 1035: labels of letters, digits and hyphens, which no hyphen begins or ends. */
const isHostName = (text: string) =>
  text.length <= 253 && text.split('.').every((label) => /^[a-z0-9-]+$/.test(label) && !/^-|-$/.test(label))

const hostOrRange = z
  .string()
  .refine(
    (entry) => addressRange(entry) !== undefined || (isHostName(entry) && !/^[\d.]+$/.test(entry)),
    'is neither a host name in lower case such as fhir.example.org nor an address range such as 10.20.0.0/16',
  )

export const fhirSchema = z.strictObject({
  'deadline-ms': z
    .int()
    .min(1)
    .max(30_000)
    .default(400)
    .describe('One deadline for all reads of a call: the whole answer should take half a second (BEST-1).'),
  'byte-cap': z
    .int()
    .min(1024)
    .max(268_435_456)
    .default(16_777_216)
    .describe('Decoded bytes that one call may read.'),
  'page-cap': z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Pages read of one query; when there are more, the list counts as incomplete.'),
  'page-size': z
    .int()
    .min(0)
    .max(10_000)
    .default(200)
    .describe(
      'Resources asked for on one page (`_count`), in place of the number in the query; 0 keeps that.',
    ),
  parallel: z
    .int()
    .min(1)
    .max(64)
    .default(6)
    .describe('Requests of one call that may be under way at a time.'),
  'allow-private': z
    .array(hostOrRange)
    .default([])
    .describe(
      'Servers inside the hospital: host names that may have private addresses, and ranges in which any server may stand. Link-local, metadata and multicast addresses stay closed whatever is listed.',
    ),
  'development-http': z
    .boolean()
    .default(false)
    .describe('For development: plain http, and any address of this machine.'),
  'without-token': z
    .boolean()
    .default(false)
    .describe('Read from listed servers also in calls that bring no token, as open sandboxes need it.'),
})
export type FhirSettings = z.infer<typeof fhirSchema>

const ms = (least: number, most: number) => z.int().min(least).max(most)

export const limitsSchema = z.strictObject({
  'body-bytes': z
    .int()
    .min(1024)
    .max(268_435_456)
    .default(8_388_608)
    .describe('Largest request body, in bytes. Larger ones are refused with 413.'),
  'calls-per-minute': z
    .int()
    .min(0)
    .max(10_000_000)
    .default(12_000)
    .describe(
      'Calls that one verified issuer, or one address where callers are not verified, may make in a minute. More are refused with 429 and Retry-After. Pages, discovery and sign-ins count for their address, and so do calls whose token is refused; an IPv6 address counts for its network of 64 bits. 0 is no limit.',
    ),
  'drafts-judged': z
    .int()
    .min(1)
    .max(200)
    .default(50)
    .describe(
      'Drafted orders of one call that are judged: of those that the pathway is about, the first so many. Where there are more the card and the log say so.',
    ),
  'event-loop-delay-ms': ms(0, 60_000)
    .default(250)
    .describe(
      'Calls are refused with 503 and Retry-After while work waits longer than this on average. 0 is no limit.',
    ),
  'heap-percent': z
    .int()
    .min(0)
    .max(100)
    .default(90)
    .describe(
      'Calls are refused with 503 and Retry-After while more than this share of the memory that Node may use is taken. 0 is no limit.',
    ),
  'headers-ms': ms(100, 600_000)
    .default(10_000)
    .describe('How long the head of a request may take to arrive. Slower senders get 408.'),
  'request-ms': ms(100, 600_000)
    .default(30_000)
    .describe('How long a whole request may take to arrive. Slower senders get 408.'),
  'idle-ms': ms(100, 3_600_000)
    .default(60_000)
    .describe(
      'How long a connection may be silent in the middle of a request or an answer before it is closed.',
    ),
  'keep-alive-ms': ms(1000, 3_600_000)
    .default(72_000)
    .describe(
      'How long a connection is kept open between requests. Longer than at the proxy in front, which must be the one to close.',
    ),
})
export type Limits = z.infer<typeof limitsSchema>

/** SEC-13: named one by one. `*` is no origin, and neither is `null`, which every sandboxed page has. */
export const originsSchema = z.array(
  z.string().refine(isOrigin, 'is no origin such as https://ehr.example.org: leave out path and slash'),
)

export const metricsSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Count and measure for Prometheus: on a port of its own (METRICS_PORT), or at /metrics of the service for whoever has METRICS_TOKEN.',
    ),
})
