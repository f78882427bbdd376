/** The SMART app and feedback as an EHR is told of them, what analysts try before they go live, and what they tick off. */
import { withoutClosingSlashes } from '../../bounds.ts'
import type { Content } from '../../content/content.ts'
import { services } from '../../hooks/services.ts'
import { bulletList, table } from '../markdown.ts'
import { baseOf } from './access.ts'

export function smartApp(content: Content): string[] {
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
  ]
}

export function feedback(content: Content): string[] {
  const base = baseOf({ content })
  return [
    '## Feedback',
    bulletList(services.map(({ id }) => `\`POST ${base}/cds-services/${id}/feedback\``)),
    'As CDS Hooks says: `feedback` is a list of entries with `card` (the uuid of the card), `outcome` (`accepted` or `overridden`), `outcomeTimestamp`; with `acceptedSuggestions` (uuids) or `overrideReason` (one of the codes above, and `userComment`).',
    'It needs the same token as the call, with this address as its `aud`. A card that was overridden stays away for this patient and finding; where no feedback comes, it returns more quietly.',
  ]
}

export function testScript(content: Content): string[] {
  const base = baseOf({ content })
  const rows = [
    ['1', `Open \`${base}/cds-services\``, 'the three services, with the queries above'],
    [
      '2',
      'Adult, back pain of the last weeks and no other problem: draft a lumbar MRI',
      'a card: imaging is unlikely to help now; the first button drafts physical therapy',
    ],
    ['3', 'Press the first button', 'the scan is gone, a referral stands in its place, nothing is signed'],
    [
      '4',
      'Draft the scan again, override it with a reason, sign',
      'the reason is sent as feedback; the card does not return at signing',
    ],
    [
      '5',
      'The same chart with an active cauda equina syndrome',
      'the emergency card, on an opened chart too; no card says that imaging can wait',
    ],
    ['6', 'Adult with a history of cancer: draft a lumbar MRI', 'no card says that imaging can wait'],
    ['7', 'Draft an oxycodone for back pain', 'the card on opioids'],
    [
      '8',
      'Follow the card to the app',
      'the app opens on this patient; the handout prints, and is saved once',
    ],
    ['9', 'Answer the checklist, and draft the order again', 'the next card has heard the answer'],
    [
      '10',
      'Take one scope away, and repeat 2',
      'a card says what could not be checked, and advises neither way',
    ],
    ['11', 'Stop the service, and draft an order', 'the EHR goes on without a card'],
    ['12', 'Call with a token of another issuer', '401, and the reason in the log'],
  ]
  return [
    '## Test script',
    'With invented patients, in the test environment.',
    table(['step', 'do', 'expect'], rows),
  ]
}

export function goLive({ site }: Content): string[] {
  const open = (done: boolean, text: string) => `[${done ? 'x' : ' '}] ${text}`
  return [
    '## Before going live',
    bulletList([
      open(
        false,
        'Clinicians of the hospital have reviewed the pathway and its open questions, and signed it.',
      ),
      open(false, 'Clinicians and translators have reviewed the pages for patients.'),
      open(site.callers !== undefined, 'Trusted callers are set (`callers`), with the public address.'),
      open(site.smart !== undefined, 'The SMART app is registered (`smart`), with the least scopes.'),
      open(
        site.handouts['clinic-phone'] !== undefined,
        'The telephone of the clinic stands on handouts (`handouts.clinic-phone`).',
      ),
      open(site.directory.length > 0, 'Referrals are named (`directory`).'),
      open(
        false,
        'Codes of orders, medicines and encounters of the hospital are mapped; each suggestion is matched to an order of the EHR.',
      ),
      open(false, 'Every step of the test script was done, and by whom is written down.'),
      open(false, 'The service ran silently on real calls (`rules.silent`), and clinicians judged a sample.'),
      open(false, 'Override reasons are mapped, and feedback arrives.'),
      open(false, 'The time-out is set; the EHR was seen to go on without the service.'),
      open(
        false,
        'Logs, metrics and alarms are watched; somebody is named who is called, and who may switch it off.',
      ),
      open(false, 'The licences of the terminologies are in order (NOTICE).'),
    ]),
  ]
}
