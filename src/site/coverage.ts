/**
 * What a payer says of an order, as a site writes it down: Da Vinci CRD `coverage-information`. Which plan asks for what is
 * the payer's, and stands in its own policy: nothing of it is in the pathway.
 */
import { z } from 'zod'
import { orderKinds, parameterRef, ruleCode, sentence, when } from '../grammar.ts'

/** Versions of Da Vinci CRD whose extension is written. */
export const crdVersions = ['2.0.1', '2.2.1'] as const
export type CrdVersion = (typeof crdVersions)[number]
const crdSetting = z.enum(['off', ...crdVersions])

/** `satisfied` is not among them: it names an authorization, which nobody here can give. */
const said = {
  covered: z.enum(['covered', 'not-covered']).describe('Is the service a benefit of the plan?'),
  'pa-needed': z
    .enum(['no-auth', 'auth-needed', 'performpa'])
    .optional()
    .describe(
      'Is prior authorization needed? `performpa`: the performer asks for it. Not where it is not covered.',
    ),
  'doc-needed': z
    .enum(['clinical', 'admin'])
    .optional()
    .describe('Documents that the payer asks for, by who has them.'),
  'doc-purpose': z
    .enum(['withpa', 'withclaim', 'withorder', 'retain-doc'])
    .optional()
    .describe('What the documents are for.'),
  questionnaires: z.array(z.url()).default([]).describe('Canonical addresses of the forms to fill in.'),
  reason: sentence.optional().describe('Why, in the words of the payer.'),
  'until-onset-plus': parameterRef
    .optional()
    .describe(
      'It holds until so many days after the pain began, by a named number of the pathway: `$imaging-wait-days`.',
    ),
}

interface Said {
  covered: 'covered' | 'not-covered'
  'pa-needed'?: string | undefined
  'doc-needed'?: string | undefined
  'doc-purpose'?: string | undefined
  questionnaires: readonly string[]
  reason?: string | undefined
}

/** The invariants of the extension, in both versions, as far as a mapping can break them. */
function checkSaid(entry: Said, { addIssue }: z.RefinementCtx): void {
  const complain = (message: string, path: string) => addIssue({ code: 'custom', message, path: [path] })
  const isCovered = entry.covered === 'covered'
  if (isCovered && entry['pa-needed'] === undefined)
    complain('says covered and not whether authorization is needed: set pa-needed (crd-ci-q2)', 'covered')
  if (!isCovered && entry['pa-needed'] !== undefined)
    complain('has no place where nothing is covered (crd-ci-q2)', 'pa-needed')
  if (entry.questionnaires.length > 0 && entry['doc-needed'] === undefined)
    complain('want doc-needed (crd-ci-q1)', 'questionnaires')
  if (entry['doc-purpose'] !== undefined && entry.reason === undefined)
    complain('wants a reason (crd-ci-q8)', 'doc-purpose')
  if (entry['doc-purpose'] !== undefined && entry['doc-needed'] === undefined)
    complain('wants doc-needed', 'doc-purpose')
  if (entry['doc-purpose'] === 'withpa' && (!isCovered || entry['pa-needed'] === 'no-auth'))
    complain('goes with an authorization, and none is needed (crd-ci-q4)', 'doc-purpose')
}

const otherwise = z.strictObject(said).superRefine(checkSaid)

const assertion = z
  .strictObject({
    rules: z
      .array(ruleCode)
      .min(1)
      .optional()
      .describe(
        'Codes of headline rules: it holds where the pathway lets one of them speak, so not where a red flag quiets it …',
      ),
    when: when.optional().describe('… or facts of the pathway, as rules ask for them.'),
    ...said,
  })
  .superRefine(checkSaid)
  .refine(
    (entry) => (entry.rules === undefined) !== (entry.when === undefined),
    'says when it holds by "rules" or by "when", one of both',
  )
export type Otherwise = z.infer<typeof otherwise>

const policy = z.strictObject({
  source: sentence.describe(
    "Where the payer says so: document, version, date. It goes to the ledger's readers.",
  ),
  assertions: z
    .array(assertion)
    .default([])
    .describe('In their order: the first that holds is said. One of which nobody can tell stops the search.'),
  otherwise: otherwise.describe('What is said where none holds.'),
  'if-unknown': sentence.describe(
    'Reason that is given where the chart does not tell which assertion holds; then it is `conditional`.',
  ),
  'if-not-read': sentence.describe(
    'Reason that is given where data did not come; then it is `indeterminate` by CRD 2.2.1, `conditional` by 2.0.1.',
  ),
})
export type Policy = z.infer<typeof policy>

const payer = z
  .strictObject({
    payer: sentence.describe('What the payer is called here, for the ledger.'),
    names: z
      .array(z.string().min(2))
      .default([])
      .describe('Whole names by which Coverage names it, in capitals or not: of the payor.'),
    identifiers: z
      .array(z.strictObject({ system: z.string().min(1), value: z.string().min(1) }))
      .default([])
      .describe('Identifiers of the payor, such as the one of NAIC.'),
    plans: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Values or whole names of `Coverage.class` that the policy is of; every plan when left out.'),
    orders: z
      .partialRecord(z.enum(orderKinds), policy)
      .describe('By kind of order: what the payer says of it.'),
  })
  .refine(
    ({ names, identifiers }) => names.length + identifiers.length > 0,
    'is known by nothing: give names or identifiers',
  )
export type PayerPolicies = z.infer<typeof payer>

export const coverageSchema = z.strictObject({
  version: crdSetting
    .default('off')
    .describe(
      'Version of Da Vinci CRD that clients take, where an issuer has none of its own. `off` answers no coverage information.',
    ),
  others: z
    .enum(['pass', 'refuse'])
    .default('pass')
    .describe(
      'Patients of no payer below: `pass` answers their cards as ever; `refuse` answers 400, as the server of a payer must (hook-13).',
    ),
  payers: z
    .array(payer)
    .default([])
    .describe(
      'Payers whose policy is written down, the more special plan first: the first that fits speaks.',
    ),
})
export type CoverageSettings = z.infer<typeof coverageSchema>
