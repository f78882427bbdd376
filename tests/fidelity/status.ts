/** How charts say that a problem is there, is over, is suspected or is not: by status codes in any spelling, or in words. */
import type { CodeableConcept, Condition } from 'fhir/r4.js'
import type { Random } from '../support/random.ts'
import type { State } from './worth.ts'

const hl7 = 'http://terminology.hl7.org/CodeSystem'
const clinical = (code: string): CodeableConcept => ({
  coding: [{ system: `${hl7}/condition-clinical`, code }],
})
const verification = (code: string): CodeableConcept => ({
  coding: [{ system: `${hl7}/condition-ver-status`, code }],
})

export interface Status {
  name: string
  state: State
  fields: Partial<Condition>
  /** The words of the entry, where they carry the status. */
  words?: (words: string) => string
}

const active = { clinicalStatus: clinical('active'), verificationStatus: verification('confirmed') }

export const codedStatuses: readonly Status[] = [
  { name: 'active', state: 'active', fields: active },
  {
    name: 'active, not said whether confirmed',
    state: 'active',
    fields: { clinicalStatus: clinical('active') },
  },
  {
    name: 'recurrence',
    state: 'active',
    fields: { clinicalStatus: clinical('recurrence'), verificationStatus: verification('confirmed') },
  },
  {
    name: 'provisional',
    state: 'suspected',
    fields: { clinicalStatus: clinical('active'), verificationStatus: verification('provisional') },
  },
  {
    name: 'resolved',
    state: 'past',
    fields: { clinicalStatus: clinical('resolved'), verificationStatus: verification('confirmed') },
  },
  {
    name: 'inactive',
    state: 'past',
    fields: { clinicalStatus: clinical('inactive'), verificationStatus: verification('confirmed') },
  },
  {
    name: 'remission',
    state: 'past',
    fields: { clinicalStatus: clinical('remission'), verificationStatus: verification('confirmed') },
  },
  {
    name: 'refuted',
    state: 'denied',
    fields: { clinicalStatus: clinical('active'), verificationStatus: verification('refuted') },
  },
  {
    name: 'entered in error',
    state: 'denied',
    fields: { verificationStatus: verification('entered-in-error') },
  },
]

const oddStatuses: readonly Status[] = [
  { name: 'status missing', state: 'active', fields: {} },
  {
    name: 'Active, other case',
    state: 'active',
    fields: { clinicalStatus: clinical('Active'), verificationStatus: verification('Confirmed') },
  },
  { name: 'active in words only', state: 'active', fields: { clinicalStatus: { text: 'Active' } } },
  { name: 'resolved in words only', state: 'past', fields: { clinicalStatus: { text: 'Resolved' } } },
  { name: 'RESOLVED, other case', state: 'past', fields: { clinicalStatus: clinical('RESOLVED') } },
  {
    name: 'Refuted, other case',
    state: 'denied',
    fields: { clinicalStatus: clinical('active'), verificationStatus: verification('Refuted') },
  },
  {
    name: 'Entered in Error, other case',
    state: 'denied',
    fields: { verificationStatus: verification('Entered-in-Error') },
  },
  { name: 'ruled out, in words', state: 'denied', fields: active, words: (words) => `${words} - ruled out` },
  {
    name: 'no history of, in words',
    state: 'denied',
    fields: active,
    words: (words) => `No history of ${lower(words)}`,
  },
  {
    name: 'family history, in words',
    state: 'denied',
    fields: active,
    words: (words) => `Family history of ${lower(words)}`,
  },
]

/** Flags are there more often than not: a false alarm needs one that is. */
export function pickStatus(style: 'coded' | 'rough', inWords: boolean, random: Random): Status {
  const usual = codedStatuses[0] as Status
  if (style === 'coded') return random.chance(0.6) ? usual : random.pick(codedStatuses)
  if (random.chance(0.55)) return usual
  return random.pick(oddStatuses.filter((status) => inWords || !status.words))
}

const lower = (words: string) =>
  /^[A-Z][a-z]/.test(words) ? words[0]?.toLowerCase() + words.slice(1) : words
