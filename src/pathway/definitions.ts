/** The definitions of all value sets, held against the sets as they are written. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CodeIndex, CodeRow } from './codes.ts'
import { type Path, readYaml, type YamlFile } from './files.ts'
import { type Place, Problems, unknownName } from './problems.ts'
import { type Definitions, definitionsFile, type ValueSet } from './schema.ts'
import { checkShape } from './shape.ts'

const definitionsPath = 'pathway/codes/definitions.yaml'

/** @throws ContentError */
export function loadDefinitions(root: string): Definitions {
  const problems = new Problems()
  const definitions = readDefinitions(root, problems).value
  problems.throwIfAny()
  if (!definitions) throw new Error(`${definitionsPath} is incomplete`)
  return definitions
}

function readDefinitions(
  root: string,
  problems: Problems,
): { file: YamlFile | undefined; value: Definitions | undefined } {
  const file = readYaml(root, definitionsPath, problems)
  return { file, value: checkShape(definitionsFile, file, problems) }
}

type PlaceOf = (...path: Path) => Place

/** Value sets against their definitions; a folder without definitions may do without. */
export function checkDefinitions(root: string, codes: CodeIndex, problems: Problems) {
  if (!existsSync(resolve(root, definitionsPath))) return
  const { file, value } = readDefinitions(root, problems)
  if (!file || !value) return
  const place: PlaceOf = (...path) => file.place(path)
  checkRows(codes, value, place, problems)
  for (const [set, definition] of Object.entries(value.sets)) {
    const inSet: PlaceOf = (...path) => file.place(['sets', set, ...path])
    checkSet(set, definition, value, inSet, problems)
    for (const [at, groups] of definition['exclude-each-other'].entries()) {
      const keys = groups.map((group) => `${set}/${group}`)
      checkExclusion(codes, keys, inSet('exclude-each-other', at), problems)
    }
  }
  for (const [at, keys] of value['exclude-each-other'].entries()) {
    checkExclusion(codes, keys, place('exclude-each-other', at), problems)
  }
}

/** Every set and group has a definition, and every definition a row. */
function checkRows({ sets }: CodeIndex, { sets: defined }: Definitions, place: PlaceOf, problems: Problems) {
  for (const [set, groups] of sets) {
    const definition = defined[set]
    if (!definition) problems.add(place('sets'), `value set "${set}" has no definition: say what it holds`)
    const names = Object.keys(definition?.groups ?? {})
    for (const group of groups) {
      if (definition && !names.includes(group))
        problems.add(place('sets', set, 'groups'), `${unknownName('group', group, names)} (its rows name it)`)
    }
    for (const group of names) {
      if (!groups.has(group))
        problems.add(place('sets', set, 'groups', group), `no row of ${set} is in "${group}"`)
    }
  }
  for (const set of Object.keys(defined)) {
    if (!sets.has(set)) problems.add(place('sets', set), `there is no value set "${set}"`)
  }
}

/** Names that a definition uses are names that it, or another one, defines. */
function checkSet(
  set: string,
  definition: ValueSet,
  { sets }: Definitions,
  place: PlaceOf,
  problems: Problems,
) {
  const names = Object.keys(definition.groups)
  const check = (group: string, where: Place) => {
    if (!names.includes(group)) problems.add(where, unknownName(`group of ${set}`, group, names))
  }
  for (const [system, lines] of Object.entries(definition.picks)) {
    for (const [at, { group }] of lines.entries())
      if (group !== undefined) check(group, place('picks', system, at))
  }
  for (const [group, { 'later-encounters-of': others = [] }] of Object.entries(definition.groups))
    for (const other of others) check(other, place('groups', group, 'later-encounters-of'))
  for (const [at, groups] of definition['exclude-each-other'].entries())
    for (const group of groups) check(group, place('exclude-each-other', at))
  for (const [at, other] of definition.beside.entries()) {
    if (!sets[other]) problems.add(place('beside', at), unknownName('value set', other, Object.keys(sets)))
  }
}

/** No code may stand in two of these groups, by a row of its own or by one above it. */
function checkExclusion(codes: CodeIndex, keys: readonly string[], place: Place, problems: Problems) {
  const known = new Set(codes.rows.map(({ key }) => key))
  for (const key of keys) if (!known.has(key)) problems.add(place, unknownName('group', key, known))
  for (const row of codes.rows) {
    if (!keys.includes(row.key)) continue
    const others = codes.lookup(row).filter(({ key }) => key !== row.key && keys.includes(key))
    for (const { key } of others)
      problems.add(place, `${told(row)} is in ${row.key} and in ${key}, which exclude each other`)
  }
}

const told = ({ code, display }: CodeRow) => `${code} ${display}`
