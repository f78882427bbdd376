/** Reads the body of a service call. Strict about what the rules need, lenient about everything else (REQ-1, GEN-6). */

import { z } from 'zod'
import { longest, withoutClosingSlashes } from '../bounds.ts'
import { LumbarError } from '../errors.ts'
import { type Hook, type Service, services } from './services.ts'
import { declaredBy } from './version-3.ts'

/** The right to read from the caller's FHIR server, valid for this call only (FA-3: never kept, never logged). */
export interface FhirAuthorization {
  accessToken: string
  scope?: string | undefined
  /** The only patient that the token may read, if it is limited (FA-8). */
  patient?: string | undefined
}

export interface HookCall {
  hook: Hook
  /** Of CDS Hooks, as the call declares it, and then as address and site have it; undefined for 2.0. */
  version?: '3.0' | undefined
  /** Opaque. Clients send uuids of any version, words, and one value for all calls. */
  hookInstance: string
  /** Bare id. */
  patientId: string
  /** `Practitioner/1`, `PractitionerRole/1` or a bare id. */
  userId?: string | undefined
  /** Bare id. */
  encounterId?: string | undefined
  /** A Bundle or a list of resources, not yet looked at. */
  draftOrders: object
  /** Undefined when the client named none: then every draft counts as selected. */
  selections?: readonly string[] | undefined
  /** By key, not yet looked at. */
  prefetch: Readonly<Record<string, unknown>> | undefined
  /** Without a trailing slash. */
  fhirServer?: string | undefined
  fhirAuthorization?: FhirAuthorization | undefined
  extension?: Readonly<Record<string, unknown>> | undefined
}

/** Without content, or longer than such a thing can be: in what is required a mistake, in what is not as good as absent. */
const text = (most: number) => z.string().max(most).trim().min(1)
const optionalText = (most: number) => text(most).optional().catch(undefined)
/** Passed on by reference: what is inside is checked where it is read. */
const anyObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)
const optionalObject = anyObject.optional().catch(undefined)

/** Order hooks cannot do without it; a chart that is opened has none. */
const bundle = z.custom<object>((value) => typeof value === 'object' && value !== null)

const serverAddress = /^https?:\/\/[^/]/i

const optionalId = text(longest.reference)
  .transform((id) => bareId('Encounter', id))
  .pipe(text(longest.id))
  .optional()
  .catch(undefined)

const envelopeWith = <Drafts extends z.ZodType<object | undefined>>(draftOrders: Drafts) =>
  z.object({
    hook: text(longest.name),
    hookInstance: text(longest.name),
    context: z.object({
      patientId: text(longest.reference)
        .transform((id) => bareId('Patient', id))
        .pipe(text(longest.id)),
      draftOrders,
      userId: optionalText(longest.reference),
      encounterId: optionalId,
      selections: z.array(z.unknown()).optional().catch(undefined),
    }),
    prefetch: optionalObject,
    fhirServer: z.string().max(longest.url).trim().regex(serverAddress).optional().catch(undefined),
    fhirAuthorization: z
      .object({
        access_token: text(longest.token),
        scope: optionalText(longest.token),
        patient: optionalText(longest.reference),
      })
      .optional()
      .catch(undefined),
    extension: optionalObject,
    hookVersion: z.unknown().optional(),
  })

const orderEnvelope = envelopeWith(bundle)
const chartEnvelope = envelopeWith(bundle.optional())

/** What is read of a call for this hook. */
export const schemaFor = (hook: Hook) => (hook === 'patient-view' ? chartEnvelope : orderEnvelope)

/** Throws `wrong-hook` or `invalid-request`; the message names what to send, never what came. */
export function parseCall(body: unknown, service: Service): HookCall {
  return soundCall(body, service) ?? readBySchema(body, service)
}

/** The same by the schema, which says of anything what is wrong with it. */
export function readBySchema(body: unknown, service: Service): HookCall {
  const parsed = schemaFor(service.hook).safeParse(body)
  if (!parsed.success) throw firstFailure(body, parsed.error, service)
  if (parsed.data.hook !== service.hook) throw wrongHook(service)
  return callOf(parsed.data, service)
}

type Envelope = z.infer<typeof chartEnvelope>

function callOf(sent: Omit<Envelope, 'hook'>, service: Service): HookCall {
  const { hookInstance, context, prefetch, fhirServer, fhirAuthorization, extension, hookVersion } = sent
  return {
    hook: service.hook,
    version: declaredBy(hookVersion),
    hookInstance,
    patientId: context.patientId,
    userId: context.userId,
    encounterId: context.encounterId,
    draftOrders: context.draftOrders ?? [],
    selections: namedSelections(context.selections),
    prefetch,
    fhirServer: fhirServer && withoutClosingSlashes(fhirServer),
    // REQ-2: a token without a server to use it at is no access.
    fhirAuthorization: fhirServer === undefined ? undefined : authorization(fhirAuthorization),
    extension,
  }
}

/**
 * Most calls are sound as they stand, and the schema would only say so, at the cost of all rules together. Undefined where
 * there is anything to mend, to leave out or to refuse.
 */
function soundCall(body: unknown, service: Service): HookCall | undefined {
  if (!isObject(body) || body.hook !== service.hook || !isObject(body.context)) return undefined
  const { hookInstance, context, prefetch, fhirServer, fhirAuthorization, extension, hookVersion } = body
  const { draftOrders, userId, selections } = context
  const patientId = soundId('Patient', context.patientId)
  const encounterId = soundId('Encounter', context.encounterId)
  if (
    !isText(hookInstance, longest.name) ||
    patientId === undefined ||
    (encounterId === undefined && context.encounterId !== undefined) ||
    !(isDrafts(draftOrders) || (draftOrders === undefined && service.hook === 'patient-view')) ||
    !(userId === undefined || isText(userId, longest.reference)) ||
    !(selections === undefined || Array.isArray(selections)) ||
    !(prefetch === undefined || isObject(prefetch)) ||
    !(extension === undefined || isObject(extension)) ||
    !(fhirServer === undefined || (isText(fhirServer, longest.url) && serverAddress.test(fhirServer))) ||
    !(fhirAuthorization === undefined || isSoundAccess(fhirAuthorization))
  )
    return undefined
  const read = { patientId, draftOrders, userId, encounterId, selections }
  return callOf(
    { hookInstance, context: read, prefetch, fhirServer, fhirAuthorization, extension, hookVersion },
    service,
  )
}

const isDrafts = (value: unknown): value is object => typeof value === 'object' && value !== null

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text that nothing has to be done to. */
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most && value.trim() === value

function soundId(type: string, sent: unknown): string | undefined {
  const id = isText(sent, longest.reference) ? bareId(type, sent) : undefined
  return isText(id, longest.id) ? id : undefined
}

const isSoundAccess = (access: unknown): access is NonNullable<Envelope['fhirAuthorization']> =>
  isObject(access) &&
  isText(access.access_token, longest.token) &&
  (access.scope === undefined || isText(access.scope, longest.token)) &&
  (access.patient === undefined || isText(access.patient, longest.reference))

/** Ids come bare by the specification, and with their type in most of the requests seen. */
function bareId(type: string, id: string): string {
  const at = id.lastIndexOf(`${type}/`)
  if (at === -1 || (at > 0 && id[at - 1] !== '/')) return id
  return id.slice(at + type.length + 1).split('/', 1)[0] ?? ''
}

/** An attribute without content is as good as absent (GEN-2). */
function namedSelections(selections: readonly unknown[] | undefined): readonly string[] | undefined {
  const named = selections?.filter((selection) => typeof selection === 'string' && selection !== '')
  return named && named.length > 0 ? (named as string[]) : undefined
}

function authorization(
  sent: z.infer<typeof orderEnvelope>['fhirAuthorization'],
): FhirAuthorization | undefined {
  return sent && { accessToken: sent.access_token, scope: sent.scope, patient: sent.patient }
}

/** A call for another hook lacks other things too: the hook is the mistake to name. */
function firstFailure(body: unknown, error: z.ZodError, service: Service): LumbarError {
  const hook = anyObject.safeParse(body).data?.hook
  if (typeof hook === 'string' && hook.trim() !== '' && hook.trim() !== service.hook)
    return wrongHook(service)
  const places = [...new Set(error.issues.map((issue) => issue.path.join('.')))]
  const sentences = places.map((place) => remedies[place] ?? `Mend \`${place}\`.`)
  return new LumbarError('invalid-request', sentences.join(' '), places.filter(Boolean))
}

function wrongHook(service: Service): LumbarError {
  const offers = services.map(({ id, hook }) => `${hook} at /cds-services/${id}`).join(', ')
  return new LumbarError('wrong-hook', `This service answers ${service.hook}. Lumbar answers ${offers}.`, [
    'hook',
  ])
}

const remedies: Readonly<Record<string, string>> = {
  '': 'Send a JSON object with hook, hookInstance and context.',
  hook: 'Send `hook`: the name of the hook that fired.',
  hookInstance:
    'Send `hookInstance`: a text of at most 255 characters, best a UUID, that is unique to this call.',
  context: 'Send `context`: an object with patientId, and with draftOrders where the hook is about orders.',
  'context.patientId': 'Send `context.patientId`: the id of the patient, of at most 194 characters.',
  'context.draftOrders': 'Send `context.draftOrders`: a Bundle of the unsigned orders.',
}
