/** US drug codes as pharmacies, labels and claims write them, and the drug that each names. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCodeMap } from '../../src/pathway/code-maps.ts'
import { loadCodes } from '../../src/pathway/load.ts'
import { Problems } from '../../src/pathway/problems.ts'

const codes = loadCodes(join(import.meta.dirname, '../..'))
const oxycodone = 'oxycodone hydrochloride 5 MG Oral Tablet'
const namesOf = (code: string, system = 'http://hl7.org/fhir/sid/ndc') =>
  codes.lookup({ system, code }).map(({ display }) => display)

describe('A US drug code', () => {
  it.each([
    ['eleven digits', '00406055201'],
    ['eleven digits with dashes', '00406-0552-01'],
    ['ten digits as on the label (4-4-2)', '0406-0552-01'],
    ['ten digits without dashes', '0406055201'],
    ['product without package', '0406-0552'],
    ['product in nine digits', '004060552'],
    ['a package size that the map never saw', '00406-0552-99'],
  ])('names its drug, written as %s', (_, code) => {
    expect(namesOf(code)).toContain(oxycodone)
  })

  it('is known under other names of its system', () => {
    for (const system of ['NDC', 'urn:oid:2.16.840.1.113883.6.69', 'http://hl7.org/fhir/sid/ndc/'])
      expect(namesOf('00406-0552-01', system), system).toContain(oxycodone)
  })

  it('is not understood when the map does not hold it, so that nobody takes it for no opioid', () => {
    const unknown = { system: 'http://hl7.org/fhir/sid/ndc', code: '99999-9999-99' }
    expect(codes.read(unknown)).toMatchObject({ rows: [], isHeld: false })
  })

  it('is no drug of another system with the same digits', () => {
    expect(namesOf('00406055201', 'http://www.nlm.nih.gov/research/umls/rxnorm')).toEqual([])
  })
})

describe('A map of codes', () => {
  const mapOf = (text: string) => {
    const root = mkdtempSync(join(tmpdir(), 'maps-'))
    mkdirSync(join(root, 'pathway/codes/maps'), { recursive: true })
    writeFileSync(join(root, 'pathway/codes/maps/toy.csv'), text)
    const problems = new Problems()
    return { map: readCodeMap(root, 'toy', problems), told: problems.sorted.map(({ message }) => message) }
  }

  it('lets a package of its own go before its product', () => {
    const { map } = mapOf('target,codes\n1,111112222\n2,11111222233\n')
    expect(map.targetOf(['11111222233'])).toBe('2')
    expect(map.targetOf(['11111222244'])).toBe('1')
  })

  it('says nothing when what may be meant is two drugs', () => {
    const { map } = mapOf('target,codes\n1,012345678\n2,123450678\n')
    expect(map.targetOf(['01234567890', '12345067890'])).toBeUndefined()
    expect(map.targetOf(['01234567890', '12345678900'])).toBe('1')
  })

  it('tells a line that it cannot read, and a code that stands twice', () => {
    expect(mapOf('target,codes\n1\n').told).toEqual([
      'is not a target, a comma, and codes with a blank between them',
    ])
    expect(mapOf('target,codes\n1,111112222\n2,111112222\n').told).toEqual(['111112222 stands for 1 already'])
  })
})
