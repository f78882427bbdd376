/** One entry of a vignette's chart, or one draft, as a sentence. */

import { capital, quoted, spaced } from '../../docs/markdown.ts'
import type { Content } from '../../pathway/content.ts'
import { coding } from '../vignettes.ts'

type Codes = string | readonly string[] | undefined
/** `icd10 M54.50` is "Low back pain, unspecified (ICD-10-CM M54.50)". */
export type NameOf = (codes: Codes, text?: string) => string

const systems: Readonly<Record<string, string>> = {
  icd10: 'ICD-10-CM',
  snomed: 'SNOMED CT',
  cpt: 'CPT',
  loinc: 'LOINC',
  rxnorm: 'RxNorm',
  atc: 'ATC',
  hcpcs: 'HCPCS',
  radlex: 'RadLex',
}

export function nameWith(known: Content['codes']): NameOf {
  function one(written: string): { code: string; display: string | undefined } {
    const { system, code, display } = coding(written)
    const own = display ?? known.lookup({ system, code })[0]?.display
    const name = systems[written.split(' ')[0] ?? ''] ?? ''
    return { code: `${name} ${code}`, display: own?.replace(/^\(no AMA text\) /, '') }
  }
  return (codes, text) => {
    const list = codes === undefined ? [] : typeof codes === 'string' ? [codes] : codes
    const known = list.map(one)
    const called = text ?? known.find(({ display }) => display !== undefined)?.display
    const numbers = known.map(({ code }) => code).join(', ')
    if (called === undefined) return numbers
    return numbers ? `${called} (${numbers})` : called
  }
}

export const visitClasses: Readonly<Record<string, string>> = {
  AMB: 'outpatient visit',
  EMER: 'emergency visit',
  VR: 'virtual visit',
  HH: 'home visit',
  IMP: 'inpatient stay',
  ACUTE: 'acute inpatient stay',
  NONAC: 'non-acute inpatient stay',
  OBSENC: 'observation stay',
  SS: 'short stay',
  'not stated': 'of a class that is not stated',
}

const kinds: Readonly<Record<string, string>> = {
  problem: 'Problem',
  'past-problem': 'Past problem',
  visit: 'Visit',
  medicine: 'Prescribed',
  dispense: 'Dispensed',
  procedure: 'Done',
  referral: 'Referred or ordered',
  observation: 'Observed',
  report: 'Imaging report',
  study: 'Imaging study',
  'family-history': 'Family history',
  coverage: 'Insurance',
  allergy: 'Allergy',
  draft: 'Drafted',
}

/** What goes without saying of each kind. */
const usual: Readonly<Record<string, string>> = {
  problem: 'active',
  'past-problem': 'resolved',
  visit: 'finished',
  medicine: 'active',
  dispense: 'completed',
  procedure: 'completed',
  referral: 'active',
  observation: 'final',
  report: 'final',
  draft: 'draft',
}

type Entry = Readonly<Record<string, unknown>>
type Say = (value: string, entry: Entry, name: NameOf) => string

/** In the order in which they are said. What is not named here is said by its own name. */
const details: Readonly<Record<string, Say>> = {
  value: (value, { unit }) => `${value} ${unitOf(unit)}`.trim(),
  answer: (value, _, name) => (/^\w+ \d+$/.test(value) ? name(value) : value),
  day: (value) => value,
  modality: (value) => value,
  of: (value) => `of the ${value}`,
  conclusion: quoted,
  attached: (_, { attached }) => attachmentInWords(attached as { as: string; says: string }),
  onset: (value) => `began ${value}`,
  'onset-age': (value) => `began at the age of ${value}`,
  recorded: (value) => `recorded ${value}`,
  ended: (value) => `ended ${value}`,
  on: (value) => value,
  started: (value) => `started ${value}`,
  at: () => 'a diagnosis of this visit',
  class: (value) => (value === 'AMB' ? '' : (visitClasses[value] ?? value)),
  type: (value, _, name) => name(value),
  take: (value) => `take ${value}`,
  'at-most': (value) => `at most ${value}`,
  'in-words-only': quoted,
  route: (value) => `route: ${value}`,
  quantity: (value) => (/^\d+$/.test(value) ? `${value} pieces` : value),
  days: (value) => `${value} ${value === '1' ? 'day' : 'days'} of supply`,
  refills: (value) => `${value} refills`,
  repeat: (value) => `and again, ${value} in all`,
  reason: (_, { reason }, name) => `for ${name(reason as Codes)}`,
  'reason-text': (value) => `reason in words: ${quoted(value)}`,
  'second-reason': (value, _, name) => `and for ${name(value)}`,
  'reason-is-entry': (value) => `for entry ${value} of the chart`,
  priority: (value) => `priority: ${value}`,
  certainty: (value) => (value === 'confirmed' ? '' : `certainty: ${spaced(value)}`),
  intent: (value) => (value === 'order' ? '' : `intent: ${spaced(value)}`),
  'do-not-perform': () => 'not to be performed',
  selected: (value) => (value === 'false' ? 'not selected' : ''),
  as: (value) =>
    value === 'code' ? '' : `the medicine stands ${value === 'beside' ? 'beside' : 'inside'} the order`,
  'dose-sent': (value) => `dose sent ${value}`,
  note: (value) => `note: ${quoted(value)}`,
}
const attachmentInWords = ({ as, says }: { as: string; says: string }) =>
  `${as === 'narrative' ? 'in the text of the entry' : `attached as a ${as}`}: ${quoted(says)}`
const saidElsewhere = new Set(['code', 'text', 'unit', 'status', 'payer'])

export function entryInWords(kind: string, written: unknown, name: NameOf): string {
  const entry = written as Entry
  const keys = Object.keys(entry).filter((key) => entry[key] !== undefined && !saidElsewhere.has(key))
  const order = Object.keys(details)
  const said = keys
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((key) => details[key]?.(String(entry[key]), entry, name) ?? `${spaced(key)}: ${String(entry[key])}`)
  const status =
    entry.status === undefined || entry.status === usual[kind]
      ? ''
      : `status: ${spaced(String(entry.status))}`
  const called =
    'payer' in entry ? String(entry.payer) : name(entry.code as Codes, entry.text as string | undefined)
  const parts = [called, ...said, status].filter((part) => part !== '')
  return `${kinds[kind] ?? capital(spaced(kind))}: ${parts.join(', ')}.`
}

/** UCUM writes `{score}` and `[degF]`. */
const unitOf = (unit: unknown) => (typeof unit === 'string' ? unit.replace(/^[[{]|[\]}]$/g, '') : '')
