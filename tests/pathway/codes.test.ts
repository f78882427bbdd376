/** The value sets against the traps that their compilers fell into, and the look-up against what senders write. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildCodeIndex, type CodeRow } from '../../src/pathway/codes.ts'
import { loadCodes } from '../../src/pathway/load.ts'

const codes = loadCodes(join(import.meta.dirname, '../..'))

const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
const snomed = 'http://snomed.info/sct'
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const atc = 'http://www.whocc.no/atc'
const loinc = 'http://loinc.org'

const keys = (system: string | undefined, code: string) =>
  codes.lookup({ system, code }).map(({ key }) => key)
/** Groups of one value set that the code belongs to. */
const groups = (set: string, system: string, code: string) =>
  codes.lookup({ system, code }).flatMap((row) => (row.set === set ? [row.group] : []))
const rowsOf = (set: string) => codes.rows.filter((row) => row.set === set)
const namesIn = (text: string, ...sets: string[]) => codes.lookupByName(text, new Set(sets))

describe('Traps of the value sets', () => {
  it('1: never and previously injecting are kept apart from injecting', () => {
    for (const code of ['413096007', '416479009']) {
      expect(keys(snomed, code)).not.toContain('d03-redflag-iv-drug-use/injecting')
    }
    expect(keys(snomed, '413096007')).toEqual(['d03-redflag-iv-drug-use/injecting-never'])
    expect(keys(snomed, '416479009')).toEqual(['d03-redflag-iv-drug-use/injecting-past'])
  })

  it('2: buprenorphine with naloxone is not naloxone for rescue', () => {
    expect(rowsOf('f2-opioid-antagonists').filter(({ display }) => /buprenorphine/i.test(display))).toEqual(
      [],
    )
    expect(keys(rxnorm, '1010603')).toEqual(['c2-opioid-clinical-drugs/oud-buprenorphine'])
  })

  it('3: pain patches and small methadone tablets are not treatment of opioid use disorder by themselves', () => {
    const products = rowsOf('c2-opioid-clinical-drugs')
    const patches = products.filter(({ display }) => /buprenorphine.*transdermal/i.test(display))
    expect(new Set(patches.map(({ group }) => group))).toEqual(new Set(['analgesic-buprenorphine']))
    const tablets = products.filter(({ display }) =>
      /^methadone hydrochloride (5|10) MG Oral Tablet/.test(display),
    )
    expect(new Set(tablets.map(({ group }) => group))).toEqual(new Set(['methadone-pain-or-oud']))
    const naltrexone = products.filter(({ display }) => /^naltrexone/i.test(display))
    expect(naltrexone.filter(({ display }) => !/oxycodone|morphine/i.test(display))).toEqual([])
  })

  it('4: ATC N07BC02 is methadone for opioid use disorder, R05DA04 plain codeine for cough', () => {
    expect(keys(atc, 'N07BC02')).toEqual(['c1-opioid-ingredients/oud-treatment'])
    expect(keys(atc, 'R05DA04')).toEqual(['c1-opioid-ingredients/antitussive'])
  })

  it('5: no ICD-10-CM code says injecting, and remission is kept apart from the proxy', () => {
    const injecting = rowsOf('d03-redflag-iv-drug-use').filter(({ group }) => group === 'injecting')
    expect(injecting.filter(({ system }) => system === icd10)).toEqual([])
    expect(groups('d03-redflag-iv-drug-use', icd10, 'F11.20')).toEqual(['substance-disorder'])
    for (const code of ['F11.11', 'F11.21', 'F14.21', 'F15.21']) {
      expect(groups('d03-redflag-iv-drug-use', icd10, code)).toEqual(['substance-remission'])
    }
  })

  it('6: M54.5 and the codes that replaced it match, and so do the six-character disc codes of 2024', () => {
    const lowBack = (code: string) => groups('a1-lbp-diagnoses', icd10, code)
    expect(lowBack('M54.5')).toEqual(['nonspecific-legacy'])
    expect(lowBack('M54.50')).toEqual(['nonspecific'])
    expect(lowBack('M5459')).toEqual(['nonspecific'])
    expect(lowBack('M51.360')).toEqual(['disc-degenerative'])
    expect(lowBack('M51.372')).toEqual(['disc-degenerative'])
  })

  it('7: wrong lumbar codes of public demos are in no set', () => {
    expect(keys(snomed, '241645004')).toEqual([])
    expect(keys(snomed, '168731009')).toEqual([])
    expect(keys(loinc, '24531-6')).toEqual([])
  })

  it('8: conversion factors are those of 2022', () => {
    const factors = rowsOf('c1-opioid-ingredients')
      .filter(({ system, columns }) => system === rxnorm && /^\d/.test(columns.mme_factor_cdc2022 ?? ''))
      .map(({ display, columns }) => [display.toLowerCase(), columns.mme_factor_cdc2022])
    expect(Object.fromEntries(factors)).toEqual({
      codeine: '0.15',
      fentanyl: '2.4 (mcg/h patch)',
      hydrocodone: '1',
      hydromorphone: '5',
      methadone: '4.7',
      morphine: '1',
      oxycodone: '1.5',
      oxymorphone: '3',
      tapentadol: '0.4',
      tramadol: '0.2',
    })
  })

  it('9: inhaled steroids are not systemic ones', () => {
    const steroid = (system: string, code: string) =>
      groups('d10-redflag-prolonged-corticosteroid', system, code)
    expect(steroid(icd10, 'Z79.51')).toEqual(['inhaled-steroid-status'])
    expect(steroid(icd10, 'Z79.52')).toEqual(['long-term-steroid-status'])
    expect(steroid(atc, 'R01AD01')).toEqual(['steroid-not-systemic'])
    expect(steroid(atc, 'H02AB07')).toEqual(['systemic-steroid'])
  })

  it('10: a strain or sprain of the low back is never a major injury', () => {
    for (const code of ['S33.5XXA', 'S33.9XXA', 'S39.012A']) {
      expect(keys(icd10, code)).toEqual(['a1-lbp-diagnoses/strain-sprain'])
    }
  })

  it('11: skin cancer other than melanoma is in no group of cancers that spread', () => {
    const cancer = (code: string) => groups('d01-redflag-cancer', icd10, code)
    expect(cancer('C44.91')).toEqual(['nonmelanoma-skin'])
    expect(cancer('Z85.828')).toEqual(['history-of-nonmelanoma-skin'])
    expect(cancer('Z85.3')).toEqual(['personal-history-of-cancer'])
  })
})

describe('Group names', () => {
  it('are plain slugs, never a sentence: what they mean stands in their definition', () => {
    const prose = [...codes.sets].flatMap(([set, groups]) =>
      [...groups]
        .filter((group) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(group))
        .map((group) => `${set}/${group}`),
    )
    expect(prose).toEqual([])
  })
})

describe('Look-up by code', () => {
  it('takes the most specific row of each value set', () => {
    expect(groups('d16-opioid-risk-conditions', icd10, 'F11.21')).toEqual(['opioid-remission'])
    expect(groups('d15-exclusion-sickle-cell', icd10, 'D57.3')).toEqual(['sickle-cell-trait'])
    expect(groups('d15-exclusion-sickle-cell', icd10, 'D57.00')).toEqual(['sickle-cell-disease'])
  })

  it('matches ICD-10-CM by prefix, without its dot, in any case, and never above the row', () => {
    expect(keys(icd10, 'G8340')).toEqual(keys(icd10, 'G83.4'))
    expect(keys(icd10, 'g83.4')).toContain('d08-redflag-cauda-equina/cauda-equina')
    expect(keys(icd10, 'M54')).toEqual([])
  })

  it('matches other systems exactly', () => {
    expect(keys(snomed, '278860009')).not.toEqual([])
    expect(keys(snomed, '2788600091')).toEqual([])
  })

  it('knows a system by the names under which senders write it', () => {
    const same = {
      [icd10]: [
        'http://hl7.org/fhir/sid/icd-10',
        'urn:oid:2.16.840.1.113883.6.90',
        'ICD10CM',
        'urn: oid: 2.16.840.1.113883.6.90',
      ],
      [snomed]: [
        'http://snomed.info/sct/',
        'http: //snomed.info/sct',
        'http://www.snomed.org/',
        'SNOMED',
        '2.16.840.1.113883.6.96',
      ],
      [rxnorm]: ['urn:oid:2.16.840.1.113883.6.88', 'RxNorm', 'HTTP://www.nlm.nih.gov/research/umls/rxnorm/'],
      [loinc]: ['https://loinc.org', 'LOINC', 'https://loinc.org/61758-9/', 'urn:oid:2.16.840.1.113883.6.1'],
      [atc]: ['urn:oid:2.16.840.1.113883.6.73'],
    }
    for (const [uri, names] of Object.entries(same)) {
      for (const name of names) expect(codes.canonicalSystem(name), name).toBe(uri)
    }
    expect(keys('urn:oid:2.16.840.1.113883.6.12', '72148')).toEqual(
      keys('http://www.ama-assn.org/go/cpt', '72148'),
    )
  })

  it('knows a system with its edition or version', () => {
    const editions = ['/731000124108', '/731000124108/version/20250301', '/version/20250301', '|20250301']
    for (const edition of editions) expect(codes.canonicalSystem(`${snomed}${edition}`), edition).toBe(snomed)
    expect(codes.canonicalSystem('http://snomed.info/sctx')).toBe('http://snomed.info/sctx')
  })

  it('does not match a code in the wrong system, or without one where it may be of several', () => {
    expect(keys(icd10, '278860009')).toEqual([])
    expect(keys(snomed, 'M54.5')).toEqual([])
    expect(keys(undefined, 'M545')).toEqual([])
    expect(keys(undefined, '72148')).toEqual([])
    // Only one system writes a letter, two digits and a dot.
    expect(keys(undefined, 'M54.5')).toEqual(keys(icd10, 'M54.5'))
    expect(codes.lookup({ system: icd10 })).toEqual([])
  })

  it("reads a site's own code as the standard code that it stands for, in one step", () => {
    const row: CodeRow = {
      set: 'toy',
      group: 'pain',
      key: 'toy/pain',
      system: icd10,
      code: 'M54.5',
      display: 'Low back pain',
      source: 'toy',
      verified: false,
      columns: {},
    }
    const system = { uri: icd10, aliases: [], match: 'prefix' } as const
    const local = { system: 'urn:oid:1.2.3', code: 'LBP' }
    const index = buildCodeIndex({
      rows: [row],
      systems: [system],
      localCodes: [
        { ...local, means: { system: icd10, code: 'M54.50' } },
        { system: 'urn:oid:1.2.3', code: 'LOOP', means: { system: 'urn:oid:1.2.3', code: 'LOOP' } },
      ],
      maps: new Map(),
      names: [],
    })
    expect(index.lookup({ ...local, system: 'URN:OID:1.2.3' })).toEqual([row])
    expect(index.lookup({ system: 'urn:oid:1.2.3', code: 'LOOP' })).toEqual([])
  })
})

describe('Look-up by name', () => {
  const steroids = 'd10-redflag-prolonged-corticosteroid'
  const opioids = 'c1-opioid-ingredients'

  it('finds a name as a whole word', () => {
    const found = namesIn('prednisone 10 mg oral tablet', steroids)
    expect(found.map(({ display }) => display.toLowerCase())).toContain('prednisone')
    expect(found.every(({ set }) => set === steroids)).toBe(true)
    expect(namesIn('prednisonexyz 10 mg', steroids)).toEqual([])
    expect(
      namesIn('methylprednisolone 4 mg', steroids).map(({ display }) => display.toLowerCase()),
    ).not.toContain('prednisolone')
  })

  it('finds a name behind a slip of the pen, and leaves other names alone', () => {
    const opioid = (text: string) => namesIn(text, opioids).map(({ display }) => display.toLowerCase())
    for (const text of ['fentynal patch', 'fentanil patch', 'fentanyls'])
      expect(opioid(text)).toContain('fentanyl')
    expect(opioid('oxycodon 15 mg')).toContain('oxycodone')
    for (const text of ['trazodone 50 mg', 'program of care', 'volume 5 mL'])
      expect(opioid(text).filter((name) => name !== 'codeine')).toEqual([])
  })

  it('prefers the longer name, however the parts are joined', () => {
    for (const text of ['hydrocodone-acetaminophen 5-325 mg tablet', 'Acetaminophen / HYDROcodone']) {
      expect(namesIn(text, opioids).map(({ display }) => display)).toEqual(['Acetaminophen / Hydrocodone'])
    }
  })

  it('looks only into the sets that were asked', () => {
    expect(namesIn('prednisone', opioids)).toEqual([])
  })
})
