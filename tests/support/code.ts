/** Codes as vignettes write them (`icd10 M54.50`) made into FHIR codings, with the display our value sets give. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CodeableConcept, Coding } from 'fhir/r4.js'
import Papa from 'papaparse'
import { z } from 'zod'

const systems: Readonly<Record<string, string>> = {
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  snomed: 'http://snomed.info/sct',
  cpt: 'http://www.ama-assn.org/go/cpt',
  loinc: 'http://loinc.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  atc: 'http://www.whocc.no/atc',
  hcpcs: 'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  radlex: 'http://radlex.org',
}

export const code = z
  .string()
  .regex(
    /^(icd10|snomed|cpt|loinc|rxnorm|atc|hcpcs|radlex) \S+$/,
    'is not a code such as icd10 M54.50, snomed 279039007, cpt 72148, loinc 24970-6, rxnorm 1049621 or atc N02AA05',
  )
/** One code, or several for the same thing as an EHR with two code systems sends them. */
export const codes = z.union([code, z.array(code).min(2)])

export interface KnownCode {
  system: string
  code: string
  display: string
}

export function readValueSets(folder: string): ReadonlyMap<string, KnownCode> {
  const known = new Map<string, KnownCode>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv'))) {
    const written = readFileSync(join(folder, file), 'utf8')
    const { data } = Papa.parse<KnownCode>(written, { header: true, skipEmptyLines: true })
    for (const row of data) known.set(`${row.system}|${row.code}`, row)
  }
  return known
}

const known = readValueSets(join(import.meta.dirname, '../../pathway/codes'))

/** Codes that stand in vignettes because they must *not* mean anything to the pathway. */
export const outsideTheValueSets: Readonly<Record<string, string>> = {
  'icd10 K04.7': 'Periapical abscess without sinus',
  'icd10 I10': 'Essential (primary) hypertension',
  'icd10 M46.1': 'Sacroiliitis, not elsewhere classified',
  'icd10 S93.401A': 'Sprain of unspecified ligament of right ankle, initial encounter',
  'cpt 99213': 'Office visit of an established patient',
  'rxnorm 2273509': 'A medicine that no value set holds',
}

/** ICD-10-CM's names of codes that vignettes use and for which a value set holds only a code above them. */
const narrower: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'icd10-names.json'), 'utf8'),
)

/** Is this code in a value set, itself or as a child of an ICD-10-CM category (`M51.361` of `M51.36`)? */
export function isKnown(text: string): boolean {
  if (text in outsideTheValueSets) return true
  const { system = '', code: value = '' } = coding(text)
  if (known.has(`${system}|${value}`)) return true
  if (system !== systems.icd10) return false
  for (let length = value.length - 1; length >= 3; length--) {
    if (known.has(`${system}|${value.slice(0, length)}`)) return true
  }
  return false
}

export function coding(text: string): Coding {
  const [name = '', value = ''] = text.split(' ')
  const system = systems[name] ?? name
  const display =
    known.get(`${system}|${value}`)?.display ??
    outsideTheValueSets[text] ??
    (name === 'icd10' ? narrower[value] : undefined)
  // Displays in brackets are our own notes on codes whose wording is not free (CPT).
  return { system, code: value, ...(display && !display.startsWith('(') ? { display } : {}) }
}

export function concept(value: string | string[] | undefined, text?: string): CodeableConcept {
  const list = value === undefined ? [] : typeof value === 'string' ? [value] : value
  return { ...(list.length > 0 ? { coding: list.map(coding) } : {}), ...(text ? { text } : {}) }
}
