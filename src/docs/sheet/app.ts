/** The SMART app and feedback as an EHR is told of them. */
import { withoutClosingSlashes } from '../../bounds.ts'
import { services } from '../../hooks/services.ts'
import type { Content } from '../../pathway/content.ts'
import { typesRead } from '../../site/order-outcomes.ts'
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
    `Without a launch, for health plans and employers: \`${base}/handouts/share\` (Spanish: \`/es\` behind it) has the newsletter text and the infographic. It is public and holds no patient.`,
  ]
}

/** Where the site asks FHIR servers by itself; nothing where it does not. */
export function orderOutcomes(content: Content): string[] {
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

export function feedback(content: Content): string[] {
  const base = baseOf({ content })
  return [
    '## Feedback',
    bulletList(services.map(({ id }) => `\`POST ${base}/cds-services/${id}/feedback\``)),
    'As CDS Hooks says: `feedback` is a list of entries with `card` (the uuid of the card), `outcome` (`accepted` or `overridden`), `outcomeTimestamp`; with `acceptedSuggestions` (uuids) or `overrideReason` (one of the codes above, and `userComment`).',
    'It needs the same token as the call, with this address as its `aud`. A card that was overridden stays away for this patient and finding; where no feedback comes, it returns more quietly.',
  ]
}
