/**
 * Small cells: of 1 to 10 people nothing is shown, nor what they could be worked out from by subtraction (CMS cell size
 * policy, ResDAC 2024). Beside the smallest cells as many others are hidden as it takes.
 */

/** People in a group, and those of them who meet the numerator. */
export interface Cell {
  part: number
  of: number
}

const most = 10
export const isSmall = (n: number) => n > 0 && n <= most

const sum = (cells: readonly Cell[]): Cell =>
  cells.reduce((total, { part, of }) => ({ part: total.part + part, of: total.of + of }), { part: 0, of: 0 })

/** Of the part, the whole and the rest alike. */
export const isTelling = ({ part, of }: Cell) => isSmall(part) || isSmall(of) || isSmall(of - part)

/**
 * Which groups of one table are hidden, where their sum is known to the reader. What is left over of the sum when all
 * shown groups are taken away must itself be no small cell, and of more than one group.
 */
export function hiddenGroups(cells: readonly Cell[]): readonly boolean[] {
  const hidden = cells.map(isTelling)
  const bySize = cells.map((cell, at) => ({ at, size: cell.of })).sort((a, b) => a.size - b.size)
  for (;;) {
    const left = cells.filter((_, at) => hidden[at])
    const people = left.filter(({ of }) => of > 0)
    if (left.length === 0 || (people.length > 1 && !isTelling(sum(left)))) return hidden
    const next = bySize.find(({ at, size }) => !hidden[at] && size > 0)
    if (!next) return hidden
    hidden[next.at] = true
  }
}
