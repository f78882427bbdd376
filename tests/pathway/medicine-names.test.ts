/** Medicines by the names that people and EHRs write: brands, abbreviations, salts, Spanish, and what is not one of ours. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { realContent, root } from '../support/evaluator.ts'

const { codes } = realContent()
const everySet = new Set(codes.sets.keys())
const found = (text: string) =>
  new Set(codes.lookupByName(text, everySet).map(({ key }) => key.replace(/^\w+?-/, '').replaceAll('-', ' ')))
const groups = (text: string) => new Set(codes.lookupByName(text, everySet).map(({ group }) => group))

describe('a name is put into ingredients', () => {
  test.each([
    ['Norco 10-325 mg tablet', 'hydrocodone-acetaminophen 10-325 mg tablet'],
    ['HYDROCODON-APAP 5-325', 'hydrocodone-acetaminophen 5-325'],
    ['oxicodona 5 mg tableta', 'oxycodone 5 mg tableta'],
    ['Codeína/paracetamol', 'codeine/acetaminophen'],
    ['Tylenol #3', 'acetaminophen 300 mg / codeine 30 mg'],
    ['TYLENOL-CODEINE NO.3 300-30 mg', 'acetaminophen 300 mg / codeine 30 mg 300-30 mg'],
    ['Tylenol #30', 'tylenol #30'],
    ['MS Contin 15 mg', 'morphine 15 mg'],
    ['Lisinopril 10 mg', 'lisinopril 10 mg'],
  ])('%s', (text, expected) => {
    expect(codes.inIngredients(text).toLowerCase()).toBe(expected)
  })
})

describe('a name is known to the value sets', () => {
  test.each([
    ['OxyContin 20 mg ER', 'analgesic'],
    ['PERCOCET 5-325 MG', 'analgesic-combination'],
    ['hydrocodone-APAP 5/325', 'analgesic-combination'],
    ['APAP/codeine', 'analgesic-combination'],
    ['acetaminophen w/ codeine', 'analgesic-combination'],
    ['hidromorfona 2 mg', 'analgesic'],
    ['Suboxone 8-2 mg film', 'naloxone'],
    ['Tussionex Pennkinetic', 'antitussive-combination'],
    ['Xanax XR', 'benzodiazepine'],
    ['Valium', 'benzodiazepine'],
    ['clonazePAM (KLONOPIN) 0.5 mg', 'benzodiazepine'],
    ['Motrin IB', 'nsaid'],
    ['ketorolaco', 'nsaid'],
    ['Flexeril', 'muscle-relaxant'],
    ['Medrol dose pack', 'systemic-steroid'],
    ['prednisona 10 mg', 'systemic-steroid'],
    ['Zestril 10 mg', 'ace-inhibitor-or-arb'],
    ['Hyzaar 50-12.5', 'diuretic'],
    ['Lithobid', 'lithium'],
    ['sertralina 50 mg', 'ssri-or-snri'],
  ])('%s', (text, group) => {
    expect([...groups(text)]).toContain(group)
  })

  test.each(['atorvastatin 10 MG Oral Tablet', 'metformin', 'Tylenol 325 mg', 'acetaminophen', 'Zantac', ''])(
    'except where it is no medicine of the pathway: "%s"',
    (text) => {
      expect([...found(text)].filter((key) => !/acetaminophen/.test(key))).toEqual([])
    },
  )
})

/** Brands of ingredients that no set asks about: known, and passed over. */
const ofNoSet = new Set(
  'alefacept etoricoxib pamidronate bromfenac dantrolene propofol tasimelteon dexmedetomidine nepafenac samidorphan naloxegol ramelteon methylnaltrexone naldemedine beclomethasone acenocoumarol'.split(
    ' ',
  ),
)

test('what a brand stands for is an ingredient of some set', () => {
  const names = readFileSync(join(root, 'pathway/medicine-names.csv'), 'utf8')
  const { data } = Papa.parse<{ name: string; means: string; kind: string }>(names, {
    header: true,
    skipEmptyLines: true,
  })
  const unheard = data.filter(
    ({ name, means, kind }) =>
      kind !== 'other' && !ofNoSet.has(means) && codes.lookupByName(name, everySet).length === 0,
  )
  expect(unheard.map(({ name, means }) => `${name}: ${means}`)).toEqual([])
  // Words that would be a slip of a name, were they not right as they stand.
  const heard = data.filter(
    ({ name, kind }) => kind === 'other' && codes.lookupByName(name, everySet).length > 0,
  )
  expect(heard.map(({ name }) => name)).toEqual([])
})

test('a name is heard whatever stands around it', () => {
  const around = fc.constantFrom(
    '',
    ' 5 mg',
    ' tablet',
    ' PO TABS',
    ' (brand)',
    ' ER 12 hr',
    ' / 0.5 ML',
    ' #30',
  )
  const before = fc.constantFrom('', 'Take ', '12 HR ', 'ZZZ ', '- ', '1 ML ')
  const casing = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
  )
  const names = fc.constantFrom('oxyCODONE', 'Xanax', 'hidrocodona', 'Norco', 'Motrin', 'diazePAM', 'Medrol')
  fc.assert(
    fc.property(before, casing, names, around, (prefix, inCase, name, suffix) => {
      expect([...groups(prefix + inCase(name) + suffix)]).toEqual(expect.arrayContaining([...groups(name)]))
      expect(groups(name).size).toBeGreaterThan(0)
    }),
  )
})

test('a text as long as a book is read in no time', () => {
  const started = performance.now()
  for (const piece of ['tylenol #', 'a ', '1-', 'hydrocodone-', 'é'])
    codes.inIngredients(piece.repeat(200_000))
  expect(performance.now() - started).toBeLessThan(500)
})
