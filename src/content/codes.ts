/**
 * Value sets in memory: which groups does a coding belong to? One look-up a coding, however many sets there are.
 */
export interface CodeRow {
  /** Value set, by file name without `.csv`. */
  set: string
  group: string
  /** `set/group`, the key by which facts ask. */
  key: string
  system: string
  code: string
  display: string
  source: string
  verified: boolean
  /** Columns that only some sets have: modality, contrast, region, er_la, ingredient, mme_factor_cdc2022. */
  columns: Readonly<Record<string, string>>
}

/** A column that only some sets have, or the group that all have. */
export const columnOf = (row: CodeRow, column: string) =>
  column === 'group' ? row.group : row.columns[column]

export interface Coding {
  system?: string | undefined
  code?: string | undefined
  display?: string | undefined
}

export interface CodeSystem {
  uri: string
  aliases: readonly string[]
  match: 'exact' | 'prefix'
  /** How Epic names it in suggestions. */
  epic?: string | undefined
}

export interface LocalCode {
  system: string
  code: string
  means: { system: string; code: string }
}

export interface CodeIndex {
  rows: readonly CodeRow[]
  /** Value sets and their groups, for checking content. */
  sets: ReadonlyMap<string, ReadonlySet<string>>
  /** Rows that this coding belongs to; at most one a value set where matching is by prefix. */
  lookup(coding: Coding): readonly CodeRow[]
  /** The canonical URI of a code system as senders spell it, or the text itself. */
  canonicalSystem(system: string): string
  /** The name under which Epic takes a code system in suggestions; otherwise the same. */
  epicSystem(system: string): string
  /** Rows whose name, as whole words, stands in a medicine's text. Longer names win within one value set. */
  lookupByName(text: string, sets: ReadonlySet<string>): readonly CodeRow[]
}

const none: readonly CodeRow[] = []

export function buildCodeIndex(
  rows: readonly CodeRow[],
  systems: readonly CodeSystem[],
  localCodes: readonly LocalCode[] = [],
): CodeIndex {
  const canonical = new Map<string, string>()
  const prefixSystems = new Set<string>()
  const epic = new Map<string, string>()
  for (const { uri, aliases, match, epic: name } of systems) {
    if (name !== undefined) epic.set(uri, name)
    for (const name of [uri, ...aliases]) canonical.set(spelling(name), uri)
    if (match === 'prefix') prefixSystems.add(uri)
  }
  const canonicalSystem = (system: string) => {
    const name = spelling(system)
    return canonical.get(system) ?? canonical.get(name) ?? canonical.get(withoutEdition(name)) ?? system
  }

  const bySystem = new Map<string, Map<string, CodeRow[]>>()
  const sets = new Map<string, Set<string>>()
  for (const row of rows) {
    const groups = sets.get(row.set) ?? new Set()
    sets.set(row.set, groups.add(row.group))
    const codes = bySystem.get(row.system) ?? new Map<string, CodeRow[]>()
    bySystem.set(row.system, codes)
    const code = prefixSystems.has(row.system) ? withoutDot(row.code) : row.code
    const same = codes.get(code)
    if (same) same.push(row)
    else codes.set(code, [row])
  }
  const localKey = (system: string, code: string) => `${spelling(system)}|${code}`
  const local = new Map(localCodes.map(({ system, code, means }) => [localKey(system, code), means]))

  const longest = new Map([...bySystem].map(([system, codes]) => [system, longestOf(codes.keys())]))

  function lookup(coding: Coding): readonly CodeRow[] {
    if (!coding.system || !coding.code) return none
    // One step only: a local code stands for a standard code, never for another local one.
    const means = local.size > 0 ? local.get(localKey(coding.system, coding.code)) : undefined
    return standardRows(means?.system ?? coding.system, means?.code ?? coding.code)
  }

  function standardRows(sender: string, code: string): readonly CodeRow[] {
    const system = canonicalSystem(sender)
    const codes = bySystem.get(system)
    if (!codes) return none
    return prefixSystems.has(system)
      ? longestPrefix(codes, withoutDot(code), longest.get(system) ?? 0)
      : (codes.get(code.trim()) ?? none)
  }

  const names = new NameIndex(rows)
  return {
    rows,
    sets,
    lookup,
    canonicalSystem,
    epicSystem: (system) => epic.get(system) ?? system,
    lookupByName: (text, wanted) => names.lookup(text, wanted),
  }
}

/** Senders write "http: //snomed.info/sct", "HTTP://loinc.org/": compare without blanks, case, closing slash. */
export const spelling = (system: string) => system.replace(/\s+/g, '').replace(/\/+$/, '').toLowerCase()

/** An edition or a version behind the system: ".../sct/731000124108/version/20250301", "...|2.77". */
const withoutEdition = (name: string) =>
  name.replace(/\|.*$/, '').replace(/(\/\d+(-\d)?)?(\/version\/\w+)?\/*$/, '')

const withoutDot = (code: string) => code.replace(/\./g, '').trim().toUpperCase()

const longestOf = (codes: Iterable<string>) => Math.max(...[...codes].map(({ length }) => length))

/** The most specific row of each value set: F11.21 is "in remission", not "opioid dependence" (F11.2). */
function longestPrefix(codes: Map<string, CodeRow[]>, code: string, longest: number): readonly CodeRow[] {
  let found: CodeRow[] | undefined
  // A code as long as a book has no more beginnings worth a look than the longest code that we have.
  for (let length = Math.min(code.length, longest); length >= 3; length--) {
    const rows = codes.get(code.slice(0, length))
    if (!rows) continue
    if (!found) {
      found = [...rows]
      continue
    }
    const seen = new Set(found.map((row) => row.set))
    for (const row of rows) if (!seen.has(row.set)) found.push(row)
  }
  return found ?? none
}

/** Ingredient names only: a display with a strength or a comma is a product or a class, not a name. */
const ingredientName = /^[a-z][a-z /-]+$/i

class NameIndex {
  readonly #byWord = new Map<string, { words: string[]; row: CodeRow }[]>()

  constructor(rows: readonly CodeRow[]) {
    for (const row of rows) {
      if (!ingredientName.test(row.display)) continue
      const words = wordsOf(row.display)
      const [first] = words
      if (!first) continue
      const same = this.#byWord.get(first) ?? []
      this.#byWord.set(first, same)
      same.push({ words, row })
    }
  }

  lookup(text: string, sets: ReadonlySet<string>): readonly CodeRow[] {
    const words = new Set(wordsOf(text))
    const best = new Map<string, { length: number; rows: CodeRow[] }>()
    for (const word of words) {
      for (const candidate of this.#byWord.get(word) ?? []) {
        const { row } = candidate
        if (!sets.has(row.set) || !candidate.words.every((each) => words.has(each))) continue
        const length = candidate.words.length
        const known = best.get(row.set)
        if (!known || length > known.length) best.set(row.set, { length, rows: [row] })
        else if (length === known.length) known.rows.push(row)
      }
    }
    return [...best.values()].flatMap(({ rows }) => rows)
  }
}

/** Split at hyphens too: senders write "hydrocodone-acetaminophen". */
const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]{2,}/g) ?? []
