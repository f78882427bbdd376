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

/** What is known under one name of a code system. */
interface NamedSystem {
  /** Rows by code; where matching is by prefix, by code without dot. */
  codes: ReadonlyMap<string, readonly CodeRow[]> | undefined
  /** Length of its longest code where a code stands for all that begin with it. */
  longestPrefix: number | undefined
  /** The site's own codes under this name, and what they stand for. */
  local: ReadonlyMap<string, LocalCode['means']> | undefined
}

/** Names of code systems that are remembered as senders write them: in practice a few, and never more than this. */
const mostNames = 1000
const longestName = 200

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
  const local = new Map<string, Map<string, LocalCode['means']>>()
  for (const { system, code, means } of localCodes) {
    const name = spelling(system)
    local.set(name, (local.get(name) ?? new Map()).set(code, means))
  }

  const longestPrefixes = new Map(
    [...prefixSystems].map((uri) => [uri, longestOf(bySystem.get(uri)?.keys() ?? [])]),
  )
  const byName = new Map<string, NamedSystem>()
  function systemOf(name: string): NamedSystem {
    const known = byName.get(name)
    if (known) return known
    const uri = canonicalSystem(name)
    const found = {
      codes: bySystem.get(uri),
      longestPrefix: longestPrefixes.get(uri),
      local: local.get(spelling(name)),
    }
    if (byName.size < mostNames && name.length <= longestName) byName.set(name, found)
    return found
  }

  function lookup({ system, code }: Coding): readonly CodeRow[] {
    if (!system || !code) return none
    const named = systemOf(system)
    // One step only: a local code stands for a standard code, never for another local one.
    const means = named.local?.get(code)
    return means ? standardRows(systemOf(means.system), means.code) : standardRows(named, code)
  }

  function standardRows({ codes, longestPrefix }: NamedSystem, code: string): readonly CodeRow[] {
    if (!codes) return none
    return longestPrefix === undefined
      ? (codes.get(code.trim()) ?? none)
      : rowsByPrefix(codes, withoutDot(code), longestPrefix)
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

const withoutDot = (code: string) => code.replaceAll('.', '').trim().toUpperCase()

const longestOf = (codes: Iterable<string>) => Math.max(...[...codes].map(({ length }) => length))

/** The most specific row of each value set: F11.21 is "in remission", not "opioid dependence" (F11.2). */
function rowsByPrefix(
  codes: ReadonlyMap<string, readonly CodeRow[]>,
  code: string,
  longest: number,
): readonly CodeRow[] {
  let found: readonly CodeRow[] = none
  // A code as long as a book has no more beginnings worth a look than the longest code that we have.
  for (let length = Math.min(code.length, longest); length >= 3; length--) {
    const rows = codes.get(code.slice(0, length))
    if (rows) found = found === none ? rows : withOtherSets(found, rows)
  }
  return found
}

function withOtherSets(found: readonly CodeRow[], rows: readonly CodeRow[]): readonly CodeRow[] {
  const seen = new Set(found.map((row) => row.set))
  const others = rows.filter((row) => !seen.has(row.set))
  return others.length > 0 ? [...found, ...others] : found
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
    const said = wordsOf(text)
    if (!said.some((word) => this.#byWord.has(word))) return none
    const words = new Set(said)
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
