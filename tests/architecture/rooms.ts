/** Who may import whom: the design's table. */

/**
 * What each folder or file of src may import: folders or files at run time and, under `types`, those of which it may
 * only use types. Its own files always. `server`, `app` and `cli` join everything, and nobody imports them.
 */
export const mayImport: Readonly<Record<string, { values?: string[]; types?: string[] }>> = {
  bounds: {},
  errors: {},
  calendar: {},
  // The words that content and settings share.
  grammar: {},
  // Every setting: the environment, secrets, site.yaml.
  site: { values: ['grammar'] },
  ending: { values: ['hooks/failure'] },
  tracing: {},
  subjects: {
    values: ['errors'],
    types: ['pathway', 'explanation', 'hooks', 'record/record', 'cards/suggestions'],
  },
  silence: { values: ['facts/wire'], types: ['pathway/schema', 'record/record', 'site'] },
  // The types that an evaluation is spoken of in.
  explanation: {
    types: [
      'pathway/known',
      'pathway/schema',
      'decide',
      'facts',
      'hooks',
      'payers',
      'record',
      'cards',
      'report',
      'site',
    ],
  },
  report: { types: ['pathway/schema'] },
  metrics: { types: ['report'] },
  pathway: { values: ['grammar', 'site'] },
  // The handler of a call knows its caller, and says how it went.
  hooks: { values: ['errors'], types: ['pathway', 'metrics', 'report', 'site', 'trust/verify'] },
  net: { values: ['site/addresses'] },
  record: { values: ['errors', 'net'], types: ['pathway/schema', 'hooks/call', 'site'] },
  facts: {
    // Not the schemas: the service takes content compiled, and starts without them.
    values: ['grammar', 'pathway/known', 'pathway/codes'],
    types: ['pathway', 'record/record'],
  },
  decide: { values: ['grammar', 'pathway/known'], types: ['pathway'] },
  // Which reasons belong to a card is told by content alone, which checks it too.
  cards: {
    values: ['decide/conditions', 'pathway/of-rules', 'pathway/override-family'],
    types: ['pathway', 'decide'],
  },
  // What payers say of orders, from what was found of them.
  payers: {
    values: [
      'pathway/schema',
      'decide/conditions',
      'errors',
      'facts/spans',
      'facts/wire',
      'record/reference',
      'site/coverage',
    ],
    types: ['pathway', 'decide', 'facts/case', 'hooks/call', 'record/record'],
  },
  // The pathway as definitions for others.
  export: {
    values: [
      'checklist/questionnaire',
      'checklist/questions',
      'pathway/answers',
      'pathway/codes',
      'decide/conditions',
      // By the same words as the service, the forms that codes of medicines name are told once and for all.
      'facts/words',
    ],
    types: ['pathway'],
  },
  'module-cache': {},
  young: {},
  'judge-kept': { types: ['pathway', 'facts', 'decide', 'cards'] },
  evaluate: {
    values: [
      'pathway/schema',
      'record',
      'facts',
      'decide',
      'payers',
      'cards',
      'errors',
      'report',
      'judge-kept',
      'silence',
      'subjects',
    ],
    types: ['pathway', 'hooks', 'explanation'],
  },
  // The pure core for other programs: the only file of the service that they may import.
  library: {
    values: ['pathway/load', 'pathway/problems', 'errors', 'evaluate', 'facts/reading', 'hooks'],
    types: ['pathway', 'decide', 'cards'],
  },
  // With its page, and the page that says why, which asks the same questions.
  checklist: {
    values: ['grammar', 'pages/html', 'pages/markdown', 'smart'],
    types: [
      'pathway',
      'evaluate',
      'facts/answers',
      'hooks/call',
      'http/places',
      'judge-kept',
      'cards/why',
      'store',
    ],
  },
  store: { values: ['site'] },
  trust: { values: ['errors', 'net', 'site', 'store'] },
  ledger: {
    values: ['store', 'decide/conditions', 'facts/reason', 'facts/wire'],
    types: ['pathway', 'decide', 'explanation', 'hooks', 'record/record', 'site'],
  },
  // What the process and the site set, made into the ledger.
  'ledger-start': {
    values: ['errors', 'ledger', 'checklist/book', 'site'],
    types: ['pathway', 'hooks/calls', 'metrics', 'store'],
  },
  // Measures as people read them: what is hidden, run charts, the dashboard. The report of a bulk export uses it, too.
  quality: {
    values: [
      'pathway/measures',
      'errors',
      'handouts/pdf/paper',
      'http/local',
      'ledger',
      'pages',
      'store/seal',
    ],
    types: ['pathway', 'net', 'site', 'store'],
  },
  'quality-start': {
    values: ['http/places', 'ledger-start', 'net', 'site'],
    types: ['pathway', 'quality/open', 'store'],
  },
  // What became of orders: asked of a FHIR server, and read as drafts are read.
  outcomes: {
    values: ['facts/orders', 'ledger', 'record', 'smart/backend', 'smart/failures'],
    types: ['pathway', 'hooks/call', 'store'],
  },
  'outcomes-start': {
    values: ['outcomes', 'record/fhir/reader', 'site', 'smart', 'smart-start'],
    types: ['pathway', 'ledger', 'metrics', 'store'],
  },
  // What the process and the site set, made into the SMART app.
  'smart-start': {
    values: ['app-pages', 'checklist', 'site', 'smart', 'store/seal'],
    types: ['pathway', 'evaluate', 'http/places', 'store'],
  },
  // The pages of the features in one app.
  'app-pages': {
    values: ['checklist', 'handouts', 'smart'],
    types: ['pathway', 'evaluate', 'http/places', 'store'],
  },
  smart: {
    values: [
      'grammar',
      'errors',
      'hooks/failure',
      'http/places',
      'http/headers',
      'net',
      'pages/html',
      'pages/markdown',
      'site',
      'store',
    ],
    types: ['pathway', 'evaluate', 'hooks/call', 'http/places'],
  },
  http: { values: ['errors', 'hooks', 'site', 'store', 'trust'], types: ['metrics', 'report'] },
  // The sheets for integrators state what the service is configured, reads, logs and counts.
  docs: {
    values: [
      'pathway',
      'decide/conditions',
      'errors',
      'record/gather',
      'hooks/services',
      'hooks/version-3',
      'http/log',
      'metrics',
      'cards/render',
      'site',
    ],
    types: ['hooks'],
  },
  pages: { values: ['pathway', 'docs', 'http/headers'] },
  handouts: {
    values: [
      'checklist',
      'grammar',
      'pathway',
      'decide/conditions',
      'errors',
      'pages/html',
      'pages/page',
      'smart',
    ],
    types: ['evaluate', 'http/places', 'store'],
  },
}
export const glue = ['server', 'app', 'cli']
/** Stands below everything: sizes of what comes from elsewhere. */
export const ground = ['bounds']
