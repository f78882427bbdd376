/** What a CDS Hooks answer must look like (specification, section 7), strictly: unknown fields are mistakes too. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

type Json = Record<string, unknown>

const words = z
  .string()
  .refine((value) => value.trim() === value && value !== '', 'is blank or has blank ends')
const line = words.refine((value) => !/[\r\n\t]/.test(value), 'is more than one line')
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no lower-case uuid')
const absoluteUrl = z.url({ protocol: /^https?$/ })
const system = z.string().regex(/^(https?:\/\/\S+|urn:\S+)$/, 'is no absolute URI')
const filled = z.record(z.string(), z.unknown()).refine((value) => Object.keys(value).length > 0, 'is empty')
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1)

/** A draft resource: what is inside is the business of FHIR. */
const resource = z.looseObject({ resourceType: line })

const action = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('create'), description: line, resource }),
  z.strictObject({ type: z.literal('update'), description: line, resource }),
  z.strictObject({
    type: z.literal('delete'),
    description: line,
    resourceId: z.string().regex(/^\w+\/.+$/s),
  }),
])

const suggestion = z.strictObject({
  label: line,
  uuid,
  isRecommended: z.boolean().optional(),
  actions: list(action).optional(),
})

const link = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('absolute'),
    label: line,
    url: absoluteUrl,
    autolaunchable: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('smart'),
    label: line,
    url: absoluteUrl,
    appContext: words.optional(),
    autolaunchable: z.boolean().optional(),
  }),
])

const card = z
  .strictObject({
    uuid,
    // Fewer than 140 characters, whichever way one counts; a sentence, not Markdown.
    summary: line.max(139).refine((value) => !/\*\*|__|`|\[[^\]]*\]\(|<\/?\w/.test(value), 'has markup'),
    // Every `<` of the caller's is escaped, and none is ours.
    detail: words.refine((value) => !/<[a-z!/?]/i.test(value), 'has HTML').optional(),
    indicator: z.enum(['info', 'warning', 'critical']),
    source: z.strictObject({
      label: line,
      url: absoluteUrl.optional(),
      icon: absoluteUrl.optional(),
      topic: z.strictObject({ system, code: line.max(100), display: line.optional() }),
    }),
    suggestions: list(suggestion).optional(),
    selectionBehavior: z.enum(['at-most-one', 'any']).optional(),
    overrideReasons: list(z.strictObject({ system, code: line, display: line })).optional(),
    links: list(link).optional(),
    extension: filled.optional(),
  })
  .refine(
    ({ suggestions, selectionBehavior }) => (suggestions === undefined) === (selectionBehavior === undefined),
    'has selectionBehavior without suggestions, or suggestions without it',
  )
  .refine(
    ({ suggestions, selectionBehavior }) =>
      selectionBehavior !== 'at-most-one' ||
      (suggestions ?? []).filter((each) => each.isRecommended).length <= 1,
    'recommends several of which one may be chosen',
  )

const answer = z.strictObject({
  cards: z.array(card),
  systemActions: list(action).optional(),
  extension: filled.optional(),
})

type Answer = z.infer<typeof answer>
type Action = z.infer<typeof action>

/** @throws when the answer breaks the specification, naming every place. `request` is the call that was answered. */
export function assertValidAnswer(value: unknown, request: unknown): Answer {
  const parsed = answer.safeParse(value)
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  const mistakes = [
    ...repeated(parsed.data),
    ...actionsOf(parsed.data).flatMap((each) => wrongAction(each, drafts(request), patientId(request))),
    ...notForEpic(parsed.data, request),
    ...emptyPlaces({ ...parsed.data, cards: parsed.data.cards.length > 0 ? parsed.data.cards : 'none' }, ''),
  ]
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'))
  return parsed.data
}

const suggestionsOf = ({ cards }: Answer) => cards.flatMap(({ suggestions = [] }) => suggestions)

const actionsOf = (given: Answer): Action[] => [
  ...suggestionsOf(given).flatMap(({ actions = [] }) => actions),
  ...(given.systemActions ?? []),
]

/** Feedback tells cards and suggestions apart by their uuid, and EHRs count and suppress by the topic. */
function repeated(given: Answer): string[] {
  const { cards } = given
  const twice = (what: string, all: readonly string[]) =>
    new Set(all).size === all.length ? [] : [`one ${what} comes twice`]
  return [
    ...twice(
      'uuid',
      [...cards, ...suggestionsOf(given)].map((each) => each.uuid),
    ),
    ...twice(
      'topic',
      cards.map(({ source }) => source.topic.code),
    ),
    ...cards.flatMap(({ overrideReasons = [] }) =>
      twice(
        'reason',
        overrideReasons.map(({ code }) => code),
      ),
    ),
    ...cards.flatMap(({ suggestions = [] }) =>
      twice(
        'label',
        suggestions.map(({ label }) => label),
      ),
    ),
  ]
}

/** ACT-2, ACT-3: drafts of this call are changed whole, and new orders are drafts for its patient. */
function wrongAction(
  taken: Action,
  drafted: ReadonlyMap<string, Json>,
  patient: string | undefined,
): string[] {
  if (taken.type === 'delete') {
    return drafted.has(taken.resourceId) ? [] : [`${taken.resourceId} is deleted and was not drafted`]
  }
  const { resource: made } = taken
  if (taken.type === 'update') {
    const name = `${made.resourceType}/${made.id}`
    const draft = drafted.get(name)
    if (!draft) return [`${name} is updated and was not drafted`]
    const lost = Object.keys(draft).filter((key) => !(key in made))
    const changed = Object.keys(made).filter((key) => !isDeepStrictEqual(made[key], draft[key]))
    return lost.length === 0 && changed.length <= 1
      ? []
      : [`${name} changed in ${[...lost, ...changed].join(', ')}`]
  }
  const subject = isObject(made.subject) ? made.subject.reference : undefined
  return [
    ...(made.status === 'draft' ? [] : ['a created order is no draft']),
    ...('id' in made ? ['a created order has an id'] : []),
    ...(subject === `Patient/${patient}` ? [] : ['a created order is for somebody else']),
  ]
}

/** Epic takes one action for each suggestion and no updates (specification, section 13). */
function notForEpic(given: Answer, request: unknown): string[] {
  const extension = isObject(request) && isObject(request.extension) ? Object.keys(request.extension) : []
  if (!extension.some((key) => key.startsWith('com.epic.'))) return []
  const several = suggestionsOf(given).some(({ actions = [] }) => actions.length !== 1)
  const updates = actionsOf(given).some(({ type }) => type === 'update')
  return [
    ...(several ? ['a suggestion for Epic has several actions'] : []),
    ...(updates ? ['Epic gets an update'] : []),
  ]
}

/** GEN-2, GEN-3: nothing is null or empty; what has no value is left out. A caller's own draft comes back as it came. */
function emptyPlaces(value: unknown, path: string): string[] {
  if (value === null || value === '' || value === undefined) return [`${path} is empty`]
  if (typeof value !== 'object') return []
  const parts = Object.entries(value)
  if (parts.length === 0) return [`${path} is empty`]
  const isUpdate = (value as { type?: unknown }).type === 'update'
  return parts.flatMap(([key, part]) =>
    isUpdate && key === 'resource' ? [] : emptyPlaces(part, `${path}/${key}`),
  )
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const contextOf = (request: unknown): Json =>
  isObject(request) && isObject(request.context) ? request.context : {}

function patientId(request: unknown): string | undefined {
  const { patientId: id } = contextOf(request)
  return typeof id === 'string'
    ? id
        .trim()
        .replace(/^(.*\/)?Patient\//, '')
        .replace(/\/.*$/, '')
    : undefined
}

/** Orders of the call by `Type/id`, in whatever the client put them. */
function drafts(request: unknown): ReadonlyMap<string, Json> {
  const { draftOrders } = contextOf(request)
  const entries = Array.isArray(draftOrders) ? draftOrders : isObject(draftOrders) ? draftOrders.entry : []
  const list = Array.isArray(entries) ? entries : [draftOrders]
  const resources = [...list, draftOrders]
    .filter(isObject)
    .map((entry) => (isObject(entry.resource) ? entry.resource : entry))
  return new Map(resources.map((each) => [`${each.resourceType}/${each.id}`, each]))
}
