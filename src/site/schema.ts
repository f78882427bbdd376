/** What a hospital sets, every key with its default. */
import { z } from 'zod'
import { ruleCode, slug } from '../grammar.ts'
import { callersSchema, hooksVersions } from './callers.ts'
import { coverageSchema } from './coverage.ts'
import { fhirSchema, limitsSchema, metricsSchema, originsSchema } from './limits.ts'
import { orderOutcomesSchema, qualitySchema } from './quality.ts'
import { smartSchema } from './smart.ts'

const silentList = (names: string) =>
  z
    .array(
      z.strictObject({
        name: z.string().min(1),
        'speaks-from': z.iso.date().optional(),
      }),
    )
    .default([])
    .describe(`${names}, each perhaps with the day from which cards are shown (speaks-from).`)

export const siteFile = z.strictObject({
  name: z
    .string()
    .default('This site')
    .describe('What the site is called, on the first page of the pathway and on the integration sheet.'),
  state: z
    .enum(['WA'])
    .optional()
    .describe(
      "State whose own rules on opioids the cards name: `WA`, Washington, is the only one encoded. Without it no card names a state's rule.",
    ),
  'time-zone': z
    .string()
    .default('America/Los_Angeles')
    .describe('IANA time zone in which "today" is counted.'),
  callers: callersSchema
    .optional()
    .describe(
      'Which EHRs may call. Without it nobody is verified, and the service listens on this machine only.',
    ),
  clients: z
    .strictObject({
      profile: z
        .enum(['detect', 'standard', 'epic'])
        .default('detect')
        .describe(
          "Shape of the answers. `detect` uses `epic` for calls that carry Epic's own extension, `standard` otherwise.",
        ),
      'cds-hooks': z
        .enum(hooksVersions)
        .default('2.0')
        .describe(
          'Newest version of CDS Hooks that clients speak. With `3.0`, a ballot, who calls at `/3.0/cds-services` is answered by it; with `2.0` only who declares it by `hookVersion` in the call. Nothing else changes.',
        ),
      'order-codes': z
        .record(
          slug,
          z.strictObject({
            system: z.string().describe('Code system, as the EHR names it.'),
            code: z.string().describe('Code that the EHR knows for the order.'),
            display: z.string().optional().describe('What the EHR calls it.'),
          }),
        )
        .default({})
        .describe(
          'By the key of the order in cards/orders.yaml: the code that the EHR knows for what a suggestion creates, such as an Epic preference-list item.',
        ),
    })
    .prefault({})
    .describe('How answers are shaped for the EHR.'),
  'local-codes': z
    .array(
      z.strictObject({
        system: z.string().describe("System of the hospital's own code."),
        code: z.string().describe("The hospital's own code."),
        means: z
          .strictObject({
            system: z.string().describe('System of the standard code.'),
            code: z.string().describe('The standard code, as it stands in pathway/codes.'),
          })
          .describe('The standard code that it stands for.'),
      }),
    )
    .default([])
    .describe("The hospital's own order codes, each with the standard code that it stands for."),
  'encounter-classes': z
    .array(
      z.strictObject({
        system: z.string().optional().describe('System of the class, where the code alone is not enough.'),
        code: z.string().describe("The hospital's own class of visit."),
        means: z.enum(['inpatient', 'outpatient']).describe('What it stands for.'),
      }),
    )
    .default([])
    .describe("The hospital's own classes of visits, where they are not those of HL7."),
  payers: z
    .strictObject({
      'prior-authorization': z
        .array(z.string().min(2))
        .default([])
        .describe('Names, as they stand in Coverage, of payers that ask before lumbar imaging.'),
      'washington-medicaid': z
        .array(z.string().min(2))
        .default([])
        .describe('Names, as they stand in Coverage, of payers whose first fill of an opioid is limited.'),
    })
    .default({ 'prior-authorization': [], 'washington-medicaid': [] })
    .describe('Payers whose rules a card should name.'),
  parameters: z
    .record(slug, z.number())
    .default({})
    .describe("The site's own value of a number of pathway.yaml, by its name and within its bounds."),
  rules: z
    .strictObject({
      silent: z
        .array(ruleCode)
        .default([])
        .describe('Codes of rules that are judged and recorded, and not shown: for a trial run.'),
      'speaks-from': z
        .record(ruleCode, z.iso.date())
        .default({})
        .describe(
          'By code of a rule: the day from which it is shown, as 2026-12-01. Before, it is judged and recorded.',
        ),
      off: z.array(ruleCode).default([]).describe('Codes of rules that are not judged at all.'),
    })
    .default({ silent: [], 'speaks-from': {}, off: [] })
    .describe('Rules that the site runs otherwise than the pathway says.'),
  departments: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1))
    .default({})
    .describe(
      "Departments by the site's own name, each with what the visit says where it takes place: reference (`Location/12`), identifier or display of a location or of the organization that serves.",
    ),
  silent: z
    .strictObject({
      callers: silentList('issuers, as `iss` of `callers`'),
      departments: silentList('names of `departments`'),
    })
    .default({ callers: [], departments: [] })
    .describe(
      'Callers and departments in a trial run: calls are judged and recorded, and no card is shown, not even an urgent one.',
    ),
  'alert-burden': z
    .strictObject({
      'overridden-days': z
        .int()
        .min(0)
        .max(365)
        .default(28)
        .describe(
          'Days in which a card that was overridden is not shown again for the same patient, unless what it found has changed. Emergencies are always shown. 0 shows all again.',
        ),
      'cards-per-clinician-day': z
        .int()
        .min(0)
        .max(1000)
        .default(0)
        .describe(
          'Cards of `warning` that one clinician is shown in one day; what comes after is recorded and not shown. Emergencies are always shown. 0 is no limit.',
        ),
    })
    .prefault({})
    .describe('How much clinicians are asked to read.'),
  ledger: z
    .strictObject({
      'evaluation-days': z
        .int()
        .min(1)
        .max(3660)
        .default(1096)
        .describe('Days for which it is kept what was judged and shown.'),
      'feedback-days': z.int().min(1).max(3660).default(1096).describe('Days for which feedback is kept.'),
      'comment-days': z
        .int()
        .min(0)
        .max(3660)
        .default(90)
        .describe('Days for which free text of feedback is kept, sealed. 0 keeps none.'),
      strata: z
        .strictObject({
          'age-bands': z
            .array(z.int().min(1).max(120))
            .default([])
            .describe('Ages at which a group begins, rising, such as 18, 40, 65, 80. None keeps no age.'),
          sex: z.boolean().default(false).describe('Keep the administrative gender.'),
          language: z.boolean().default(false).describe('Keep the preferred language.'),
          race: z.boolean().default(false).describe('Keep the race category of US Core.'),
          ethnicity: z.boolean().default(false).describe('Keep the ethnicity category of US Core.'),
          payers: z
            .record(slug, z.array(z.string().min(2)).min(1))
            .default({})
            .describe('Groups of payers, each with the names by which Coverage names them.'),
        })
        .prefault({})
        .describe(
          'Coarse groups that are kept of a patient, to ask whether all are served alike. None by default.',
        ),
      'order-outcomes': orderOutcomesSchema
        .default([])
        .describe(
          'FHIR servers that are asked, a day after an order was drafted, what became of it. Until then, and for two days at most, ids of patient and order are kept, sealed. None by default.',
        ),
    })
    .prefault({})
    .describe(
      'What was judged, shown and answered: how long it is kept, and in which groups it may be counted.',
    ),
  'checklist-hours': z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe(
      'Hours for which a clinician’s answers to the red-flag checklist count for the same patient and visit.',
    ),
  'why-hours': z
    .int()
    .min(0)
    .max(72)
    .default(24)
    .describe(
      'Hours for which what a card rests on is kept for the page that says why, sealed in the ledger; 0 keeps nothing.',
    ),
  'quiet-period-days': z
    .int()
    .min(0)
    .max(365)
    .default(28)
    .describe('Days in which an opened chart is not told the same thing again.'),
  directory: z
    .array(
      z.strictObject({
        for: slug.describe('Key of the order in cards/orders.yaml, such as physical-therapy.'),
        name: z.string().min(2).describe('What the place is called.'),
        phone: z.string().optional().describe('Its telephone number, for the card.'),
        reference: z
          .string()
          .regex(/^(Organization|HealthcareService|Location)\/[A-Za-z0-9.-]+$/)
          .optional()
          .describe('Its FHIR resource, which becomes the performer of the drafted referral.'),
      }),
    )
    .default([])
    .describe('Where referrals go.'),
  coverage: coverageSchema
    .prefault({})
    .describe(
      'Payer mode, off by default: orders that are signed are answered with what the payer says of them (Da Vinci CRD coverage-information).',
    ),
  programmes: z
    .array(
      z.strictObject({
        name: z.string().min(2).describe('What the programme is called.'),
        url: z.url().describe('Its page, which the card links to.'),
        payers: z
          .array(z.string().min(2))
          .optional()
          .describe('Names of payers whose members may use it; everybody when left out.'),
      }),
    )
    .default([])
    .describe('Self-management programmes that plans and employers offer.'),
  handouts: z
    .strictObject({
      'public-url': z
        .url()
        .regex(/^https?:/, 'is not an address such as https://lumbar.example.org')
        .optional()
        .describe(
          'Where patients reach the public pages. It stands on prints, as words and as QR code; without it, `callers.public-url`; without both, prints name no address.',
        ),
      'clinic-phone': z.string().min(3).optional().describe('Telephone number that patients call.'),
      'interpreter-phone': z
        .string()
        .min(3)
        .optional()
        .describe('Telephone number of the interpreters, on every page that is not in English.'),
    })
    .default({})
    .describe('What the pages for patients say about the site.'),
  fhir: fhirSchema.prefault({}).describe("How the EHR's FHIR server is read for what prefetch left out."),
  smart: smartSchema.optional(),
  quality: qualitySchema.optional(),
  'browser-origins': originsSchema
    .default([])
    .describe('Origins of pages that may call from a browser, such as https://ehr.example.org (SEC-13).'),
  hsts: z
    .enum(['off', 'host', 'domain'])
    .default('off')
    .describe(
      'Tells browsers to use https only, for a year: `host` for the name under which the service is reached, `domain` for every name below it too, which may be the whole hospital. Often the proxy in front says it.',
    ),
  limits: limitsSchema.prefault({}).describe('How much load is taken on, and how slow a sender may be.'),
  metrics: metricsSchema.prefault({}).describe('Figures for Prometheus.'),
})
export type Site = z.infer<typeof siteFile>
