/** Who may call: the shape of the part of `site.yaml` by which a hospital says which EHRs it trusts (SEC-7). */
import { z } from 'zod'
import { address, baseAddress, isOrigin } from './addresses.ts'

/** Asymmetric only: with a shared secret or no signature anybody could be anybody (SEC-6). */
const algorithms = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const

/** Of CDS Hooks; the second is a ballot. */
export const hooksVersions = ['2.0', '3.0'] as const
export type HooksVersion = (typeof hooksVersions)[number]

/** Shorter ones can be broken. `n` is the modulus in base64url. */
const leastRsaBits = 2048

const publicKey = z
  .object({
    kty: z.enum(['EC', 'RSA', 'OKP']),
    kid: z.string().min(1),
    alg: z.string().optional(),
    use: z.string().optional(),
    crv: z.string().optional(),
    x: z.string().optional(),
    y: z.string().optional(),
    n: z
      .string()
      .refine(
        (modulus) => bitsOf(modulus) >= leastRsaBits,
        `belongs to an RSA key below ${leastRsaBits} bits`,
      )
      .optional(),
    e: z.string().optional(),
    d: z
      .string()
      .optional()
      .refine(
        (secret) => secret === undefined,
        'belongs to a private key: ask the issuer for the public one',
      ),
  })
  .refine(({ kty, n }) => kty !== 'RSA' || n !== undefined, 'is an RSA key without "n"')

function bitsOf(modulus: string): number {
  const bytes = Buffer.from(modulus, 'base64url')
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24)
}

const issuer = z
  .strictObject({
    iss: z.string().min(1).describe("The token's `iss`, letter by letter."),
    'jwks-url': address.optional().describe('Where the issuer publishes its keys.'),
    jwks: z
      .strictObject({ keys: z.array(publicKey).min(1).describe('Public keys, each as a JWK with a `kid`.') })
      .refine(({ keys }) => isUnique(keys.map(({ kid }) => kid)), 'has two keys of one "kid"')
      .optional()
      .describe('Its keys themselves, for an issuer that hands them over by other means (SEC-8).'),
    jku: z
      .array(address)
      .default([])
      .describe('Other addresses of keys that its tokens may name in `jku`. No other is ever asked (SEC-7).'),
    algorithms: z
      .array(z.enum(algorithms))
      .min(1)
      .default(['ES384', 'RS384'])
      .describe(
        'Algorithms that its tokens may be signed with. None with a shared secret is allowed (SEC-6).',
      ),
    audiences: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'What its tokens may carry as `aud` beside the address called, where somebody typed it by hand (SEC-5).',
      ),
    tenants: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('The tenants that may call; without a list the issuer answers for all of its own. Opaque.'),
    'clock-skew-seconds': z.int().min(0).max(300).default(60).describe('How far its clock may be off.'),
    'max-age-seconds': z
      .int()
      .min(60)
      .max(86_400)
      .default(3600)
      .describe('How long a token may live at most, and so how long ago it may have been issued.'),
    replay: z
      .enum(['refuse', 'allow-same-request'])
      .default('refuse')
      .describe(
        'A token is good for one call. `allow-same-request` is for a client that repeats a call which failed with the token of the first try: the same token, byte for byte, is then good until it expires, at one address (SEC-12).',
      ),
    'fhir-servers': z
      .array(baseAddress)
      .default([])
      .describe('The FHIR servers that it may name in its calls, as base addresses (FA-7).'),
    profile: z
      .enum(['detect', 'standard', 'epic'])
      .optional()
      .describe('What its EHR makes of answers, where that differs from `clients.profile`.'),
    'cds-hooks': z
      .enum(hooksVersions)
      .optional()
      .describe(
        'Newest version of CDS Hooks that it speaks, where that differs from `clients.cds-hooks`. With `2.0` a `hookVersion` in its calls changes nothing.',
      ),
    'action-selection': z
      .boolean()
      .default(false)
      .describe(
        'Its EHR lets a clinician take single actions of a suggestion (`actionSelectionBehavior` of CDS Hooks 3.0).',
      ),
    'coverage-information': z
      .enum(['off', '2.0.1', '2.2.1'])
      .optional()
      .describe('Version of Da Vinci CRD that its EHR takes, where that differs from `coverage.version`.'),
    origins: z
      .array(address.refine(isOrigin, 'is no origin: leave out the path'))
      .default([])
      .describe('Origins of the pages that call with its tokens from a browser (SEC-13).'),
  })
  .refine(
    (entry) => (entry['jwks-url'] === undefined) !== (entry.jwks === undefined),
    'needs its keys: either "jwks-url" or "jwks"',
  )

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length
}

export const callersSchema = z.strictObject({
  'public-url': baseAddress.describe(
    'The address before `/cds-services` as callers see it, also behind a proxy.',
  ),
  discovery: z
    .enum(['open', 'closed'])
    .default('open')
    .describe('`closed` asks for a token on discovery too (DISC-15).'),
  issuers: z
    .array(issuer)
    .min(1)
    .refine((list) => isUnique(list.map(({ iss }) => iss)), 'has two entries of one "iss"')
    .describe('The EHRs that may call, each by the issuer of its tokens (SEC-7).'),
})

export type Callers = z.infer<typeof callersSchema>
export type Issuer = Callers['issuers'][number]
export type Algorithm = (typeof algorithms)[number]

/** Hosts of issuers whose private key is published. */
const openSecrets = ['sandbox.cds-hooks.org']

/** Issuers in whose name anybody can sign: good for trying things out, never beside patients. */
export function unsafeIssuers({ issuers }: Callers): string[] {
  const unsafe = issuers.filter((entry) => {
    const places = [entry.iss, entry['jwks-url'], ...entry.jku]
    return places.some(
      (place) => place && URL.canParse(place) && openSecrets.includes(new URL(place).hostname),
    )
  })
  return unsafe.map(({ iss }) => iss)
}
