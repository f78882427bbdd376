/** Reports as the dashboard tells them: the latest whole, its months with those of the reports before it. */
import type { ReportFile } from './reports.ts'
import { type MeasureResult, mainOf, resultsOf } from './results.ts'
import { type MonthPoint, monthsOf } from './series.ts'
import { type Services, servicesOf } from './services.ts'

export interface ToldReport {
  period: ReportFile['period']
  results: readonly MeasureResult[]
  services: Services['classes']
  /** By measure, over all reports. */
  months: ReadonlyMap<string, readonly MonthPoint[]>
}

export function toldOf(reports: readonly ReportFile[]): ToldReport | undefined {
  const last = reports.at(-1)
  if (!last) return undefined
  const told = reports.map((report) => ({ report, results: resultsOfReport(report) }))
  const months = new Map<string, MonthPoint[]>()
  for (const { results } of told)
    for (const { measure, variants } of results) {
      const main = mainOf(variants)
      if (main) months.set(measure.id, [...(months.get(measure.id) ?? []), ...monthsOf(main.groups)])
    }
  return { period: last.period, results: told.at(-1)?.results ?? [], services: servicesOf(last), months }
}

export const resultsOfReport = ({ measures, counts, clinicOf }: ReportFile) =>
  resultsOf(measures, counts, { allCells: false, clinicOf: new Map(Object.entries(clinicOf)) })
