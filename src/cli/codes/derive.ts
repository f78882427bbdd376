/** All value sets and maps as the definitions and the reference data have them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codesFolder } from '../../content/csv.ts'
import { loadDefinitions } from '../../content/definitions.ts'
import { readYaml } from '../../content/files.ts'
import { Problems } from '../../content/problems.ts'
import { systemsFile } from '../../content/schema.ts'
import { checkShape } from '../../content/shape.ts'
import { expandSet, familiesOf, type Row, undecidedEntries } from './expand.ts'
import { packageMap } from './packages.ts'
import { readReference } from './reference.ts'
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
