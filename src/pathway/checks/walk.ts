/** Finds things at any depth of a value, with the path at which they stand. */
import type { Path } from '../files.ts'

export interface Found<T> {
  value: T
  path: Path
}

/** All texts, numbers and truth values below a value. */
export function leavesOf(value: unknown, path: Path = []): Found<unknown>[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => leavesOf(each, [...path, at]))
  if (typeof value !== 'object' || value === null) return [{ value, path }]
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))
}

/** `$imaging-wait-days` wherever it is a whole value; the name is given without the dollar sign. */
export function parametersIn(value: unknown): Found<string>[] {
  return leavesOf(value).flatMap(({ value: leaf, path }) =>
    typeof leaf === 'string' && /^\$[a-z][a-z0-9-]*$/.test(leaf) ? [{ value: leaf.slice(1), path }] : [],
  )
}

const comparators = ['at-least', 'at-most', 'below']

/** Numbers that a comparison names directly. */
export function bareNumbersIn(value: unknown): Found<number>[] {
  return leavesOf(value).flatMap(({ value: leaf, path }) =>
    typeof leaf === 'number' && comparators.includes(String(path.at(-1))) ? [{ value: leaf, path }] : [],
  )
}

/** Values of a key at any depth: all `cites` below a file. */
export function valuesOf(value: unknown, key: string, path: Path = []): Found<unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return steps.flatMap(([step, each]) =>
    step === key ? [{ value: each, path: [...path, step] }] : valuesOf(each, key, [...path, step]),
  )
}
