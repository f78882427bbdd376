/** All value sets and maps as the definitions and the reference data have them. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { codesFolder } from '../../pathway/csv.ts'
import { loadDefinitions } from '../../pathway/definitions.ts'
import { readYaml } from '../../pathway/files.ts'
import { Problems } from '../../pathway/problems.ts'
import { systemsFile, type ValueSet } from '../../pathway/schema.ts'
import { checkShape } from '../../pathway/shape.ts'
import { expandSet, familiesOf, type Row, undecidedEntries } from './expand.ts'
import { type Reference, readReference } from './reference.ts'

// The CSV of a value set: what is derived is written anew, what is listed by hand stays as it stands.

const columns = ['system', 'code', 'display', 'group', 'source', 'verified', 'note']

function readRows(text: string): Row[] {
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  return data.map((line) => {
    const { system = '', code = '', display = '', group = '', source = '', verified, note = '' } = line
    const more = Object.fromEntries(Object.entries(line).filter(([name]) => !columns.includes(name)))
    return { system, code, display, group, source, verified: verified === 'yes' ? 'yes' : 'no', note, more }
  })
}

function writeRows(rows: readonly Row[]): string {
  const more = [...new Set(rows.flatMap((row) => Object.keys(row.more)))]
  const lines = rows.map(({ more: own, ...row }) => ({
    ...row,
    ...Object.fromEntries(more.map((name) => [name, own[name] ?? ''])),
  }))
  return `${Papa.unparse(lines, { columns: [...columns, ...more], newline: '\n' })}\n`
}

/**
 * The derived rows, and of the rows that stand there those that the definition calls listed. A listed row goes before a
 * derived one of the same code.
 */
export function mergeRows(
  set: ValueSet,
  derived: readonly Row[],
  standing: readonly Row[],
  isDerived: (source: string) => boolean,
  /** A code that a row above it stands for, or that the definition leaves out. */
  isDecided: (system: string, code: string) => boolean,
  keyOf: (uri: string) => string,
): { rows: Row[]; problems: string[] } {
  const problems: string[] = []
  const name = ({ system, code }: Row) => `${system}|${code}`
  const known = new Set(derived.map(name))
  const listed = standing.filter((row) => {
    if (isDerived(row.source)) return false
    if (set.listed[keyOf(row.system)] !== undefined) return true
    if (!known.has(name(row)) && !isDecided(keyOf(row.system), row.code))
      problems.push(
        `${row.group}: ${keyOf(row.system)} ${row.code} ${row.display}: neither derived nor called listed`,
      )
    return false
  })
  const kept = new Set(listed.map(name))
  const rows = [...listed, ...derived.filter((row) => !kept.has(name(row)))]
  const order = Object.keys(set.groups)
  const place = ({ group }: Row) => order.indexOf(group)
  const text = ({ system, code }: Row) => `${system} ${code}`
  return {
    rows: rows.sort((a, b) => place(a) - place(b) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0)),
    problems,
  }
}

interface Derived {
  /** Text by path. */
  files: ReadonlyMap<string, string>
  problems: readonly string[]
}

/** Undefined without the reference data. @throws ContentError */
export function deriveCodes(root: string, folder: string): Derived | undefined {
  const definitions = loadDefinitions(root)
  const reference = readReference(folder, definitions)
  if (!reference) return undefined
  const uris = systemUris(root)
  const keys = new Map([...uris].map(([key, uri]) => [uri, key]))
  const sources = Object.values(definitions.references).map(({ source }) => source)
  const isDerived = (source: string) =>
    sources.some((each) => source === each || source.startsWith(`${each}: `))
  const families = familiesOf(definitions, reference)
  const files = new Map<string, string>()
  const problems: string[] = []
  const decided = new Set<string>()
  const medicines = new Set<string>()
  for (const [name, set] of Object.entries(definitions.sets)) {
    const own = families.get(name)
    if (!own) continue
    const beside = set.beside.flatMap((other) => families.get(other) ?? [])
    const expansion = expandSet(set, own, beside, definitions, reference, uris)
    for (const each of expansion.decided) decided.add(each)
    const isDecided = (system: string, code: string) =>
      system === 'icd-10-cm' && own.verdictOf(code) !== undefined
    const path = `${codesFolder}/${name}.csv`
    const merged = mergeRows(
      set,
      expansion.rows,
      standingRows(join(root, path)),
      isDerived,
      isDecided,
      (uri) => keys.get(uri) ?? uri,
    )
    for (const { system, code } of merged.rows) if (system === uris.get('rxnorm')) medicines.add(code)
    for (const told of [...expansion.problems, ...merged.problems]) problems.push(`${name}: ${told}`)
    files.set(path, writeRows(merged.rows))
  }
  files.set(`${codesFolder}/maps/ndc.csv`, packageMap(reference.packages, medicines))
  problems.push(...undecidedEntries(definitions, reference, decided))
  return { files, problems }
}

const standingRows = (path: string): Row[] => (existsSync(path) ? readRows(readFileSync(path, 'utf8')) : [])

/** URI by key. @throws ContentError */
function systemUris(root: string): Map<string, string> {
  const problems = new Problems()
  const file = readYaml(root, `${codesFolder}/systems.yaml`, problems)
  const systems = checkShape(systemsFile, file, problems)?.systems ?? {}
  problems.throwIfAny()
  return new Map(Object.entries(systems).map(([key, { uri }]) => [key, uri]))
}

/** Of a US drug code, without those of the package. */
const productDigits = 9

/** The map from US drug codes to RxNorm concepts, as few codes as say the same: for the concepts that some value set holds. A package that is two things at once is left out. */
export function packageMap(packages: Reference['packages'], wanted: ReadonlySet<string>): string {
  const products = new Map<string, Map<string, Set<string>>>()
  for (const { ndc, rxcui } of packages) {
    const product = products.get(ndc.slice(0, productDigits)) ?? new Map<string, Set<string>>()
    products.set(ndc.slice(0, productDigits), product)
    product.set(ndc, (product.get(ndc) ?? new Set()).add(rxcui))
  }
  const codesOf = new Map<string, string[]>()
  const add = (rxcui: string, code: string) => {
    if (wanted.has(rxcui)) codesOf.set(rxcui, [...(codesOf.get(rxcui) ?? []), code])
  }
  for (const [product, own] of products) {
    const [only, ...others] = new Set([...own.values()].flatMap((concepts) => [...concepts]))
    if (only !== undefined && others.length === 0) add(only, product)
    else
      for (const [ndc, concepts] of own) {
        const [single, ...more] = concepts
        if (single !== undefined && more.length === 0) add(single, ndc)
      }
  }
  const lines = [...codesOf]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([rxcui, codes]) => `${rxcui},${codes.sort().join(' ')}`)
  return `${['target,codes', ...lines].join('\n')}\n`
}
