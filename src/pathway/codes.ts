/**
 * Value sets in memory: which groups does a coding belong to? One look-up a coding, however many sets there are.
 */
import type { CodeMap } from './code-maps.ts'
import {
  type CodeRow,
  type CodeSystem,
  CodeSystems,
  type KnownSystem,
  plainCodes,
  spelling,
} from './code-systems.ts'
import { type MedicineName, MedicineNames } from './medicine-names.ts'

export type { CodeRow } from './code-systems.ts'

/** A column that only some sets have, or the group that all have. */
export function columnOf(row: CodeRow, column: string): string | undefined {
  if (column === 'group') return row.group
  // The row of an ingredient names no other: it is its own.
  return row.columns[column] || (column === 'ingredient' ? row.display.toLowerCase() : undefined)
}

interface Coding {
  system?: string | undefined
  code?: string | undefined
  display?: string | undefined
}

/** What became of one coding. */
interface CodeReading {
  rows: readonly CodeRow[]
  /** A code of a system that we hold: in no value set means that it is none of ours. */
  isHeld: boolean
  /** As it stands, or under another name or spelling of its system, or by the site's own list. */
  how: 'code' | 'alias' | 'local'
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
  /** The same, and whether the coding was understood at all. `words` decide where no system is named. */
  read(coding: Coding, words?: string): CodeReading
  /** A system of which the value sets can hold a part only: a code in none of them may still be of interest. */
  holdsInPart(system: string): boolean
  /** The canonical URI of a code system as senders spell it, or the text itself. */
  canonicalSystem(system: string): string
  /** The name under which Epic takes a code system in suggestions; otherwise the same. */
  epicSystem(system: string): string
  /** Rows whose name, as whole words, stands in a medicine's text. Longer names win within one value set. */
  lookupByName(text: string, sets: ReadonlySet<string>): readonly CodeRow[]
  /** Names of medicines, each as its words. */
  medicineNames(): readonly (readonly string[])[]
  /** A word as it was meant, where it is a slip of a medicine's name; otherwise the word. */
  meantName(word: string): string
  /** A medicine's text with brands, abbreviations and Spanish names put into ingredients. */
  inIngredients(text: string): string
}

const none: readonly CodeRow[] = []

/** Names and codes that are remembered as senders write them: in practice a few thousand, and never more than this. */
const mostNames = 1000
const mostCodes = 50_000
const longestKept = 40

const unread: CodeReading = { rows: none, isHeld: false, how: 'code' }

export interface IndexParts {
  rows: readonly CodeRow[]
  systems: readonly CodeSystem[]
  localCodes: readonly LocalCode[]
  maps: ReadonlyMap<string, CodeMap>
  names: readonly MedicineName[]
}

export function buildCodeIndex({ rows, systems, localCodes, maps, names }: IndexParts): CodeIndex {
  const known = new CodeSystems(systems)
  const bySystem = new Map<string, Map<string, CodeRow[]>>()
  const sets = new Map<string, Set<string>>()
  for (const row of rows) {
    const groups = sets.get(row.set) ?? new Set()
    sets.set(row.set, groups.add(row.group))
    const codes = bySystem.get(row.system) ?? new Map<string, CodeRow[]>()
    bySystem.set(row.system, codes)
    const [code = row.code] = plainCodes(known.ofUri(row.system) ?? {}, row.code)
    const same = codes.get(code)
    if (same) same.push(row)
    else codes.set(code, [row])
  }
  const longest = new Map([...bySystem].map(([uri, codes]) => [uri, longestOf(codes.keys())]))
  const local = localByName(localCodes)

  /** Rows of a code in the spelling of its system. */
  function rowsOf(system: KnownSystem, code: string): readonly CodeRow[] {
    const codes = bySystem.get(system.uri)
    if (!codes) return none
    return system.match === 'prefix'
      ? rowsByPrefix(codes, code, longest.get(system.uri) ?? 0)
      : (codes.get(code) ?? none)
  }

  function readIn(system: KnownSystem, written: string): CodeReading {
    const codes = plainCodes(system, written)
    const fitting = codes.filter((code) => system.fits(code))
    if (fitting.length > 0) {
      if (system.through) return readThrough(system.through, fitting)
      const found = fitting.flatMap((code) => rowsOf(system, code))
      const asWritten = fitting[0] === written || fitting[0] === written.replaceAll('.', '')
      return { rows: found, isHeld: true, how: asWritten ? 'code' : 'alias' }
    }
    for (const name of system['mistaken-for'] ?? []) {
      const other = known.named(name)
      if (other && plainCodes(other, written).every(other.fits))
        return { ...readIn(other, written), how: 'alias' }
    }
    const inside = known.within(written)
    return inside && inside.code !== written
      ? { ...readIn(inside.system, inside.code), how: 'alias' }
      : unread
  }

  /** A code that the map does not know is not understood: no map is whole. */
  function readThrough({ system, map }: { system: string; map: string }, codes: readonly string[]) {
    const target = known.named(system)
    const means = maps.get(map)?.targetOf(codes)
    return target && means !== undefined ? readIn(target, means) : unread
  }

  function readUnder(name: string, written: string): CodeReading {
    // One step only: a local code stands for a standard code, never for another local one.
    const means = local.get(spelling(name))?.get(written.trim())
    if (means) {
      const system = known.named(means.system)
      return system ? { ...readIn(system, means.code), how: 'local' } : unread
    }
    const system = known.named(name)
    if (system) {
      const reading = readIn(system, written)
      return name === system.uri ? reading : { ...reading, how: 'alias' }
    }
    const inside = known.within(written)
    if (inside) return { ...readIn(inside.system, inside.code), how: 'alias' }
    const alike = known.namedAlike(name).filter((each) => plainCodes(each, written).every(each.fits))
    const [only, ...others] = alike
    return only && others.length === 0 ? { ...readIn(only, written), how: 'alias' } : unread
  }

  /** Without a system the words must say the same as the code: its form alone may be a coincidence. */
  function readBare(written: string, words: string): CodeReading {
    const inside = known.within(written)
    if (inside) return { ...readIn(inside.system, inside.code), how: 'alias' }
    const agreeing = known.all.flatMap((system) => {
      const codes = system.form === undefined ? [] : plainCodes(system, written).filter(system.fits)
      return codes.flatMap((code) => rowsOf(system, code)).filter((row) => agree(row.display, words))
    })
    if (agreeing.length > 0) return { rows: agreeing, isHeld: true, how: 'alias' }
    // Nothing that could disagree, and a dot where only one system has one.
    const [only, ...others] = words === '' && written.includes('.') ? fittingAsWritten(written) : []
    return only && others.length === 0 ? { ...readIn(only, written), how: 'alias' } : unread
  }

  const fittingAsWritten = (written: string) =>
    known.all.filter(
      (system) => system.form !== undefined && plainCodes(system, written).every((code) => system.fits(code)),
    )

  let remembered = new Map<string, Map<string, CodeReading>>()
  let kept = 0
  function read({ system, code, display }: Coding, words?: string): CodeReading {
    if (!code) return unread
    if (!system) return readBare(code, words ?? display ?? '')
    let readings = remembered.get(system)
    const before = readings?.get(code)
    if (before) return before
    const reading = readUnder(system, code)
    if (system.length > longestKept * 4 || code.length > longestKept) return reading
    // Begun anew when it is full, so that nobody can fill it once and for all with what never comes again.
    if (kept >= mostCodes || (!readings && remembered.size >= mostNames)) {
      remembered = new Map()
      readings = undefined
      kept = 0
    }
    if (!readings) {
      readings = new Map()
      remembered.set(system, readings)
    }
    readings.set(code, reading)
    kept += 1
    return reading
  }

  const epic = new Map(systems.flatMap(({ uri, epic: name }) => (name === undefined ? [] : [[uri, name]])))
  const named = new MedicineNames(rows, names)
  return {
    rows,
    sets,
    read,
    lookup: (coding) => read(coding).rows,
    holdsInPart: (system) => known.named(system)?.partly === true,
    canonicalSystem: (system) => known.named(system)?.uri ?? system,
    epicSystem: (system) => epic.get(system) ?? system,
    lookupByName: (text, wanted) => named.lookup(text, wanted),
    medicineNames: () => named.all.map(({ words }) => words),
    meantName: (word) => named.meantWord(word),
    inIngredients: (text) => named.inIngredients(text),
  }
}

function localByName(localCodes: readonly LocalCode[]) {
  const local = new Map<string, Map<string, LocalCode['means']>>()
  for (const { system, code, means } of localCodes) {
    const name = spelling(system)
    local.set(name, (local.get(name) ?? new Map()).set(code.trim(), means))
  }
  return local
}

/** They share a word of some length. */
function agree(display: string, words: string): boolean {
  const said = new Set(longWordsOf(words))
  return longWordsOf(display).some((word) => said.has(word))
}

const longWordsOf = (text: string) => wordsOf(text.slice(0, 1000)).filter(({ length }) => length > 3)

const longestOf = (codes: Iterable<string>) => Math.max(0, ...[...codes].map(({ length }) => length))

/** The most specific row of each value set: F11.21 is "in remission", not "opioid dependence" (F11.2). */
function rowsByPrefix(
  codes: ReadonlyMap<string, readonly CodeRow[]>,
  code: string,
  longest: number,
): readonly CodeRow[] {
  let found: readonly CodeRow[] = none
  // A code as long as a book has no more beginnings worth a look than the longest code that we have.
  const encounter = encounterOf(code)
  for (let length = Math.min(code.length, longest); length >= 3; length--) {
    const beginning = code.slice(0, length)
    for (const rows of [encounter && codes.get(`${beginning}~${encounter}`), codes.get(beginning)])
      if (rows) found = found === none ? rows : withOtherSets(found, rows)
  }
  return found
}

/**
 * The seventh character of an injury or of its cause: which encounter. A row `V43~D` stands for the codes below V43
 * that end in D.
 */
const encounterOf = (code: string) => (code.length === 7 && /[A-Z]$/.test(code) ? code.at(-1) : undefined)

function withOtherSets(found: readonly CodeRow[], rows: readonly CodeRow[]): readonly CodeRow[] {
  const seen = new Set(found.map((row) => row.set))
  const others = rows.filter((row) => !seen.has(row.set))
  return others.length > 0 ? [...found, ...others] : found
}

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]{2,}/g) ?? []
