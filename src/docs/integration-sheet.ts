/** The sheet by which hospital analysts set the service up in their EHR: everything to type in, map and register. */
import { withoutClosingSlashes } from '../bounds.ts'
import { topicSystem } from '../cards/render.ts'
import { failures } from '../errors.ts'
import { services } from '../hooks/services.ts'
import { loggedFields } from '../http/log.ts'
import { figures } from '../metrics.ts'
import type { Content } from '../pathway/content.ts'
import { typesRead } from '../site/quality.ts'
import {
  addresses,
  baseOf,
  type GoLive,
  prefetchQueries,
  profiles,
  type Sheet,
  scopes,
  trust,
} from './integration-access.ts'
import { bulletList, cell, page, spaced, table } from './markdown.ts'

// The SMART app and feedback as an EHR is told of them.

function smartApp(content: Content): string[] {
  const { smart } = content.site
  const base = (smart && withoutClosingSlashes(smart['public-url'])) ?? baseOf({ content })
  const rows = [
    ['Launch URL', `\`${base}/smart/launch\``],
    [
      'Redirect URL',
      `\`${base}/smart/callback\`; with \`callback: main\` in site.yaml \`${base}/smart/callback/main\``,
    ],
    ['JWKS URL, for an asymmetric client', `\`${base}/smart/jwks.json\``],
    ['PKCE', '`S256`, always'],
    [
      'Launch scopes',
      '`launch openid fhirUser`, and of the patient what stands under scopes above, with `Coverage`',
    ],
    [
      'What may be written',
      '`DocumentReference`, `Communication` or `Procedure` for the handout; `QuestionnaireResponse` or `Observation` for the checklist',
    ],
    ['Frame', 'the origins of the EHR under `frame-ancestors`'],
  ]
  return [
    '## SMART app',
    ...(smart ? [] : ['`smart` is not set in site.yaml: cards have no links to the app yet.']),
    'Cards link to it with type `smart` and an opaque `appContext`, which the EHR hands on at the launch.',
    table(['the EHR asks for', 'value'], rows),
    ...(smart
      ? [
          bulletList(
            smart.ehrs.map(({ iss, client }) => `Registered: \`${iss}\`, client id \`${client.id}\`.`),
          ),
        ]
      : []),
    `Without a launch, for health plans and employers: \`${base}/handouts/share\` (Spanish: \`/es\` behind it) has the newsletter text and the infographic. It is public and holds no patient.`,
  ]
}

/** Where the site asks FHIR servers by itself; nothing where it does not. */
function orderOutcomes(content: Content): string[] {
  const { ledger, smart } = content.site
  const followed = ledger['order-outcomes']
  if (followed.length === 0) return []
  const base = (smart && withoutClosingSlashes(smart['public-url'])) ?? baseOf({ content })
  const scopes = typesRead.map((type) => [type, `\`system/${type}.read\``, `\`system/${type}.rs\``])
  return [
    '## What became of orders',
    'A day after an order was drafted Lumbar asks the FHIR server what became of it, as a backend service (SMART Backend Services) with nobody signed in. Register it with `private_key_jwt`, ES384 or RS384.',
    bulletList([
      ...followed.map((each) => `\`${each['fhir-server']}\`, client id \`${each['client-id']}\``),
      `JWKS URL \`${base}/smart/jwks.json\``,
      'grant type `client_credentials`',
      'searches by `patient`, and by `authored` (ServiceRequest) and `authoredon` (MedicationRequest) where there are such',
    ]),
    table(['resource', 'SMART v1', 'SMART v2'], scopes),
  ]
}

function feedback(content: Content): string[] {
  const base = baseOf({ content })
  return [
    '## Feedback',
    bulletList(services.map(({ id }) => `\`POST ${base}/cds-services/${id}/feedback\``)),
    'As CDS Hooks says: `feedback` is a list of entries with `card` (the uuid of the card), `outcome` (`accepted` or `overridden`), `outcomeTimestamp`; with `acceptedSuggestions` (uuids) or `overrideReason` (one of the codes above, and `userComment`).',
    'It needs the same token as the call, with this address as its `aud`. A card that was overridden stays away for this patient and finding; where no feedback comes, it returns more quietly.',
  ]
}

// Codes to know or to map: what a card is about, why it is overridden, what a click drafts.

/** BEST-6: EHRs count and suppress by the topic, so these codes do not change. */
function topicCodes({ rules, site }: Content): string[] {
  const silent = new Set(site.rules.silent)
  const rows = rules
    .filter((rule) => rule.role === 'headline')
    .map((rule) => [
      rule.code,
      cell(rule.title),
      rule.indicator,
      rule.on.join(', '),
      silent.has(rule.code) ? 'silent' : 'shown',
    ])
  return [
    '## Topics of cards',
    `\`card.source.topic\`, system \`${topicSystem}\`. A card may be shown with a stronger indicator when another rule on it asks for that.`,
    table(['code', 'what it says', 'indicator', 'about', 'here'], rows),
  ]
}

function overrideReasons({ overrideReasons: { system, reasons, families } }: Content): string[] {
  const rows = Object.entries(reasons).map(([code, reason]) => [
    `\`${code}\``,
    cell(reason.display),
    families
      .filter((family) => family.reasons.includes(code))
      .map(({ family }) => spaced(family))
      .join(', '),
    reason['guideline-supported'] ? 'yes' : 'no',
  ])
  return [
    '## Override reasons',
    `\`card.overrideReasons\`, system \`${system}\`. Map each to a reason of the EHR. A card brings at most five.`,
    table(['code', 'display', 'on cards about', 'supported by a guideline'], rows),
  ]
}

function suggestionCodes({ suggestions: { orders }, site }: Content): string[] {
  const local = site.clients['order-codes']
  const rows = Object.entries(orders).map(([key, { resource, text, code }]) => [
    `\`${key}\``,
    resource,
    cell(text),
    code ? `\`${code.code}\` ${cell(code.display)} (\`${code.system}\`)` : 'none: text only',
    local[key] ? `\`${local[key].code}\` (\`${local[key].system}\`)` : 'to be mapped',
  ])
  return [
    '## What suggestions draft',
    "Put the site's own code for each into `clients.order-codes` of site.yaml, under the key; it then stands before ours.",
    table(['key', 'resource', 'text', 'our code', "the site's code"], rows),
  ]
}

// What analysts try before they go live, and what they tick off: `pathway/go-live.yaml` as the last pages of the
// sheet.

function testScript(content: Content, { 'test-script': steps }: GoLive): string[] {
  const base = baseOf({ content })
  const rows = steps.map(({ do: what, expect, cards }, at) => [
    String(at + 1),
    cell(what.replaceAll('{base}', base)),
    cell(expect),
    cards.flatMap((code) => restsOn(code, content)).join('; '),
  ])
  return [
    '## Test script',
    'With invented patients, in the test environment.',
    table(['step', 'do', 'expect', 'rests on'], rows),
  ]
}

/** "IM01: ACR Appropriateness Criteria, Low Back Pain (2021)" */
function restsOn(code: string, { rules, sources }: Content): string[] {
  const rule = rules.find((each) => each.code === code)
  if (!rule) return []
  const labels = rule.cites.flatMap((id) => sources[id]?.label ?? [])
  return [`${code}: ${cell(labels.join(', '))}`]
}

function beforeGoingLive({ site }: Content, { 'before-going-live': list }: GoLive): string[] {
  const isSet = {
    callers: site.callers !== undefined,
    smart: site.smart !== undefined,
    'clinic-phone': site.handouts['clinic-phone'] !== undefined,
    directory: site.directory.length > 0,
  }
  const ticked = list.map(({ what, 'done-by': setting }) =>
    setting !== undefined && isSet[setting] ? `[x] ${what}` : `[ ] ${what}`,
  )
  return ['## Before going live', bulletList(ticked)]
}

// Limits and times, what a refusal means, and what operators can see.

function limits({ site }: Content): string[] {
  const { limits: set, fhir } = site
  const none = (value: number, text: string) => (value === 0 ? 'none' : text)
  const rows = [
    ['Body of a call', `${set['body-bytes']} bytes`],
    ['Calls of one caller', none(set['calls-per-minute'], `${set['calls-per-minute']} in a minute`)],
    [
      'Drafted orders that are judged',
      `${set['drafts-judged']} of one call; a card says where there are more`,
    ],
    ['Reading from the FHIR server, all reads of a call', `${fhir['deadline-ms']} ms`],
    ['Arrival of a request', `head ${set['headers-ms']} ms, whole ${set['request-ms']} ms`],
    ['Silence in the middle of a request', `${set['idle-ms']} ms`],
    ['Connections kept open between calls', `${set['keep-alive-ms']} ms`],
    ['Time-out to set in the EHR', 'at least 1000 ms; answers are meant to take less than 500 ms'],
  ]
  return ['## Limits and times', table(['what', 'limit'], rows)]
}

function refusals(): string[] {
  const rows = Object.entries(failures).map(([code, { status, issue }]) => [
    `\`${code}\``,
    String(status),
    issue,
  ])
  return [
    '## Refusals',
    'Every refusal but 401 is an OperationOutcome whose `issue.details` has one of these codes, and a sentence that says what to mend. After 429 and 503 `Retry-After` says when to come again.',
    table(['code', 'status', 'issue type'], rows),
  ]
}

function figuresAndLog(): string[] {
  const metrics = Object.values(figures).map(({ name, labelNames, help }) => [
    `\`${name}\``,
    labelNames.join(', '),
    cell(help),
  ])
  const fields = Object.entries(loggedFields).map(([field, says]) => [`\`${field}\``, cell(says)])
  return [
    '## Log',
    'One line of JSON a call. No other field is ever written: no name, no id of a patient or an order, no free text, no token.',
    table(['field', 'what it says'], fields),
    '## Metrics',
    'For Prometheus, beside the usual ones of the process. No label holds anything of a patient.',
    table(['name', 'labels', 'what it counts'], metrics),
  ]
}

export function integrationSheet(sheet: Sheet): string {
  const { content, goLive } = sheet
  const { pathway, site } = content
  return page(
    `# Integration sheet: ${pathway.title}, for ${site.name}`,
    `<!-- Generated by \`npm run integration-sheet\` from the content and site.yaml. Do not edit. -->`,
    `Pathway ${pathway.id}, version ${pathway.version}. CDS Hooks 2.0, FHIR R4.`,
    ...addresses(sheet),
    ...prefetchQueries(sheet),
    ...scopes(sheet),
    ...trust(content),
    ...topicCodes(content),
    ...overrideReasons(content),
    ...suggestionCodes(content),
    ...profiles(sheet),
    ...smartApp(content),
    ...feedback(content),
    ...orderOutcomes(content),
    ...limits(content),
    ...refusals(),
    ...figuresAndLog(),
    ...testScript(content, goLive),
    ...beforeGoingLive(content, goLive),
  )
}
