/** References to value sets, their groups and their columns: by facts, by words, and by queries. */
import { columnOf } from '../codes.ts'
import { type Codes, type Draft, entryOf } from '../draft.ts'
import { familiesIn } from '../families.ts'
import type { Path } from '../files.ts'
import { type Place, type Problems, unknownName } from '../problems.ts'
import { type CodeGroups, wordGroups } from '../schema.ts'

type PlaceOf = (...path: Path) => Place

/** `{ d08-redflag-cauda-equina: [cauda-equina] }`; `place` points below the key that holds it. */
export function checkGroups(
  { index, columns }: Codes,
  groups: CodeGroups,
  place: PlaceOf,
  problems: Problems,
) {
  for (const [set, names] of Object.entries(groups)) {
    const known = set === wordGroups.set ? new Set<string>(wordGroups.names) : index.sets.get(set)
    if (set !== wordGroups.set && !columns.has(set))
      problems.add(place(set), unknownName('value set', set, columns.keys()))
    for (const [at, name] of names.entries()) {
      if (known && !known.has(name)) problems.add(place(set, at), unknownName(`group of ${set}`, name, known))
    }
  }
}

export function checkSets({ columns }: Codes, sets: readonly string[], place: PlaceOf, problems: Problems) {
  for (const [at, set] of sets.entries()) {
    if (!columns.has(set)) problems.add(place(at), unknownName('value set', set, columns.keys()))
  }
}

/** The column exists in one of the sets, and each wanted value stands in it at least once. */
export function checkColumn(
  { index, columns }: Codes,
  sets: readonly string[],
  column: string,
  wanted: readonly { value: string; place: Place }[],
  place: Place,
  problems: Problems,
) {
  const read = sets.filter((set) => index.sets.has(set))
  if (read.length === 0) return
  const known = new Set(['group', ...read.flatMap((set) => [...(columns.get(set) ?? [])])])
  if (!known.has(column)) {
    problems.add(place, unknownName(`column of ${read.join(', ')}`, column, known))
    return
  }
  const values = new Set(
    index.rows.filter(({ set }) => read.includes(set)).map((row) => columnOf(row, column) ?? ''),
  )
  for (const { value, place: where } of wanted) {
    if (!values.has(value)) problems.add(where, unknownName(`value of column "${column}"`, value, values))
  }
}

/** Codes that narrow a set must have something to narrow: a row of these groups, or one above or below it. */
export function checkCodes(
  { index }: Codes,
  groups: CodeGroups,
  codes: readonly string[],
  place: PlaceOf,
  problems: Problems,
) {
  const rows = index.rows.filter(({ set, group }) => groups[set]?.includes(group))
  if (rows.length === 0) return
  for (const [at, code] of codes.entries()) {
    if (!rows.some((row) => row.code.startsWith(code) || code.startsWith(row.code))) {
      problems.add(place(at), `code "${code}" is in none of these groups: mend it, or leave it out`)
    }
  }
}

export function checkNames(
  { index }: Codes,
  groups: CodeGroups,
  names: readonly string[],
  place: PlaceOf,
  problems: Problems,
) {
  const rows = index.rows.filter(({ set, group }) => groups[set]?.includes(group))
  for (const [at, name] of names.entries()) {
    const held = rows.some(({ display }) => display.toLowerCase().includes(name.toLowerCase()))
    if (!held && rows.length > 0) {
      problems.add(place(at), `no row of these groups is named "${name}": mend it, or leave it out`)
    }
  }
}

/** Words stand for groups that exist, and name families that stand before them. */
export function checkMeanings({ meanings, codes }: Draft, problems: Problems) {
  for (const { value, place } of entryOf(meanings)) {
    const families = new Set<string>()
    const check = (terms: readonly string[], where: Place) => {
      for (const name of terms.flatMap(familiesIn))
        if (!families.has(name)) problems.add(where, unknownName('family', name, families))
    }
    for (const [name, members] of Object.entries(value.families)) {
      check(members, place('families', name))
      families.add(name)
    }
    for (const [at, entry] of value.meanings.entries()) {
      check(entry.terms, place('meanings', at, 'terms'))
      if ('means' in entry)
        checkGroups(codes, entry.means, (...path) => place('meanings', at, 'means', ...path), problems)
    }
    const { set } = value.imaging
    if (!codes.columns.has(set))
      problems.add(place('imaging', 'set'), unknownName('value set', set, codes.columns.keys()))
  }
}

/** Queries ask by what exists, and in an order that their answers can prove. */
export function checkQueries({ queries, codes }: Draft, problems: Problems) {
  for (const { value: query, place } of queries.entries) {
    for (const [at, { codes: groups }] of query['never-observed'].entries()) {
      checkGroups(codes, groups, (...path) => place('never-observed', at, 'codes', ...path), problems)
    }
    if (query.search.includes('_sort=-') !== query['dated-by'].length > 0) {
      problems.add(
        place('search'),
        'asks for the newest first, or names their date in dated-by, and not both: give `_sort=-` and `dated-by` together',
      )
    }
    if (query.search.includes('{codes}') !== query['codes-of'].length > 0) {
      problems.add(place('search'), 'give {codes} and the code systems that they are of (codes-of) together')
    }
  }
}
