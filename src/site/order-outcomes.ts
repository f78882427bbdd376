/** Where a FHIR server may be asked what became of orders: the shape of that part of `site.yaml`. */
import { z } from 'zod'
import { baseAddress, origin, sameAddress } from './addresses.ts'

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

export type FollowedServer = z.infer<typeof followed>

/** FHIR types that are read to tell what became of an order. */
export const typesRead = ['ServiceRequest', 'MedicationRequest', 'Medication'] as const
