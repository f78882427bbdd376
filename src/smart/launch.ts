/** What a page of the SMART app knows: one launch, of one patient, from one EHR. */
import { z } from 'zod'
import { isFhirId, longest } from '../bounds.ts'
import { type OrderKind, orderKinds } from '../grammar.ts'
import type { EhrSettings } from '../site/smart.ts'
import type { LaunchFhir } from './fhir/client.ts'
import type { Interaction } from './launch/ehrs.ts'
import type { User } from './launch/id-token.ts'

// What a card's link tells the app: which kind of order the card was about. It came through others, so only our own
// words count, and the app works without it (specification 1.9).

const context = z.object({
  order: z.enum(orderKinds).optional(),
  page: z.enum(['why', 'handout', 'checklist']).optional(),
  evaluation: z
    .string()
    .regex(/^[\w-]{22}$/)
    .optional()
    .catch(undefined),
  card: z.int().min(0).max(99).optional().catch(undefined),
})

/** Undefined when the app was opened from the chart, or the link says nothing of ours. */
export function orderKindIn(appContext: unknown): OrderKind | undefined {
  return context.safeParse(appContext).data?.order
}

/** The page that the card's link leads to. */
export function pageIn(appContext: unknown): 'why' | 'handout' | 'checklist' | undefined {
  return context.safeParse(appContext).data?.page
}

interface CardOpened {
  /** Under which the evaluation was kept. */
  evaluation: string
  /** Which card of its answer. */
  card: number
}

/** The card that the app was opened from, where its link says so. */
export function whyIn(appContext: unknown): CardOpened | undefined {
  const { evaluation, card = 0 } = context.safeParse(appContext).data ?? {}
  return evaluation === undefined ? undefined : { evaluation, card }
}

// What a launch is about: the parameters beside the access token (specification 1.5). Nothing of them is required
// but the patient.
const fhirId = z.string().refine(isFhirId)
const word = z.string().min(1).max(256).optional().catch(undefined)

/** Longer ones are none of ours. */
const mostAppContext = 2048
/** References of which a launch is told. */
const mostOthers = 100

/** 2.0 had references as texts; unknown roles and shapes are passed over. */
const contextEntry = z.union([
  z
    .string()
    .max(longest.reference)
    .transform((reference) => ({ reference, role: 'launch' })),
  z.looseObject({ reference: z.string().max(longest.reference), role: z.string().default('launch') }),
])

export const contextSchema = z.looseObject({
  patient: fhirId.optional().catch(undefined),
  encounter: fhirId.optional().catch(undefined),
  // Absent, or no truth value at all: the banner is shown.
  need_patient_banner: z.boolean().catch(true),
  intent: word,
  tenant: word,
  fhirContext: z.array(contextEntry.nullable().catch(null)).catch([]),
  appContext: z.unknown().optional(),
})

export interface LaunchContext {
  patient?: string
  encounter?: string
  needPatientBanner: boolean
  intent?: string
  /** Opaque. */
  tenant?: string
  /** References of role `launch`: what else is open in the EHR. */
  others: readonly string[]
  /** What a card's link carried, parsed. It came through a third party: whoever reads it checks its shape. */
  appContext?: unknown
}

export function contextIn(response: Readonly<Record<string, unknown>>): LaunchContext {
  const {
    need_patient_banner: needPatientBanner,
    fhirContext,
    appContext,
    ...rest
  } = contextSchema.parse(response)
  const { patient, encounter, intent, tenant } = rest
  const parsed = readAppContext(appContext)
  return {
    ...(patient === undefined ? {} : { patient }),
    ...(encounter === undefined ? {} : { encounter }),
    needPatientBanner,
    ...(intent === undefined ? {} : { intent }),
    ...(tenant === undefined ? {} : { tenant }),
    others: fhirContext
      .flatMap((entry) => (entry?.role === 'launch' ? entry.reference : []))
      .slice(0, mostOthers),
    ...(parsed === undefined ? {} : { appContext: parsed }),
  }
}

/** CDS Hooks says a string; some servers send what is in it. */
function readAppContext(value: unknown): unknown {
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (Buffer.byteLength(text) > mostAppContext) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface Launch extends Omit<LaunchContext, 'patient'> {
  /** Stands in the address of its pages. It is no secret: the cookie of its path is. */
  id: string
  /** Path of its pages as browsers see it, with a slash at its end: `/smart/<id>/`. */
  path: string
  ehr: Pick<EhrSettings, 'name' | 'writeback' | 'document-type'> & {
    /** Base of its FHIR server, without a slash at its end. */
    iss: string
  }
  /** The only source of the patient for this launch; a chart that changes in the EHR does not change it (R25). */
  patient: string
  /** Who is signed in, verified; undefined when the EHR did not say. */
  user?: User
  /** Of the authorization server (R8). */
  capabilities: ReadonlySet<string>
  /** Whether the granted scopes let it do this. */
  allows(type: string, interaction: Interaction): boolean
  /** Whether it can be created: the scopes allow it, and the server says that it can (never throws). */
  canCreate(type: string): Promise<boolean>
  fhir: LaunchFhir
  /** Value of the hidden field `form-token` of each form of its pages; without it a form is refused. */
  formToken: string
}
