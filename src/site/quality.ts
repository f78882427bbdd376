/** Who may look at the dashboard: the shape of the part of `site.yaml` by which a hospital sets up its sign-in. */
import { z } from 'zod'
import { addressLike, baseAddress, baseOf, origin, sameAddress } from './addresses.ts'

// Where a FHIR server may be asked what became of orders: the shape of that part of `site.yaml`.

const followed = z.strictObject({
  'fhir-server': baseAddress.describe(
    'Base address of the FHIR server, as calls name it; one of `fhir-servers` of `callers`.',
  ),
  'client-id': z
    .string()
    .min(1)
    .describe(
      'The `client_id` that it gave Lumbar as a backend service (SMART Backend Services, `private_key_jwt`). The keys are those of SMART_KEYS_FILE.',
    ),
  scopes: z
    .array(z.string().regex(/^[!#-[\]-~]+$/, 'is one scope, without spaces'))
    .min(1)
    .optional()
    .describe(
      'What is asked for, letter by letter. Without it the least that is needed, in the form that the server understands: reading ServiceRequest, MedicationRequest and Medication.',
    ),
  'endpoint-origins': z
    .array(origin)
    .default([])
    .describe(
      'Origins, beside that of the server, at which its token endpoint may stand. Without any it may name whichever it likes.',
    ),
})

export const orderOutcomesSchema = z
  .array(followed)
  .refine(
    (list) => new Set(list.map((each) => sameAddress(each['fhir-server']))).size === list.length,
    'has two entries of one "fhir-server"',
  )

/** FHIR types that are read to tell what became of an order. */
export const typesRead = ['ServiceRequest', 'MedicationRequest', 'Medication'] as const

const address = baseOf(addressLike('https://login.example.org'))
const names = z.array(z.string().min(1)).min(1)
const claim = z.string().regex(/^[\w:./-]{1,100}$/, 'is the name of a claim, such as groups')

export const qualitySchema = z
  .strictObject({
    'public-url': address.describe(
      'Address of the service as browsers see it; the sign-in comes back to `/quality/callback` below it.',
    ),
    issuer: address.describe('The OpenID Connect provider of the hospital.'),
    'client-id': z.string().min(1).describe('As what the dashboard is registered there.'),
    'secret-file': z
      .string()
      .min(1)
      .optional()
      .describe(
        'File that holds the secret of the client and nothing else; without it the client is public. PKCE is used in either case.',
      ),
    scopes: names.default(['openid', 'profile']).describe('What is asked for; `openid` is among it.'),
    'role-claim': claim
      .default('groups')
      .describe('Claim of the ID token that names the roles of a person: one word, or a list of them.'),
    leads: names.describe('Its values by which somebody is a quality lead and sees everything.'),
    clinicians: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Its values by which somebody is a clinician and sees their own figures and those of their clinic.',
      ),
    'clinician-claim': claim
      .default('fhirUser')
      .describe('Claim that names the Practitioner of a clinician, as reports and calls do.'),
    'clinic-claim': claim
      .optional()
      .describe(
        'Claim that names the clinic as reports do; without it the reports say where a clinician works.',
      ),
  })
  .refine(({ scopes }) => scopes.includes('openid'), { error: 'asks for openid', path: ['scopes'] })
  .refine(({ leads, clinicians }) => !leads.some((name) => clinicians.includes(name)), {
    error: 'names no role that is a lead, too',
    path: ['clinicians'],
  })
  .describe('Who may look at the dashboard at /quality. Without it this machine alone.')
export type QualitySettings = z.infer<typeof qualitySchema>
