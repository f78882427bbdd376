/** ICD-9-CM codes of a value set, by the general equivalence mapping to its ICD-10-CM codes. */
import type { ValueSet } from '../../pathway/schema.ts'
import type { Families } from './families.ts'
import type { GemLine } from './reference.ts'

export interface Icd9Row {
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
