/** What public value sets hold and ours once did not: every such code is in a set today, or refused with a reason. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { describe, expect, it, vi } from 'vitest'
import { compilePicks, familiesOf } from '../../src/cli/codes/expand.ts'
import { type Entry, readReference, withoutDot } from '../../src/cli/codes/reference.ts'
import { loadDefinitions } from '../../src/pathway/definitions.ts'
import { loadCodes } from '../../src/pathway/load.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Missing {
  value_set: string
  system: string
  code: string
  display: string
}

const root = join(import.meta.dirname, '../..')
const folder = join(root, '../shared/terminology')
const list = join(folder, 'missing.csv')
const isHere = existsSync(list)

const keys: Readonly<Record<string, string>> = {
  'http://hl7.org/fhir/sid/icd-10-cm': 'icd-10-cm',
  'http://snomed.info/sct': 'snomed-ct',
  'http://loinc.org': 'loinc',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'rxnorm',
  'http://www.ama-assn.org/go/cpt': 'cpt',
}

/** Is there a verdict on a code in some definition, whichever way? */
function verdicts(): (row: Pick<Missing, 'system' | 'code'>) => boolean {
  const definitions = loadDefinitions(root)
  const reference = readReference(folder, definitions)
  if (!reference) throw new Error('the reference data is incomplete')
  const families = [...familiesOf(definitions, reference).values()]
  const decide = new Map(
    Object.keys(definitions.references).map((key) => [
      key,
      Object.values(definitions.sets).map(({ picks }) => compilePicks(picks[key] ?? [], false)),
    ]),
  )
  const entries = new Map<string, Entry[]>()
  for (const [key, list] of reference.entries)
    for (const entry of list) {
      const name = `${key}|${entry.code}`
      entries.set(name, [...(entries.get(name) ?? []), entry])
    }
  return ({ system, code }) => {
    const key = keys[system] ?? system
    if (key === 'icd-10-cm') {
      const leaves = reference.icd10.leaves(withoutDot(code))
      return leaves.length > 0 && leaves.every((leaf) => families.some((each) => each.verdictOf(leaf)))
    }
    const own = entries.get(`${key}|${code}`) ?? []
    return own.length > 0 && own.every((entry) => decide.get(key)?.some((pick) => pick(entry)))
  }
}

describe.runIf(isHere)('Codes that public value sets hold', () => {
  it('are in a set of ours, or left out with a reason', () => {
    const codes = loadCodes(root)
    const isDecided = verdicts()
    const { data } = Papa.parse<Missing>(readFileSync(list, 'utf8'), { header: true, skipEmptyLines: true })
    const open = data.filter((row) => codes.lookup(row).length === 0 && !isDecided(row))
    expect(data.length).toBeGreaterThan(10_000)
    expect(open.map(({ value_set: set, code, display }) => `${set} ${code} ${display}`)).toEqual([])
  })

  it('would be told where nobody decided', () => {
    const isDecided = verdicts()
    expect(isDecided({ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J02.0' })).toBe(false)
    expect(isDecided({ system: 'http://snomed.info/sct', code: '1' })).toBe(false)
  })
})
