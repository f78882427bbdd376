/** A value set's rows, from its definition and the reference data; and what the definition forgot to decide. */
import type { Definitions, Pick, ValueSet } from '../../pathway/schema.ts'
import { Families, icd9Rows } from './families.ts'
import type { Entry, Reference } from './reference.ts'

// Lists of decisions about the entries of a code system: the first line that fits decides.

/** `asPrefixes`: codes are made of places, so that the beginning of one names a family. */
export function compilePicks(
  picks: readonly Pick[],
  asPrefixes: boolean,
): (entry: Entry) => Pick | undefined {
  const tests = picks.map((pick) => ({ pick, fits: compilePick(pick, asPrefixes) }))
  return (entry) => tests.find(({ fits }) => fits(entry))?.pick
}

function compilePick(pick: Pick, asPrefixes: boolean): (entry: Entry) => boolean {
  const { topics, ingredients, kinds, routes, codes } = pick
  const says = wordTest(pick.words)
  const mustNotSay = wordTest(pick.without)
  const among = (list: readonly string[] | undefined, value: string) =>
    list === undefined || list.includes(value)
  const isNamed = (code: string) =>
    asPrefixes ? codes === undefined || codes.some((each) => code.startsWith(each)) : among(codes, code)
  return (entry) =>
    among(topics, entry.topic) &&
    among(ingredients, entry.ingredient) &&
    among(kinds, entry.kind) &&
    among(routes, entry.route) &&
    isNamed(entry.code) &&
    (says === undefined || says(entry.says)) &&
    (mustNotSay === undefined || !mustNotSay(entry.says))
}

function wordTest(words: readonly string[] | undefined): ((text: string) => boolean) | undefined {
  if (words === undefined) return undefined
  const wanted = words.map((each) => each.toLowerCase())
  return (text) => {
    const said = text.toLowerCase()
    return wanted.some((each) => beginsWord(said, each))
  }
}

function beginsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? '')) return true
  }
  return false
}

export interface Row {
  system: string
  code: string
  display: string
  group: string
  source: string
  verified: 'yes' | 'no'
  note: string
  /** Columns that only some sets have. */
  more: Readonly<Record<string, string>>
}

interface Expansion {
  rows: readonly Row[]
  problems: readonly string[]
  /** Entries that a line decided, by system and code, whichever way. */
  decided: ReadonlySet<string>
}

export function familiesOf({ sets }: Definitions, { icd10 }: Reference): Map<string, Families> {
  return new Map(Object.entries(sets).map(([name, set]) => [name, new Families(set, icd10)]))
}

/** `uris` by key of the system. */
export function expandSet(
  set: ValueSet,
  families: Families,
  beside: readonly Families[],
  { references }: Definitions,
  reference: Reference,
  uris: ReadonlyMap<string, string>,
): Expansion {
  const rowOf = (
    key: string,
    { code, display, group }: { code: string; display: string; group: string },
  ): Row => ({
    system: uris.get(key) ?? key,
    code,
    display,
    group,
    source: references[key]?.source ?? '',
    verified: 'yes',
    note: '',
    more: {},
  })
  const own = families.rows
  const icd9 = icd9Rows(set, families, reference.gem)
  const picked = Object.keys(set.picks).map((key) => pickRows(key, set, reference, uris.get(key) ?? key))
  return {
    rows: [
      ...[...own, ...laterEncounters(set, own)].map((row) => rowOf('icd-10-cm', row)),
      ...icd9.rows.map((row) => rowOf('icd-9-cm', row)),
      ...picked.flatMap(({ rows }) => rows),
    ],
    problems: [...families.problems, ...families.forgotten(beside), ...icd9.undecided],
    decided: new Set(picked.flatMap(({ decided }) => decided)),
  }
}

const encounters: Readonly<Record<string, string>> = { D: 'subsequent encounter', S: 'sequela' }

/** The codes of another group as they end in a later encounter: a row for each code above them and each ending. */
function laterEncounters(set: ValueSet, rows: Families['rows']) {
  return Object.entries(set.groups).flatMap(([group, { 'later-encounters-of': first = [], ends = '' }]) =>
    rows
      .filter((row) => first.includes(row.group))
      .flatMap(({ code, display }) =>
        [...ends].map((end) => ({
          code: `${code}~${end}`,
          display: `${display}, ${encounters[end] ?? 'later encounter'}`,
          group,
        })),
      ),
  )
}

const key = (system: string, { code, topic }: Entry) => `${system}|${topic}|${code}`

function pickRows(system: string, set: ValueSet, reference: Reference, uri: string) {
  const decide = compilePicks(set.picks[system] ?? [], system === 'icd-10-pcs')
  const decided: string[] = []
  const taken = new Map<string, { row: Row; ingredients: Set<string> }>()
  for (const entry of reference.entries.get(system) ?? []) {
    const pick = decide(entry)
    if (!pick) continue
    decided.push(key(system, entry))
    if (pick.group === undefined) continue
    const known = taken.get(entry.code)
    if (known) {
      if (entry.ingredient) known.ingredients.add(entry.ingredient)
      continue
    }
    const { code, display, source, verified, kind } = entry
    const row: Row = {
      system: uri,
      code,
      display,
      group: pick.group,
      source,
      verified: verified ? 'yes' : 'no',
      note: '',
      more: { ...(system === 'rxnorm' ? { tty: kind } : {}), ...pick.columns },
    }
    taken.set(code, { row, ingredients: new Set(entry.ingredient ? [entry.ingredient] : []) })
  }
  const rows = [...taken.values()].map(({ row, ingredients }) =>
    ingredients.size === 0
      ? row
      : { ...row, more: { ...row.more, ingredient: [...ingredients].sort().join(' / ') } },
  )
  return {
    rows: system === 'icd-10-pcs' ? asFamilies(rows, reference.entries.get(system) ?? []) : rows,
    decided,
  }
}

/** Places of an ICD-10-PCS code that name the operation and the part of the body. */
const operationAndPart = 4

/** One row for all codes of one operation on one part of the body, where all are in the same group. */
function asFamilies(rows: readonly Row[], entries: readonly Entry[]): Row[] {
  const family = (code: string) => code.slice(0, operationAndPart)
  const groups = new Map(rows.map(({ code, group }) => [code, group]))
  const mixed = new Set<string>()
  const first = new Map<string, string | undefined>()
  for (const { code } of entries) {
    const name = family(code)
    if (!first.has(name)) first.set(name, groups.get(code))
    else if (first.get(name) !== groups.get(code)) mixed.add(name)
  }
  const written = new Map<string, Row>()
  for (const row of rows) {
    const code = mixed.has(family(row.code)) ? row.code : family(row.code)
    const display =
      code === row.code ? row.display : (row.display.split(/ with | using |, /)[0] ?? row.display)
    if (!written.has(code)) written.set(code, { ...row, code, display })
  }
  return [...written.values()]
}

/** Entries of the topics that some set reads, which no set decides. */
export function undecidedEntries(
  { references }: Definitions,
  reference: Reference,
  decided: ReadonlySet<string>,
): string[] {
  const told: string[] = []
  for (const [system, entries] of reference.entries) {
    const unread = references[system]?.['unread-topics'] ?? {}
    for (const entry of entries) {
      if (unread[entry.topic] !== undefined || decided.has(key(system, entry))) continue
      told.push(
        `${system} ${entry.code} ${entry.display} (${entry.topic}): no value set takes it or leaves it out`,
      )
    }
  }
  return told
}
