/** Reports of bulk exports as the dashboard reads them: `report.json`, which `npm run report` writes, one or several years. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { measureFile } from '../pathway/measures.ts'
import { dimensions, type MeasureResult, mainOf, resultsOf } from './results.ts'
import { type MonthPoint, monthsOf } from './series.ts'
import { hiddenGroups, isSmall } from './suppress.ts'

const day = z.iso.date()
const count = z.int().min(0)

/** An image that a card would have advised against, as nobody's: no day, no place, no patient. */
const caseToThinkAbout = z.object({
  /** As 45-64. */
  age: z.string(),
  ordered: z.string(),
  /** After the index visit. */
  days: count,
  /** Whose card would have headed the answer. */
  rule: z.string(),
})
export type CaseToThinkAbout = z.infer<typeof caseToThinkAbout>

/** All cells are in it, also small ones: it is kept where charts are kept, and hidden only when it is shown. */
const reportFile = z.object({
  kind: z.literal('lumbar report'),
  version: z.literal(1),
  period: z.object({ start: day, end: day }),
  measures: z.array(measureFile.extend({ id: z.string() })),
  counts: z.array(
    z.object({
      measure: z.string(),
      variant: z.string(),
      by: z.enum(dimensions),
      value: z.string(),
      status: z.string(),
      count,
    }),
  ),
  clinicOf: z.record(z.string(), z.string()),
  services: z.array(
    z.object({ need: z.string(), services: count, people: count, usd: z.number(), unpriced: count }),
  ),
  /** By clinician, three at most. */
  cases: z.record(z.string(), z.array(caseToThinkAbout).max(3)).default({}),
  episodes: count,
  people: count,
})
export type ReportFile = z.infer<typeof reportFile>

export interface ReportsFound {
  /** In the order of their periods, none of which overlap. */
  reports: readonly ReportFile[]
  /** Files that could not be read, and reports whose months another tells again. */
  leftOut: readonly string[]
}

export const reportName = 'report.json'
/** Bytes. A report of a hundred clinics has some five million. */
const largest = 50_000_000

/** Read anew only where a file has changed. */
export function reportsIn(folder: string): () => ReportsFound {
  let known: { state: string; found: ReportsFound } | undefined
  return () => {
    const files = filesIn(folder)
    const state = files.map(({ file, changed }) => `${file} ${changed}`).join('\n')
    if (known?.state !== state) known = { state, found: readAll(files) }
    return known.found
  }
}

interface Found {
  file: string
  name: string
  changed: number
  size: number
}

function filesIn(folder: string): Found[] {
  const names = [reportName, ...foldersIn(folder).map((name) => join(name, reportName))]
  return names.flatMap((name) => {
    const file = join(folder, name)
    const stat = statSync(file, { throwIfNoEntry: false })
    return stat?.isFile() ? [{ file, name, changed: stat.mtimeMs, size: stat.size }] : []
  })
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function readAll(files: readonly Found[]): ReportsFound {
  const leftOut: string[] = []
  const read: { name: string; changed: number; report: ReportFile }[] = []
  for (const { file, name, changed, size } of files) {
    const report = size <= largest ? readOne(file) : undefined
    if (report) read.push({ name, changed, report })
    else leftOut.push(`${name} is no report that this version can read`)
  }
  // Of two that tell the same months the one that was made later: two tables of nearly the same people tell what lies between.
  const kept: ReportFile[] = []
  for (const { name, report } of read.sort((a, b) => b.changed - a.changed)) {
    const overlaps = kept.some(
      ({ period }) => period.start <= report.period.end && report.period.start <= period.end,
    )
    if (overlaps) leftOut.push(`${name} tells months that a later report tells again`)
    else kept.push(report)
  }
  kept.sort((a, b) => (a.period.start < b.period.start ? -1 : 1))
  return { reports: kept, leftOut }
}

function readOne(file: string): ReportFile | undefined {
  try {
    return reportFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

// Lumbar imaging that was done, by need, as it is told: services and people counted apart, and nothing of few
// people.

export interface ServiceClass {
  need: string
  services: number
  people: number
  usd: number
  /** Services without a price in the table; they are not estimated. */
  unpriced: number
  hidden: boolean
  peopleHidden: boolean
}

export interface Services {
  classes: readonly ServiceClass[]
  /** People with any, each once. */
  people: number
}

/**
 * The same without what is told of few people. Services add up, and hide each other; where few people had a second one,
 * people are not told beside services.
 */
export function withoutSmall({ classes, people }: Services): Services {
  const services = new Map(
    classes.map((each) => [each.need, { part: 0, of: isSmall(each.people) ? each.people : each.services }]),
  )
  const persons = new Map(classes.map((each) => [each.need, { part: 0, of: each.people }]))
  const [hidden = new Set(), alone = new Set()] = hiddenGroups([services, persons])
  return {
    classes: classes.map((each) => ({
      ...each,
      hidden: hidden.has(each.need),
      peopleHidden: hidden.has(each.need) || alone.has(each.need),
    })),
    people,
  }
}

/** Of the last report, for the dashboard. */
const servicesOf = ({ services }: ReportFile): Services['classes'] =>
  withoutSmall({
    classes: services.map((each) => ({ ...each, hidden: false, peopleHidden: false })),
    people: 0,
  }).classes

// Reports as the dashboard tells them: the latest whole, its months with those of the reports before it.

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

const resultsOfReport = ({ measures, counts, clinicOf }: ReportFile) =>
  resultsOf(measures, counts, { allCells: false, clinicOf: new Map(Object.entries(clinicOf)) })
