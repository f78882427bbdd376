/**
 * Small cells: of 1 to 10 people nothing is shown, nor what they could be worked out from by subtraction (CMS cell size
 * policy, ResDAC 2024): from the total of a table, from another table of the same people, or from one of a few people
 * more. Beside the small cells as many others are hidden as it takes.
 */

/** People in a group, and those of them who meet the numerator. */
export interface Cell {
  part: number
  of: number
}

const most = 10
export const isSmall = (n: number) => n > 0 && n <= most

/** Of the part, the whole and the rest alike. */
export const isTelling = ({ part, of }: Cell) => isSmall(part) || isSmall(of) || isSmall(of - part)

/** One measure by one dimension: a cell for each group. */
export type GroupTable = ReadonlyMap<string, Cell>

/** The fewest people are hidden first, and a group without anybody last. */
const worth = (people: number) => (people === 0 ? Number.POSITIVE_INFINITY : people)

type Column = 'part' | 'of' | 'rest'
const columns: readonly Column[] = ['part', 'of', 'rest']
const amount = ({ part, of }: Cell, column: Column) =>
  column === 'part' ? part : column === 'of' ? of : of - part
const none: Cell = { part: 0, of: 0 }

/**
 * Which groups are hidden in each of some tables by the same groups, all of whose totals a reader may know. `blocks` says
 * to which larger group of another table a group belongs, where those are shown, too: then the hidden ones of each larger
 * group must hide each other.
 */
export function hiddenGroups(
  tables: readonly GroupTable[],
  blocks: (group: string) => string = () => '',
): readonly ReadonlySet<string>[] {
  const groups = [...new Set(tables.flatMap((table) => [...table.keys()]))]
  const cell = (at: number, group: string) => tables[at]?.get(group) ?? none
  const hidden = tables.map(
    (table) => new Set([...table].flatMap(([group, each]) => (isTelling(each) ? group : []))),
  )
  const isShown = (at: number, group: string) => !hidden[at]?.has(group)
  hideNeighbours(tables, groups, hidden)
  const shared = columnsOf(tables, groups)
  const members = [...Map.groupBy(groups, blocks).values()]
  for (let isDone = false; !isDone; ) {
    isDone = true
    for (const { holders, column } of shared)
      for (const block of members) {
        const value = (group: string) => amount(cell(holders[0] ?? 0, group), column)
        const left = block.filter((group) => !holders.some((at) => isShown(at, group)))
        const people = left.filter((group) => value(group) > 0)
        const sum = people.reduce((total, group) => total + value(group), 0)
        // Nobody is left, or so many that nothing of one group follows: an empty group counts, since nobody sees that it is.
        if (people.length === 0 || (left.length > 1 && !isSmall(sum))) continue
        const [next] = block
          .filter((group) => !left.includes(group) && (value(group) > 0 || !isSmall(sum)))
          .sort((a, b) => worth(value(a)) - worth(value(b)) || (a < b ? -1 : 1))
        if (next === undefined) continue
        for (const at of holders) hidden[at]?.add(next)
        isDone = false
      }
  }
  return hidden
}

/** Two tables of nearly the same people: what lies between them is small, and so the later one is hidden. */
function hideNeighbours(
  tables: readonly GroupTable[],
  groups: readonly string[],
  hidden: readonly Set<string>[],
): void {
  for (const group of groups) {
    const shown: number[] = []
    for (const [at, table] of tables.entries()) {
      const of = table.get(group)?.of ?? 0
      if (hidden[at]?.has(group)) continue
      if (shown.some((other) => isSmall(Math.abs(other - of)))) hidden[at]?.add(group)
      else shown.push(of)
    }
  }
}

/** Columns of figures, each once, with the tables that show it: what is the same in all groups is the same people. */
function columnsOf(tables: readonly GroupTable[], groups: readonly string[]) {
  const found = new Map<string, { holders: number[]; column: Column }>()
  for (const [at, table] of tables.entries())
    for (const column of columns) {
      const key = groups.map((group) => amount(table.get(group) ?? none, column)).join(' ')
      const known = found.get(key)
      if (known && !known.holders.includes(at)) known.holders.push(at)
      else if (!known) found.set(key, { holders: [at], column })
    }
  return [...found.values()]
}

/** Totals that follow each other, of windows that grow or of fewer and fewer people: which are hidden. */
export function hiddenTotals(totals: readonly Cell[]): readonly boolean[] {
  const shown: Cell[] = []
  return totals.map((total) => {
    const isNear = shown.some(
      ({ part, of }) =>
        isSmall(Math.abs(of - total.of)) || (of === total.of && isSmall(Math.abs(part - total.part))),
    )
    if (isTelling(total) || isNear) return true
    shown.push(total)
    return false
  })
}
