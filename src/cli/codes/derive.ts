/** All value sets and maps as the definitions and the reference data have them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codesFolder } from '../../pathway/csv.ts'
import { loadDefinitions } from '../../pathway/definitions.ts'
import { readYaml } from '../../pathway/files.ts'
import { Problems } from '../../pathway/problems.ts'
import { systemsFile } from '../../pathway/schema.ts'
import { checkShape } from '../../pathway/shape.ts'
import { expandSet, familiesOf, type Row, undecidedEntries } from './expand.ts'
import { type Reference, readReference } from './reference.ts'
import { mergeRows, readRows, writeRows } from './rows.ts'

export interface Derived {
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
