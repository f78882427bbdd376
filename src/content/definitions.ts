/** The definitions of all value sets, held against the sets as they are written. */
import type { CodeRow } from './codes.ts'
import { readYaml, type YamlFile } from './files.ts'
import { Problems, unknownName } from './problems.ts'
import { type Definitions, definitionsFile } from './schema.ts'
import { checkShape } from './shape.ts'

export const definitionsPath = 'pathway/codes/definitions.yaml'

/** @throws ContentError */
export function loadDefinitions(root: string): Definitions {
  const problems = new Problems()
  const definitions = readDefinitions(root, problems).value
  problems.throwIfAny()
  if (!definitions) throw new Error(`${definitionsPath} is incomplete`)
  return definitions
}

export function readDefinitions(
  root: string,
  problems: Problems,
): { file: YamlFile | undefined; value: Definitions | undefined } {
  const file = readYaml(root, definitionsPath, problems)
  return { file, value: checkShape(definitionsFile, file, problems) }
}

/** Every set and group has a definition, and every definition a row. */
export function checkDefinitions(root: string, rows: readonly CodeRow[], problems: Problems) {
  const { file, value } = readDefinitions(root, problems)
  if (!file || !value) return
  const written = new Map<string, Set<string>>()
  for (const { set, group } of rows) written.set(set, (written.get(set) ?? new Set()).add(group))
  for (const [set, groups] of written) {
    const defined = value.sets[set]
    if (!defined) {
      problems.add(file.place(['sets']), `value set "${set}" has no definition: say what it holds`)
      continue
    }
    for (const group of groups) {
      if (defined.groups[group]) continue
      const names = Object.keys(defined.groups)
      problems.add(
        file.place(['sets', set, 'groups']),
        unknownName(`group of ${set} in its rows`, group, names),
      )
    }
  }
  for (const [set, { groups, picks, ...rest }] of Object.entries(value.sets)) {
    const place = (...path: PropertyKey[]) => file.place(['sets', set, ...path])
    for (const group of Object.keys(groups)) {
      if (!written.get(set)?.has(group))
        problems.add(place('groups', group), `no row of ${set} is in "${group}"`)
    }
    for (const [system, lines] of Object.entries(picks)) {
      for (const [at, { group }] of lines.entries()) {
        if (group === undefined || groups[group]) continue
        problems.add(place('picks', system, at), unknownName(`group of ${set}`, group, Object.keys(groups)))
      }
    }
    for (const [at, names] of rest['exclude-each-other'].entries()) {
      for (const name of names) {
        if (!groups[name])
          problems.add(
            place('exclude-each-other', at),
            unknownName(`group of ${set}`, name, Object.keys(groups)),
          )
      }
    }
    for (const [at, other] of rest.beside.entries()) {
      if (!value.sets[other])
        problems.add(place('beside', at), unknownName('value set', other, Object.keys(value.sets)))
    }
  }
}
