/** Codes that stand for a code of another system: packages of US drug codes for a RxNorm concept. */

import { readText } from './files.ts'
import type { Problems } from './problems.ts'

export interface CodeMap {
  /** By code. */
  targets: ReadonlyMap<string, string>
  /** What all of these codes stand for; undefined when none is known, or when they stand for different things. */
  targetOf(codes: readonly string[]): string | undefined
}

/** Without the package a code has this many digits. */
const productDigits = 9

/**
 * One line for each target: `target,code code …`. A code of a whole product stands for all its packages, unless a
 * package has a line of its own.
 */
export function readCodeMap(root: string, name: string, problems: Problems): CodeMap {
  const file = `pathway/codes/maps/${name}.csv`
  const targets = new Map<string, string>()
  const [header, ...lines] = (readText(root, file, problems) ?? '').trim().split('\n')
  if (header !== undefined && header !== 'target,codes') {
    problems.add({ file, line: 1 }, 'must begin with the line "target,codes"')
  }
  for (const [at, line] of lines.entries()) {
    const [target, codes, ...more] = line.split(',')
    if (!target || !codes || more.length > 0) {
      problems.add({ file, line: at + 2 }, 'is not a target, a comma, and codes with a blank between them')
      continue
    }
    for (const code of codes.split(' ')) {
      const other = targets.get(code)
      if (other !== undefined && other !== target) {
        problems.add({ file, line: at + 2 }, `${code} stands for ${other} already`)
      }
      targets.set(code, target)
    }
  }
  return codeMapOf(targets)
}

export function codeMapOf(targets: ReadonlyMap<string, string>): CodeMap {
  const targetOfOne = (code: string) => targets.get(code) ?? targets.get(code.slice(0, productDigits))
  return {
    targets,
    targetOf(codes) {
      const [only, ...others] = new Set(codes.flatMap((code) => targetOfOne(code) ?? []))
      return others.length === 0 ? only : undefined
    },
  }
}
