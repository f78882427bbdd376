/** What differs between EHRs (specification, section 13), and what is done about it. */

import type { Discovery } from '../../hooks/discovery.ts'
import type { Content } from '../../pathway/content.ts'
import { bulletList } from '../markdown.ts'
import type { GoLive } from './script.ts'

export const clientProfiles = ['standard', 'epic'] as const
export type ClientProfile = (typeof clientProfiles)[number]

export interface Sheet {
  content: Content
  /** What the service publishes, which some EHRs never ask for. */
  discovery: Discovery
  /** FHIR resource types that a fact reads. */
  reads: (fact: string) => ReadonlySet<string>
  /** What is tried and ticked off at the end. */
  goLive: GoLive
  /** Without one, what differs between clients is told for all of them. */
  profile?: ClientProfile | undefined
}

export function profiles({ content, profile }: Sheet): string[] {
  const set = content.site.clients.profile
  const how =
    set === 'detect'
      ? "`clients.profile` is `detect`: calls that carry Epic's extension are answered in Epic's shape, all others in the standard's."
      : `\`clients.profile\` is \`${set}\`: every call is answered in that shape, unless its issuer has another.`
  return [
    '## Shape of answers',
    how,
    ...(profile === 'epic' ? [] : ['### Standard', bulletList(standard)]),
    ...(profile === 'standard' ? [] : ['### Epic', bulletList(epic)]),
  ]
}

const standard = [
  '`selectionBehavior` is `any`; the actions of one suggestion belong together.',
  'Suggestions create, update and delete. An update carries the complete draft with one change; a delete names it by `resourceId`. Only drafts of the call are named.',
  'Created orders have `status` draft and `intent` proposal.',
  '`detail` is GitHub Flavored Markdown without HTML; links in it are repeated in `links`. It says enough to act by hand where suggestions are not supported.',
  'Every card and suggestion has a new `uuid` in each answer. There are no system actions.',
]

const epic = [
  'Discovery is not read: type in services, keys and queries from this sheet.',
  'Register each address on the client id exactly as above. At any other address the hook fires without its data.',
  'Add the scopes “(Unsigned Order)” for MedicationRequest and ServiceRequest to the client id: without them `draftOrders` does not come.',
  'Switch JWT authentication on. `iss`, `sub` and `aud` are typed by hand: what is typed as `aud` must be an address above, or be listed under `audiences`. The algorithm is RS384 unless set otherwise.',
  'Each suggestion has one action. Its visible text is `action.description`; `isRecommended` ticks it beforehand.',
  'Suggestions create orders and delete unsigned ones; there are no updates: a draft that becomes urgent is drafted again with its own code, and the old one is removed. Details of a created order come from the preference list, so map every key of “What suggestions draft” to a preference-list item (`urn:com.epic.cdshooks.action.code.system.preference-list-item`).',
  'Map indicators, topics and override reasons in the build. A user’s acknowledgment suppresses by the topic code.',
  'Links are shown only when the hospital allows them: allow the addresses in `card.links`.',
  'Medicines of drafts may come as further entries of `draftOrders`; ids longer than 64 characters are accepted.',
  '`patient-view` is used for other triggers too, such as entering an allergy.',
]
