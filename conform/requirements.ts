/**
 * What is checked, by this project's ids for the demands of CDS Hooks 2.0 (and of 3.0-ballot where a line says so). A number
 * in front (`7a-…`) is the section of the specification page, for demands that have no id of their own there.
 */

/** `advice` is engineering advice that the specification does not give: no service is wrong for it. */
type Level = 'MUST' | 'SHOULD' | 'advice'

export interface Requirement {
  level: Level
  asks: string
}

const must = (asks: string): Requirement => ({ level: 'MUST', asks })
const should = (asks: string): Requirement => ({ level: 'SHOULD', asks })
const advice = (asks: string): Requirement => ({ level: 'advice', asks })

export const requirements = {
  'GEN-1': must('bodies are JSON in both directions'),
  'GEN-2': must('no attribute is null or an empty string'),
  'GEN-3': must('an optional attribute without value is left out: no empty list or object'),
  'GEN-4': must('embedded FHIR resources have their resourceType and what R4 requires of an order'),
  'GEN-6': advice('unknown fields and extensions of a call are ignored'),
  'GEN-7': advice('answers are application/json, and FHIR names of JSON are accepted'),
  'GEN-8': advice('a draft of another FHIR version gives no card and no failure'),

  'DISC-1': must('GET /cds-services answers, also after all that follows here'),
  'DISC-2': must('200 with an object whose services is a list'),
  'DISC-4': must('each service has its hook'),
  'DISC-5': should('each service has a title'),
  'DISC-6': must('each service has a description'),
  'DISC-7': must('each service has an id that can stand in an address'),
  'DISC-8': must('prefetch, where given, is an object of query strings'),
  'DISC-9': must('usageRequirements, where given, is text'),
  'DISC-10': should('version, where given, is a semantic version (3.0-ballot)'),
  'DISC-11': must('hookVersion, where given, is a version (3.0-ballot)'),
  'DISC-13': advice('ids are distinct'),
  'DISC-15': must('a call with a token is answered on discovery too'),
  'DISC-16': must('a template follows those that it depends on (3.0-ballot)'),
  'DISC-17': advice('discovery says how long it may be kept, and by which validator'),
  'EXT-1': must('an extension is an object'),

  'PF-1': must('a template is a FHIR read or a type-level search, relative to the base'),
  'PF-2': must('tokens name what the hook allows as a token'),
  'PF-3': must('tokens are single fields of the context (2.0)'),
  'PF-4': must('user tokens are those of the specification'),
  'PF-5': should('templates keep to the recommended subset of searches'),
  'PF-7': must('a FHIRPath token keeps to what 3.0-ballot allows, in a service that declares version 3'),
  'PF-9': should('an OperationOutcome in place of data is noticed, and fails nothing'),
  'PF-10': must('what prefetch lacks is fetched from the FHIR server'),
  'PF-11': advice('a list with a next page is answered'),
  'PF-12': must('412 when required data is not to be had'),
  'PF-13': should('a 412 has an OperationOutcome that names what is missing (3.0-ballot)'),
  '6b-null': must('null and an empty Bundle are accepted as "nothing found"'),
  'FA-2': must('the token is sent on every FHIR call'),
  'FA-7': advice('a FHIR server that nobody allowed is not called'),

  'REQ-1': advice('400 for a call without hook, hookInstance or context'),
  'REQ-4': should('an answer comes within some 500 ms (median)'),
  'REQ-5': must('the same call again is answered again'),
  'HK-1': must('fields that a later version of the hook adds are ignored'),
  'HK-OS-2': must('an order without details fails nothing'),
  '12-mismatch': advice('400 for another hook than the service answers'),
  '12-bundle': advice('draft orders need no Bundle.type'),
  '13-ids': advice('draft ids of 200 characters are accepted, as Epic sends them'),

  'RSP-1': must('success is 200 with an object that has the list cards'),
  'RSP-2': should('nothing to say is 200 with an empty list'),
  'RSP-3': must('systemActions, where given, is a list'),
  'RSP-4': advice('what is wrong with a request is answered with 4xx, never 5xx and never silence'),
  'RSP-5': should('answers other than 2xx have an OperationOutcome (3.0-ballot)'),
  '7a-summary': must('a card has a summary of fewer than 140 characters'),
  '7a-indicator': must('the indicator is info, warning or critical'),
  '7a-source': must('the source has a label; its addresses are absolute'),
  '7a-detail': must('detail, where given, is text'),
  '7a-uuid': advice('a card has a uuid of its own, in every answer another'),
  '7a-selectionBehavior': must('selectionBehavior stands beside suggestions: at-most-one or any'),
  '7a-overrideReasons': must('an override reason has code, system and display'),
  '7a-topic': must('a topic, where given, has code and system'),
  'SUG-1': must('a suggestion has a label'),
  'SUG-2': advice('a suggestion has a uuid, without which nothing is heard of it'),
  'SUG-3': must('at most one suggestion is recommended where one may be chosen'),
  'SUG-4': must('actions, where given, are a list that is not empty'),
  'SUG-5': must('actionSelectionBehavior stands only before clients known to support it'),
  '7c-type': must('an action is create, update or delete'),
  '7c-description': must('an action has a description'),
  '7c-resource': must('create and update carry the whole resource'),
  '7c-delete': should('delete names the resource by resourceId'),
  'ACT-2': advice('update and delete name an order of draftOrders'),
  'ACT-3': advice('what is created is a draft for the patient of the call'),
  'LNK-1': must('a link has label, url and type'),
  'LNK-2': must('appContext is text, on smart links only'),
  'LNK-4': must('autolaunchable, where given, is true or false'),
  'SEC-14': must('text of the request does not become markup in detail or in links'),

  '11-400': advice('400 for a body that is no JSON'),
  '11-404': advice('404 for a service that is not there'),
  '11-405': advice('404 or 405 for GET on a service'),
  '11-413': advice('a body without end is refused, with 413 at best'),
  '11-415': advice('415 or 400 for a body of another type'),
  '11-deep': advice('a body nested without end is refused or answered, and ends nothing'),

  'SEC-1': must('TLS on all endpoints (an address of this machine tells nothing)'),
  'SEC-2': should('a call without a token is refused with 401'),
  'SEC-3': must('what is no token is refused'),
  'SEC-4': must('a token without a required claim is refused'),
  'SEC-5': must('a token for another address is refused, and one for several is accepted'),
  'SEC-6': must('alg none and symmetric algorithms are refused'),
  'SEC-7': should('keys are not fetched from an address that nobody allowed'),
  'SEC-9': must('an expired token, or one that another key signed, is refused'),
  'SEC-11': advice('a 401 explains nothing'),
  'SEC-12': should('a token that was used is refused'),
  'SEC-13': advice(
    'pages of unknown origin may not read answers; those allowed may ask first without a token',
  ),

  'FB-1': must('feedback, where offered, is heard at …/{id}/feedback'),
  'FB-2': must('accepted with its suggestion, and overridden with its reason, are heard'),
  'FB-3': must('several at once, and the same again, are heard'),
  'FB-4': must('overridden without a reason is heard'),
  'FB-8': advice('feedback about an unknown card is heard; what is no feedback gets a 400'),
} as const satisfies Record<string, Requirement>

export type RequirementId = keyof typeof requirements
