/** What a site sets about reading from FHIR servers: how long, how much, and which addresses of its own network. */
import { z } from 'zod'
import { addressRange } from './addresses.ts'

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
