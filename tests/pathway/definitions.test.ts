/** Definitions of value sets: every group has one, and each says what it may not share. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildCodeIndex, type CodeRow } from '../../src/pathway/codes.ts'
import { checkDefinitions } from '../../src/pathway/definitions.ts'
import { loadCodes } from '../../src/pathway/load.ts'
import { Problems } from '../../src/pathway/problems.ts'

const root = join(import.meta.dirname, '../..')
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm'
const system = { uri: icd10, aliases: [], match: 'prefix', around: 'dots' } as const

const row = (set: string, group: string, code: string): CodeRow => ({
  set,
  group,
  key: `${set}/${group}`,
  system: icd10,
  code,
  display: `name of ${code}`,
  source: 'toy',
  verified: true,
  columns: {},
})

function toldOf(definitions: string, rows: readonly CodeRow[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'definitions-'))
  mkdirSync(join(folder, 'pathway/codes'), { recursive: true })
  writeFileSync(join(folder, 'pathway/codes/definitions.yaml'), definitions)
  const problems = new Problems()
  checkDefinitions(
    folder,
    buildCodeIndex({ rows, systems: [system], localCodes: [], maps: new Map(), names: [] }),
    problems,
  )
  return problems.sorted.map(({ message }) => message)
}

const toy = (groups: string, more = '') =>
  `references: {}\nsets:\n  toy:\n    means: a toy\n    groups: { ${groups} }\n${more}`

describe('The definitions', () => {
  it('name every set and group, and no code stands in two groups that exclude each other', () => {
    const problems = new Problems()
    checkDefinitions(root, loadCodes(root), problems)
    expect(problems.sorted.map(({ message }) => message)).toEqual([])
  })

  it('are told when a group of the rows is missing, and when a group has no row', () => {
    const told = toldOf(toy('pain: { means: it hurts }'), [row('toy', 'fever', 'R50')])
    expect(told.sort()).toEqual([
      'no row of toy is in "pain"',
      'unknown group "fever"; known are pain (its rows name it)',
    ])
  })

  it('are told when a set has none', () => {
    const told = toldOf(toy('pain: { means: it hurts }'), [row('toy', 'pain', 'R52'), row('new', 'a', 'A00')])
    expect(told).toEqual(['value set "new" has no definition: say what it holds'])
  })

  it('are told when a sentence stands where a name belongs', () => {
    const told = toldOf(toy('"past (never a trigger)": { means: long ago }'), [])
    expect(told.join()).toContain('is not a slug')
  })

  it('are told when a line both takes and leaves out, or does neither', () => {
    const line = (pick: string) =>
      toldOf(toy('pain: { means: it hurts }', `    picks: { loinc: [{ ${pick} }] }\n`), [
        row('toy', 'pain', 'R52'),
      ]).join()
    expect(line('words: [pain], group: pain')).toBe('')
    expect(line('words: [pain]')).toContain('needs the group that it goes to, or the reason')
    expect(line('group: pain, because: and not')).toContain('and not both')
    expect(line('group: pein')).toContain('unknown group of toy "pein"; did you mean "pain"?')
  })

  it('are told when a code stands in two groups that exclude each other', () => {
    const groups = 'now: { means: today }, past: { means: long ago }'
    const excluding = toy(groups, '    exclude-each-other: [[now, past]]\n')
    expect(toldOf(excluding, [row('toy', 'now', 'F11'), row('toy', 'past', 'F11')])).toContain(
      'F11 name of F11 is in toy/now and in toy/past, which exclude each other',
    )
    // A code below another is the narrower group's alone.
    expect(toldOf(excluding, [row('toy', 'now', 'F11'), row('toy', 'past', 'F11.21')])).toEqual([])
  })

  it('are told when a code of one set lies below one of a set that excludes it', () => {
    const definitions = `references: {}
exclude-each-other: [[pain/strain, injury/major]]
sets:
  pain: { means: pain, groups: { strain: { means: a strain } } }
  injury: { means: injury, groups: { major: { means: a fracture } } }
`
    expect(toldOf(definitions, [row('pain', 'strain', 'S33.5'), row('injury', 'major', 'S33')])).toEqual([
      'S33.5 name of S33.5 is in pain/strain and in injury/major, which exclude each other',
    ])
  })
})
