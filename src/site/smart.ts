/** Where the SMART app may be launched from: the shape of the part of `site.yaml` by which a hospital registers it (R1, R4). */
import { z } from 'zod'
import { baseAddress, origin, sameAddress } from './addresses.ts'

const client = z
  .strictObject({
    id: z.string().min(1).describe('The `client_id` that the EHR gave the app.'),
    type: z
      .enum(['public', 'symmetric', 'asymmetric'])
      .describe(
        'How the app says who it is: not at all, by a secret, or by a signature (`private_key_jwt`, the one to prefer, R16).',
      ),
    'secret-file': z
      .string()
      .min(1)
      .optional()
      .describe(
        'File that holds the secret of a symmetric client and nothing else. The secret itself never stands here.',
      ),
  })
  .refine(
    ({ type, 'secret-file': file }) => (type === 'symmetric') === (file !== undefined),
    'takes "secret-file" with the type symmetric, and with no other',
  )
  .describe('As whom the app is registered there.')

const ehr = z.strictObject({
  iss: baseAddress.describe(
    'Base address of its FHIR server. Launches in the name of any other are refused.',
  ),
  name: z.string().min(1).describe('What people call it, where the app asks which one to open.'),
  callback: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'is one word of small letters, digits and hyphens')
    .optional()
    .describe(
      'Last part of the address to which this EHR sends browsers back, `/smart/callback/<callback>`, as it is registered there. Where there are several EHRs each has one of its own, so that none can hand over what another was asked for.',
    ),
  client,
  scopes: z
    .array(z.string().regex(/^[!#-[\]-~]+$/, 'is one scope, without spaces'))
    .min(1)
    .optional()
    .describe(
      'What is asked for, letter by letter. Without it the app asks for the least that it needs, in the form that the EHR understands (R13).',
    ),
  'online-access': z
    .boolean()
    .default(false)
    .describe('Ask for a refresh token, for visits that are longer than the life of an access token (R23).'),
  pkce: z
    .enum(['required', 'send-unadvertised'])
    .default('required')
    .describe(
      '`send-unadvertised` is for servers of SMART 1.0, which do not say that they know PKCE. It is sent all the same (R10). Where they have no SMART configuration, their CapabilityStatement is asked.',
    ),
  'frame-ancestors': z
    .array(origin)
    .default([])
    .describe(
      'Origins of the pages that may show the app in a frame. Without any it opens in windows of its own.',
    ),
  'endpoint-origins': z
    .array(origin)
    .default([])
    .describe(
      'Origins, beside that of `iss`, at which its authorization server may stand. Without any it may name whichever it likes.',
    ),
  standalone: z
    .boolean()
    .default(true)
    .describe('Offer it to people who open the app by themselves, outside the EHR (R3).'),
  writeback: z
    .enum(['auto', 'document', 'communication', 'procedure', 'none'])
    .default('auto')
    .describe(
      'What is written into the chart when education was given. `auto` takes what the server can create and the scopes allow.',
    ),
  'document-type': z
    .strictObject({
      system: z.string().min(1).describe('Code system, as the EHR names it.'),
      code: z.string().min(1).describe('Code of the kind of document.'),
      display: z.string().optional().describe('What the EHR calls it.'),
    })
    .optional()
    .describe('The kind of document that the EHR files a handout as, where it has its own codes.'),
})

export const smartSchema = z
  .strictObject({
    'public-url': baseAddress.describe(
      'The address before `/smart` as browsers see it, also behind a proxy. `/smart/launch` and `/smart/callback` (or `/smart/callback/<callback>`) below it are what is registered at the EHR.',
    ),
    ehrs: z
      .array(ehr)
      .min(1)
      .refine(
        (list) => new Set(list.map(({ iss }) => sameAddress(iss))).size === list.length,
        'has two entries of one "iss"',
      )
      .refine(
        (list) => new Set(list.map(({ callback }) => callback)).size === list.length,
        'has two entries of one "callback": give each EHR one of its own, and register it there',
      )
      .describe('The EHRs that the app is registered at.'),
  })
  .describe('Where the SMART app may be launched from. Without it no EHR can open it.')

export type SmartSettings = z.infer<typeof smartSchema>
export type EhrSettings = SmartSettings['ehrs'][number]
