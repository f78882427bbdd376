/** One-click offers as CDS Hooks suggestions, in the shape that the client can use (SUG, ACT). */
import type { FhirResource } from 'fhir/r4.js'
import type { PlannedSuggestion } from '../decide/offers.ts'
import type { Content } from '../pathway/content.ts'
import type { Indicator, Suggestions } from '../pathway/schema.ts'
import { plainText } from './escape.ts'
import { compileTemplates } from './sentences.ts'

/** Offers on a card: more are not read. */
const most = 3

export type Profile = 'standard' | 'epic'

export interface Action {
  type: 'create' | 'update' | 'delete'
  description: string
  resource?: FhirResource
  resourceId?: string
}

export interface Suggestion {
  label: string
  uuid: string
  isRecommended?: true
  /** Only in answers by CDS Hooks 3.0. */
  actionSelectionBehavior?: 'any'
  actions: Action[]
}

/** What render needs to know of an order, read by others. */
export interface OrderShown {
  name: string
  /** `ServiceRequest/abc`; undefined for a draft without id, which no action can name. */
  reference: string | undefined
  resource: FhirResource
}

/** Whom and what the created orders are for. */
export interface Encounterless {
  patientId: string
  encounterId: string | undefined
  userId: string | undefined
  /** Payers' names, lower case, as far as they came. */
  payers: readonly string[]
  /** The back-pain reason, as reference or code of our own value sets. */
  reason: OrderReason | undefined
  /** Drafted orders that were not looked at, because there were too many. */
  passedOver: number
  /** The day, where drafts must say it: profiles of payers ask for it. */
  authoredOn?: string | undefined
}

interface OrderReason {
  reference?: string | undefined
  coding?: Named | undefined
}

interface Named {
  system: string
  code: string
  display: string
}

type Written = Suggestions['suggestions'][string]['actions'][number]
type Change = Extract<Written, { update: unknown }>['update']

export function compileSuggestions(content: Content, profile: Profile, newId: () => string) {
  const { suggestions, orders } = content.suggestions
  const say = compileTemplates(content.phrases.phrases)
  const creations = new Map<string, (about: Encounterless) => FhirResource>()

  function creation(key: string) {
    const known = creations.get(key) ?? compileCreation(key)
    creations.set(key, known)
    return known
  }

  return (
    planned: readonly PlannedSuggestion[],
    shown: readonly OrderShown[],
    about: Encounterless,
    indicator: Indicator,
  ): Suggestion[] => {
    const full = planned.flatMap((plan) => {
      const suggestion = suggestions[plan.key]
      if (!suggestion) return []
      const actions = suggestion.actions.flatMap((action) =>
        actionsFor(
          action,
          plan.orders.flatMap((at) => shown[at] ?? []),
          about,
        ),
      )
      if (actions.length === 0 || actions.length < suggestion.actions.length) return []
      return [{ label: suggestion.label, recommended: plan.recommended, actions }]
    })
    const offered = (profile === 'epic' ? oneActionEach(full) : full).slice(0, most)
    const best = bestOf(offered, indicator)
    return offered.map(({ label, actions }, at) => ({
      label,
      uuid: newId(),
      ...(at === best ? { isRecommended: true as const } : {}),
      actions,
    }))
  }

  function actionsFor(action: Written, drafts: readonly OrderShown[], about: Encounterless): Action[] {
    if ('create' in action) {
      const resource = creation(action.create)(about)
      return [{ type: 'create', description: withPlaces(action), resource }]
    }
    const named = drafts.filter((draft) => draft.reference !== undefined)
    if ('delete' in action) {
      return named.map(({ reference, name }) => ({
        type: 'delete',
        description: say['remove-named']({ action: action.description, order: plainText(name) }),
        resourceId: reference ?? '',
      }))
    }
    // Epic takes no updates in suggestions: the changed draft is a new one, and the old one goes.
    if (profile === 'epic') return named.flatMap((draft) => redrafted(draft, action.update))
    return named.map(({ resource }) => ({
      type: 'update',
      description: action.description,
      // The complete draft as it came, with the one change that is meant (ACT-2).
      resource: { ...resource, ...action.update } as FhirResource,
    }))
  }

  function redrafted({ reference = '', resource, name }: OrderShown, change: Change): Action[] {
    const order = plainText(name)
    const { id: _, meta: __, ...rest } = resource
    return [
      {
        type: 'create',
        description: say['draft-changed']({ order, change: Object.values(change).join(', ') }),
        resource: { ...rest, ...change } as FhirResource,
      },
      { type: 'delete', description: say['remove-unchanged']({ order }), resourceId: reference },
    ]
  }

  /** Where a referral goes, as the site's directory has it. */
  function withPlaces({ create, description }: Extract<Written, { create: string }>): string {
    const places = content.site.directory
      .filter((place) => place.for === create)
      .map(({ name, phone }) => plainText(phone ? `${name}, ${phone}` : name))
    return places.length > 0 ? say.where({ action: description, list: places.join('; ') }) : description
  }

  /** Epic knows some code systems by another name. */
  function spelled(coding: Named): Named {
    return profile === 'epic' ? { ...coding, system: content.codes.epicSystem(coding.system) } : coding
  }

  /** The site's own places for this referral. */
  function performersOf(key: string) {
    const places = content.site.directory.filter((place) => place.for === key && place.reference)
    return places.length > 0
      ? { performer: places.map(({ name, reference }) => ({ reference, display: name })) }
      : {}
  }

  /** What an order to be created holds whoever it is for; the rest comes with the call. */
  function compileCreation(key: string): (about: Encounterless) => FhirResource {
    const order = orders[key]
    const local = content.site.clients['order-codes'][key]
    const codings = [
      local,
      order?.code &&
        spelled({ system: order.code.system, code: order.code.code, display: order.code.display }),
    ]
    const code = codings.flatMap((coding) => (coding ? [{ ...coding }] : []))
    const concept = { ...(code.length > 0 ? { coding: code } : {}), text: order?.text ?? key }
    const intent = profile === 'epic' ? 'order' : 'proposal'
    if (order?.resource === 'MedicationRequest') {
      return (about) => {
        const draft = draftFor(about)
        return {
          resourceType: 'MedicationRequest',
          // Nobody orders a medicine without an orderer (US Core): then it is proposed.
          intent: 'requester' in draft ? intent : 'proposal',
          medicationCodeableConcept: concept,
          ...draft,
        } as FhirResource
      }
    }
    const priority = order?.priority ? { priority: order.priority } : {}
    const service = { resourceType: 'ServiceRequest', intent, ...priority, code: concept }
    const performers = performersOf(key)
    return (about) =>
      ({
        ...service,
        ...draftFor(about),
        ...performers,
        ...reasonOf(about.reason, spelled),
      }) as FhirResource
  }
}

/** Whom a draft is for, and where it is made. */
const draftFor = ({ patientId, encounterId, userId, authoredOn }: Encounterless) => ({
  status: 'draft',
  ...(authoredOn === undefined ? {} : { authoredOn }),
  subject: { reference: `Patient/${patientId}` },
  ...(encounterId ? { encounter: { reference: `Encounter/${encounterId}` } } : {}),
  ...requester(userId),
})

/** The one that a clinician is advised to take: always one on a card that warns. */
function bestOf(offered: readonly Full[], indicator: Indicator): number {
  const recommended = offered.findIndex((each) => each.recommended)
  return recommended < 0 && indicator !== 'info' ? 0 : recommended
}

interface Full {
  label: string
  recommended: boolean
  actions: Action[]
}

/** Each action as an offer of its own, labelled by what it does, no action twice (specification, section 13, Epic). */
function oneActionEach(full: readonly Full[]): Full[] {
  const seen = new Set<string>()
  const single = full.flatMap(({ label, recommended, actions }) =>
    actions.flatMap((action) => {
      const same = action.resourceId ?? `${action.type} ${action.description}`
      if (seen.has(same)) return []
      seen.add(same)
      return [
        {
          label: actions.length > 1 ? action.description.slice(0, 80) : label,
          // What was one recommendation is ticked whole.
          recommended,
          actions: [action],
        },
      ]
    }),
  )
  return single
}

const requester = (userId: string | undefined) =>
  userId && /^Practitioner(Role)?\/[^/\s]+$/.test(userId) ? { requester: { reference: userId } } : {}

function reasonOf(reason: OrderReason | undefined, spelled: (coding: Named) => Named) {
  if (reason?.reference) return { reasonReference: [{ reference: reason.reference }] }
  return reason?.coding ? { reasonCode: [{ coding: [spelled(reason.coding)] }] } : {}
}
