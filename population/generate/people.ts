/** Who lives in the invented population: people with payers, race, language and a clinician, and clinicians of differing habits. */
import { type Random, randomFrom } from '../../tests/support/random.ts'

/** OMB categories of US Core, with roughly the shares of Washington State; invented people all the same. */
const races = [
  { code: '2106-3', display: 'White', share: 0.66 },
  { code: '2028-9', display: 'Asian', share: 0.1 },
  { code: '2054-5', display: 'Black or African American', share: 0.06 },
  { code: '1002-5', display: 'American Indian or Alaska Native', share: 0.04 },
  { code: '2076-8', display: 'Native Hawaiian or Other Pacific Islander', share: 0.04 },
  { code: undefined, display: 'not recorded', share: 0.1 },
] as const
const ethnicities = [
  { code: '2186-5', display: 'Not Hispanic or Latino', share: 0.8 },
  { code: '2135-2', display: 'Hispanic or Latino', share: 0.14 },
  { code: undefined, display: 'not recorded', share: 0.06 },
] as const
/** Source of Payment Typology of the Public Health Data Standards Consortium: its first digit is the kind of payer. */
export const payers = [
  { code: '512', name: 'Example Commercial Plan', kind: 'commercial', share: 0.55 },
  { code: '211', name: 'Example Medicaid Plan', kind: 'Medicaid', share: 0.25 },
  { code: '111', name: 'Example Medicare Plan', kind: 'Medicare', share: 0.2 },
] as const
const languages = [
  { code: 'en', share: 0.84 },
  { code: 'es', share: 0.12 },
  { code: 'vi', share: 0.04 },
] as const

export interface Clinician {
  id: string
  clinic: string
  /** Chances of each at an index visit. */
  habits: { imaging: number; opioid: number; therapy: number; education: number }
}

export interface Person {
  id: string
  number: number
  age: number
  sex: 'female' | 'male'
  race: (typeof races)[number]
  ethnicity: (typeof ethnicities)[number]
  payer: (typeof payers)[number]
  language: string
  /** Seen for this pain, and at most visits. */
  clinician: Clinician
  /** To whom the patient is assigned; the same for four in five. */
  empaneled: Clinician
}

const clinicCount = 12
const cliniciansEach = 6

/** `imaging`: how often they order an image, beside their own habit. */
export function makeClinicians(seed: number, imaging = 1): readonly Clinician[] {
  const random = randomFrom(seed * 31 + 7)
  return Array.from({ length: clinicCount * cliniciansEach }, (_, n) => ({
    id: `clinician-${n + 1}`,
    clinic: `clinic-${Math.floor(n / cliniciansEach) + 1}`,
    habits: {
      imaging: (0.08 + random.next() * 0.37) * imaging,
      opioid: 0.04 + random.next() * 0.26,
      therapy: 0.1 + random.next() * 0.45,
      education: 0.2 + random.next() * 0.6,
    },
  }))
}

export function makePerson(number: number, clinicians: readonly Clinician[], random: Random): Person {
  const clinician = random.pick(clinicians)
  const age = 16 + random.below(70)
  return {
    id: `patient-${number}`,
    number,
    age,
    sex: random.chance(0.52) ? 'female' : 'male',
    race: byShare(races, random),
    ethnicity: byShare(ethnicities, random),
    payer: age >= 65 && random.chance(0.8) ? payers[2] : byShare(payers, random),
    language: byShare(languages, random).code,
    clinician,
    empaneled: random.chance(0.8) ? clinician : random.pick(clinicians),
  }
}

export function byShare<T extends { share: number }>(list: readonly T[], random: Random): T {
  let left = random.next() * list.reduce((sum, { share }) => sum + share, 0)
  for (const each of list) {
    left -= each.share
    if (left < 0) return each
  }
  return list[0] as T
}
