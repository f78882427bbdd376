/** One clinician beside the clinic: own figures whole, peers without names and only where nothing small follows from them. */
import type { Measure } from '../pathway/measures.ts'
import type { ReportFile } from './reports.ts'
import { type Count, type Interval, mainOf, wilson } from './results.ts'
import { type Cell, hiddenGroups, isTelling } from './suppress.ts'

interface Rate extends Cell {
  share: number | undefined
  interval: Interval
}

export interface OwnMeasure {
  measure: Pick<Measure, 'id' | 'name' | 'question' | 'direction' | 'reported' | 'counts'>
  variant: string
  own: Rate
  /** Undefined where the clinic less the clinician would tell of few people. */
  clinic: Rate | undefined
  /** Shares of the others, lowest first; of fewer than three nobody is without a name. */
  peers: readonly number[]
}

const fewestPeers = 3

export const clinicianNames = ({ counts }: ReportFile): readonly string[] =>
  [...new Set(counts.flatMap(({ by, value }) => (by === 'clinician' ? [value] : [])))].sort()

export function ownMeasures(report: ReportFile, clinician: string, clinic: string | undefined): OwnMeasure[] {
  const { measures, counts, clinicOf } = report
  const place = clinic ?? clinicOf[clinician]
  const byMeasure = Map.groupBy(counts, ({ measure }) => measure)
  return measures.flatMap((measure) => {
    const variants = Map.groupBy(byMeasure.get(measure.id) ?? [], ({ variant }) => variant)
    const main = mainOf([...variants].map(([variant, list]) => ({ variant, list })).sort(byVariant))
    if (!measure.headline || !main) return []
    const { id, name, question, direction, reported } = measure
    const rate = ({ part, of }: Cell): Rate => {
      const shown = reported === 'share' ? part : of - part
      return { part, of, share: of === 0 ? undefined : shown / of, interval: wilson(shown, of) }
    }
    const own = cellOf(main.list, 'clinician', clinician)
    const whole = place === undefined ? undefined : cellOf(main.list, 'clinic', place)
    const others = whole && { part: whole.part - own.part, of: whole.of - own.of }
    const isTold = whole !== undefined && others !== undefined && !isTelling(whole) && !isTelling(others)
    return [
      {
        measure: { id, name, question, direction, reported, counts: measure.counts },
        variant: main.variant,
        own: rate(own),
        clinic: isTold ? rate(whole) : undefined,
        peers: isTold ? peersOf(main.list, clinicOf, clinician, place, rate) : [],
      },
    ]
  })
}

const natural = new Intl.Collator('en', { numeric: true })
const byVariant = (a: { variant: string }, b: { variant: string }) => natural.compare(a.variant, b.variant)

function peersOf(
  counts: readonly Count[],
  clinicOf: ReportFile['clinicOf'],
  clinician: string,
  place: string | undefined,
  rate: (cell: Cell) => Rate,
): number[] {
  const names = Object.keys(clinicOf).filter((name) => clinicOf[name] === place && name !== clinician)
  const table = new Map(names.map((name) => [name, cellOf(counts, 'clinician', name)]))
  const [hidden = new Set()] = hiddenGroups([table])
  const shares = [...table].flatMap(([name, cell]) => {
    const { share } = rate(cell)
    return hidden.has(name) || share === undefined ? [] : [share]
  })
  return shares.length < fewestPeers ? [] : shares.sort((a, b) => a - b)
}

function cellOf(counts: readonly Count[], by: Count['by'], value: string): Cell {
  const own = counts.filter((count) => count.by === by && count.value === value)
  const sum = (statuses: readonly string[]) =>
    own.reduce((total, { status, count }) => total + (statuses.includes(status) ? count : 0), 0)
  return { part: sum(['met']), of: sum(['met', 'not met']) }
}
