/** A value set's rows, from its definition and the reference data; and what the definition forgot to decide. */
import type { Definitions, ValueSet } from '../../pathway/schema.ts'
import { Families } from './families.ts'
import { icd9Rows } from './gem.ts'
import { compilePicks } from './picks.ts'
import type { Entry, Reference } from './reference.ts'

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

export interface Expansion {
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
