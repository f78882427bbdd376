/** One clinical concept as different systems and people spell it: canonical codes on one side, aliases and words on the other. */
import type { CodeableConcept } from 'fhir/r4.js'
import type { Random } from '../support/random.ts'
import type { Concept } from './vocabulary.ts'

const systems = {
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  icd9: 'http://hl7.org/fhir/sid/icd-9-cm',
  snomed: 'http://snomed.info/sct',
  cpt: 'http://www.ama-assn.org/go/cpt',
  loinc: 'http://loinc.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
} as const
type System = keyof typeof systems

/** Spellings seen in public files and bug reports (terminology/system-aliases.csv); '' is a coding without a system. */
const aliases: Readonly<Record<System, readonly string[]>> = {
  icd10: [
    'I10',
    'ICD10',
    'ICD10CM',
    'ICD-10-CM',
    'urn:oid:2.16.840.1.113883.6.90',
    '2.16.840.1.113883.6.90',
    'http://hl7.org/fhir/sid/icd-10',
    'http://hl7.org/fhir/sid/icd-10-cm/',
    '',
  ],
  icd9: [
    'I9C',
    'ICD9CM',
    'urn:oid:2.16.840.1.113883.6.103',
    'http://terminology.hl7.org/CodeSystem/icd9cm',
    'http://hl7.org/fhir/sid/icd-9',
  ],
  snomed: [
    'SCT',
    'SNOMED-CT',
    'urn:oid:2.16.840.1.113883.6.96',
    '2.16.840.1.113883.6.96',
    'http://snomed.info/sct/',
    'http://snomed.info/sct/731000124108',
    'http://snomed.info/ct',
    '',
  ],
  cpt: ['C4', 'CPT', 'urn:oid:2.16.840.1.113883.6.12', ''],
  loinc: ['LN', 'LOINC', 'urn:oid:2.16.840.1.113883.6.1', 'http://loinc.org/'],
  rxnorm: ['RXNORM', 'urn:oid:2.16.840.1.113883.6.88', ''],
}

const codedWays = ['icd-10-cm', 'icd-9-cm', 'snomed', 'two systems', 'cpt', 'loinc'] as const
const roughWays = ['alias', 'local code', 'words', 'Spanish words', 'unlisted words'] as const
type Way = (typeof codedWays)[number] | (typeof roughWays)[number]

export interface Spelled {
  way: Way
  concept: CodeableConcept
}

const of = (concept: Concept, system: System) =>
  concept[system] === undefined ? [] : [{ system: systems[system], code: concept[system] }]

/** The ways in which a concept can be written at all: not everything has a code in every system. */
function waysOf(concept: Concept, style: 'coded' | 'rough'): Way[] {
  const has = (system: System) => concept[system] !== undefined
  if (style === 'rough') {
    const alias: Way[] = ['icd10', 'snomed', 'icd9', 'cpt', 'loinc'].some((each) => has(each as System))
      ? ['alias']
      : []
    return [
      ...alias,
      'local code',
      'words',
      ...(concept.es === undefined ? [] : (['Spanish words'] as const)),
    ]
  }
  return [
    ...(has('icd10') ? (['icd-10-cm'] as const) : []),
    ...(has('icd9') ? (['icd-9-cm'] as const) : []),
    ...(has('snomed') ? (['snomed'] as const) : []),
    ...(has('icd10') && has('snomed') ? (['two systems'] as const) : []),
    ...(has('cpt') ? (['cpt'] as const) : []),
    ...(has('loinc') ? (['loinc'] as const) : []),
  ]
}

/** Rarer ways are as likely as common ones: a stress population. */
export function spell(concept: Concept, style: 'coded' | 'rough', random: Random): Spelled | undefined {
  const ways = waysOf(concept, style)
  if (ways.length === 0) return undefined
  const chosen = random.pick(ways)
  const way = concept.unlisted ? 'unlisted words' : chosen
  const words = random.pick(concept.words)
  switch (chosen) {
    case 'words':
      return { way, concept: { text: words } }
    case 'Spanish words':
      return { way, concept: { text: concept.es ?? words } }
    case 'local code':
      return {
        way,
        concept: {
          coding: [
            {
              system: 'urn:oid:1.2.840.114350.1.13.999.2.7.2.696580',
              code: `${100_000 + random.below(900_000)}`,
              display: words,
            },
          ],
          ...(random.chance(0.5) ? { text: words } : {}),
        },
      }
    case 'alias':
      return { way, concept: aliased(concept, words, random) }
    default: {
      const coding = codingsOf(concept, chosen)
      const display = random.chance(0.4)
      return {
        way,
        concept: {
          coding: coding.map((each) => (display ? { ...each, display: words } : each)),
          ...(random.chance(0.2) ? { text: words } : {}),
        },
      }
    }
  }
}

function codingsOf(concept: Concept, way: Way) {
  if (way === 'two systems') return [...of(concept, 'icd10'), ...of(concept, 'snomed')]
  const system =
    ({ 'icd-10-cm': 'icd10', 'icd-9-cm': 'icd9' } as Record<string, System>)[way] ?? (way as System)
  return of(concept, system)
}

function aliased(concept: Concept, words: string, random: Random): CodeableConcept {
  const known = (['icd10', 'snomed', 'icd9', 'cpt', 'loinc'] as const).filter(
    (system) => concept[system] !== undefined,
  )
  const system = random.pick(known)
  const alias = random.pick(aliases[system])
  const code = concept[system] ?? ''
  const written = system === 'icd10' && random.chance(0.25) ? code.replace('.', '') : code
  // A code without its system is only to be recognized beside its words.
  const display = alias === '' || random.chance(0.5) ? { display: words } : {}
  return { coding: [{ ...(alias === '' ? {} : { system: alias }), code: written, ...display }] }
}

export { aliases, systems }
