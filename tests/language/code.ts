/** Codes as vignettes write them (`icd10 M54.50`) made into FHIR codings, with the display our value sets give. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CodeableConcept, Coding } from 'fhir/r4.js'
import Papa from 'papaparse'
import { z } from 'zod'
import type { CodeIndex } from '../../src/pathway/codes.ts'
import { loadCodes } from '../../src/pathway/load.ts'

const systems: Readonly<Record<string, string>> = {
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  snomed: 'http://snomed.info/sct',
  cpt: 'http://www.ama-assn.org/go/cpt',
  loinc: 'http://loinc.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  atc: 'http://www.whocc.no/atc',
  hcpcs: 'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  radlex: 'http://radlex.org',
  icd9: 'http://hl7.org/fhir/sid/icd-9-cm',
  pcs: 'http://www.cms.gov/Medicare/Coding/ICD10',
  ndc: 'http://hl7.org/fhir/sid/ndc',
  unii: 'http://fdasis.nlm.nih.gov',
  // Systems under the names that senders give them.
  I10: 'I10',
  'oid-icd10': 'urn:oid:2.16.840.1.113883.6.90',
  'oid-snomed': '2.16.840.1.113883.6.96',
  RXNORM: 'RXNORM',
  C4: 'C4',
  // HL7 v2 table 0396: WC is WHO's ATC, and ATC a collection of cell cultures.
  WC: 'WC',
  ATC: 'ATC',
}

export const code = z
  .string()
  .regex(
    new RegExp(`^(${Object.keys(systems).join('|')}) \\S+( \\S+)?$`),
    'is not a code such as icd10 M54.50, snomed 279039007, cpt 72148, loinc 24970-6, rxnorm 1049621 or atc N02AA05',
  )
/** After a code: it comes without its display, as from many senders, so that no words say what it means. */
const unnamed = ' unnamed'
/** One code, or several for the same thing as an EHR with two code systems sends them. */
export const codes = z.union([code, z.array(code).min(2)])

interface KnownCode {
  system: string
  code: string
  display: string
}

function readValueSets(folder: string): ReadonlyMap<string, KnownCode> {
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
const outsideTheValueSets: Readonly<Record<string, string>> = {
  'icd10 R52': 'Pain, unspecified',
  'icd10 R26.9': 'Unspecified abnormalities of gait and mobility',
  'icd10 M79.605': 'Pain in left leg',
  'snomed 60001007': 'Not pregnant',
  'snomed 146799005': 'Possible pregnancy',
  'icd10 K04.7': 'Periapical abscess without sinus',
  'icd10 I10': 'Essential (primary) hypertension',
  'icd10 F12.90': 'Cannabis use, unspecified, uncomplicated',
  'icd10 I72.2': 'Aneurysm of renal artery',
  'icd10 K76.0': 'Fatty (change of) liver, not elsewhere classified',
  'icd10 M00.861': 'Arthritis due to other bacteria, right knee',
  'icd10 M85.88': 'Other specified disorders of bone density and structure, other site',
  'icd10 T39.391A':
    'Poisoning by other nonsteroidal anti-inflammatory drugs [NSAID], accidental (unintentional), initial encounter',
  'icd10 Z66': 'Do not resuscitate',
  'icd10 Z94.7': 'Corneal transplant status',
  'icd10 Z96.641': 'Presence of right artificial hip joint',
  'cpt 71046': 'X-ray of the chest',
  'snomed 10828004': 'Positive',
  'snomed 260385009': 'Negative',
  'icd10 M46.1': 'Sacroiliitis, not elsewhere classified',
  'icd10 S93.401A': 'Sprain of unspecified ligament of right ankle, initial encounter',
  'cpt 99213': 'Office visit of an established patient',
  'rxnorm 2273509': 'A medicine that no value set holds',
  'pcs B2000ZZ': 'Plain Radiography of Single Coronary Artery using High Osmolar Contrast',
  'icd9 V58.69': 'Long-term (current) use of other medications',
  'ATC N05BA06': 'A strain of cells',
}

/** ICD-10-CM's names of codes that vignettes use and for which a value set holds only a code above them. */
const narrower: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'icd10-names.json'), 'utf8'),
)

/** Is this code in a value set, itself or by one above it, under whatever name of its system? */
export function isKnown(text: string): boolean {
  if (text in outsideTheValueSets) return true
  index ??= loadCodes(join(import.meta.dirname, '../..'))
  return index.lookup(coding(text)).length > 0
}
let index: CodeIndex | undefined

export function coding(text: string): Coding {
  const isUnnamed = text.endsWith(unnamed)
  const [name = '', ...rest] = (isUnnamed ? text.slice(0, -unnamed.length) : text).split(' ')
  const value = rest.join(' ')
  const system = systems[name] ?? name
  if (isUnnamed) return { system, code: value }
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
