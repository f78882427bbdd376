/** Which group of a value set an ICD-10-CM code falls into by the set's definition, and the fewest rows that say so. */
import type { ValueSet } from '../../pathway/schema.ts'
import { type GemLine, type Icd10Tree, withoutDot } from './reference.ts'

type Verdict = { group: string } | { because: string }

export class Families {
  readonly #tree: Icd10Tree
  readonly #verdicts = new Map<string, Verdict>()
  readonly problems: string[] = []

  constructor(set: ValueSet, tree: Icd10Tree) {
    this.#tree = tree
    for (const [group, { 'icd-10-cm': codes = [] }] of Object.entries(set.groups)) {
      for (const written of codes) this.#add(written, { group })
    }
    for (const { 'icd-10-cm': codes = [], because } of set['left-out']) {
      for (const written of codes) this.#add(written, { because })
    }
  }

  #add(written: string, verdict: Verdict) {
    const family = this.#tree.family(written)
    for (const key of family) {
      if (!this.#tree.get(key)) this.problems.push(`${written} is no code of ICD-10-CM`)
      else if (this.#verdicts.has(key)) this.problems.push(`${written} is decided twice`)
      this.#verdicts.set(key, verdict)
    }
    if (family.length === 0) this.problems.push(`${written} holds no code of ICD-10-CM`)
  }

  /** By the nearest code above it that is decided, itself included. */
  verdictOf(code: string): Verdict | undefined {
    let key: string | undefined = withoutDot(code)
    while (key !== undefined) {
      const verdict = this.#verdicts.get(key)
      if (verdict) return verdict
      key = this.#tree.parent(key)
    }
    return undefined
  }

  /** Also where a header is decided by its parts, all alike. */
  groupOf(code: string): string | undefined {
    const groups = new Set(
      this.#tree.leaves(withoutDot(code)).map((leaf) => {
        const verdict = this.verdictOf(leaf)
        return verdict && 'group' in verdict ? verdict.group : undefined
      }),
    )
    const [only, ...others] = groups
    return others.length === 0 ? only : undefined
  }

  get rows(): { code: string; display: string; group: string }[] {
    const rows: { code: string; display: string; group: string }[] = []
    const write = (key: string, group: string) => {
      const known = this.#tree.get(key)
      if (!known) return
      if (!this.#holdsLeftOut(key)) rows.push({ ...known, group })
      else for (const child of this.#tree.children(key)) if (!this.#verdicts.has(child)) write(child, group)
    }
    for (const [key, verdict] of this.#verdicts) {
      if (!('group' in verdict)) continue
      const above = this.#tree.parent(key)
      const before = above === undefined ? undefined : this.verdictOf(above)
      if (before && 'group' in before && before.group === verdict.group)
        this.problems.push(
          `${this.#tree.get(key)?.code ?? key} is in "${verdict.group}" by a code above it already`,
        )
      else write(key, verdict.group)
    }
    return rows
  }

  #holdsLeftOut(key: string): boolean {
    return this.#tree.children(key).some((child) => {
      const verdict = this.#verdicts.get(child)
      return (verdict && 'because' in verdict) || this.#holdsLeftOut(child)
    })
  }

  /** Neighbours of the codes taken that are decided neither here nor in a set beside it. */
  forgotten(beside: readonly Families[]): string[] {
    const isDecided = (key: string): boolean => {
      const here = [this, ...beside].some((each) => each.verdictOf(key) !== undefined)
      const children = this.#tree.children(key)
      return here || (children.length > 0 && children.every(isDecided))
    }
    const open = new Set<string>()
    for (const [key, verdict] of this.#verdicts) {
      const parent = 'group' in verdict ? this.#tree.parent(key) : undefined
      if (parent === undefined) continue
      for (const sibling of this.#tree.children(parent)) if (!isDecided(sibling)) open.add(sibling)
    }
    return [...open].sort().map((key) => {
      const { code, display } = this.#tree.get(key) ?? { code: key, display: '' }
      return `${code} ${display}: beside a code of the set, and neither in it nor left out`
    })
  }
}

// ICD-9-CM codes of a value set, by the general equivalence mapping to its ICD-10-CM codes.

interface Icd9Row {
  code: string
  display: string
  group: string
}

/** `A-B` among codes of one length; or a code with all that begins with it. */
function holds(written: string, code: string): boolean {
  const [from = '', to] = written.split('-')
  if (to === undefined) return code.startsWith(from)
  const head = code.slice(0, from.length)
  return head >= from && head <= to
}

/**
 * A code belongs to a group when all it may be translated to is in that group, and nothing outside the group is
 * translated to it. Any other code that touches the set must be decided by hand, as most are broader than the group.
 */
export function icd9Rows(
  set: ValueSet,
  families: Families,
  gem: readonly GemLine[],
): { rows: Icd9Row[]; undecided: string[] } {
  const taken = Object.entries(set.groups).flatMap(([group, { 'icd-9-cm': codes = [] }]) =>
    codes.map((code) => ({ code, group })),
  )
  const left = set['left-out'].flatMap(({ 'icd-9-cm': codes = [] }) => codes)
  const rows: Icd9Row[] = []
  const undecided: string[] = []
  for (const [code, lines] of byIcd9(gem)) {
    const forward = lines.filter(({ direction }) => direction === '9to10')
    const display = lines.find((line) => line.display)?.display ?? ''
    const chosen = taken.find((each) => holds(each.code, code))
    if (chosen) {
      rows.push({ code, display, group: chosen.group })
      continue
    }
    const groups = new Set(forward.map(({ icd10 }) => families.groupOf(icd10)))
    if ([...groups].every((group) => group === undefined)) continue
    if (left.some((written) => holds(written, code))) continue
    const [only, ...others] = groups
    const back = lines.filter(({ direction }) => direction === '10to9')
    const stray = back.filter(
      ({ icd10, isCombination }) => !isCombination && families.groupOf(icd10) !== only,
    )
    if (only !== undefined && others.length === 0 && stray.length === 0)
      rows.push({ code, display, group: only })
    else {
      const means = [
        ...new Set(forward.map(({ icd10 }) => `${icd10} ${families.groupOf(icd10) ?? 'outside'}`)),
      ]
      const and =
        stray.length > 0
          ? `; also said by ${[...new Set(stray.map(({ icd10 }) => icd10))].slice(0, 6).join(' ')}`
          : ''
      undecided.push(`ICD-9-CM ${code} ${display}: means ${means.join(', ')}${and}`)
    }
  }
  return { rows, undecided }
}

function byIcd9(gem: readonly GemLine[]): Map<string, GemLine[]> {
  const codes = new Map<string, GemLine[]>()
  for (const line of gem) {
    const same = codes.get(line.icd9)
    if (same) same.push(line)
    else codes.set(line.icd9, [line])
  }
  return codes
}
