/**
 * Fact by fact: what the exported reading of charts says in another engine, and what the service says. Each chart is read twice: as
 * it is, where words may speak and so nothing is vouched for; and without its words, where codes tell all.
 */
import { rowsOfSets } from '../../src/export/resources.ts'
import type { OrderUnderReview } from '../../src/facts/case.ts'
import type { PatientRecord } from '../../src/record/record.ts'
import { withoutWords } from '../../tools/codes-only.ts'
import { content } from '../support/evaluated.ts'
import { type Case, casesWith, judged } from './cases.ts'
import { chartEngineOf, type Given } from './chart-engine.ts'
import { chart, exportable } from './compare.ts'

interface ChartsCompared {
  /** Orders in their charts, or charts that were opened, as often as they were read. */
  charts: number
  /** How often the library answered: yes, no, a word or a number. */
  yes: number
  no: number
  words: number
  /** Of how many answers of the service to the same facts. */
  ofKnown: number
  /** Facts that were answered at least once. */
  answered: ReadonlySet<string>
  /** Facts that the service answers and the library leaves open, by how often. */
  leftOpen: ReadonlyMap<string, number>
  /** In words, each with the chart that shows it. */
  differences: readonly string[]
}

/** Each chart of all vignettes and of so many events of the trial. */
export async function compareCharts({ events = 1000 } = {}): Promise<ChartsCompared> {
  const comparer = createComparer()
  for (const each of casesWith(events)) await comparer.add(each)
  return comparer.result
}

/** The same of a few charts that show every answer which any of them shows; and how many answers that are. */
export async function compareCover({ events = 200 } = {}): Promise<ChartsCompared & { shown: number }> {
  const all = [...casesWith(events)]
  const { picked, shown } = await coverOf(all)
  const comparer = createComparer()
  // Where words may speak hardly anything is said: of some charts it shows.
  for (const [at, each] of picked.entries()) await comparer.add(each, at % 4 === 0)
  return { ...comparer.result, shown }
}

/** Where codes tell all, for there the library may answer. A number is one answer, whichever it is. */
async function coverOf(all: readonly Case[]): Promise<{ picked: Case[]; shown: number }> {
  const shownBy = new Map<Case, Set<string>>()
  for (const each of all) {
    const { record, decisions } = await judged({ ...each, body: withoutWords(each.body) })
    const answers = decisions.flatMap(({ facts }) =>
      [...chart.facts.keys()].flatMap((name) => {
        const value = facts.get(name)?.value
        return value === undefined ? [] : [`${name}: ${typeof value === 'object' ? 'a number' : value}`]
      }),
    )
    if (record.patient) shownBy.set(each, new Set(answers))
  }
  const left = new Set([...shownBy.values()].flatMap((answers) => [...answers]))
  const shown = left.size
  const picked: Case[] = []
  while (left.size > 0) {
    let [best, most]: [Case | undefined, number] = [undefined, 0]
    for (const [each, answers] of shownBy) {
      const fresh = [...answers].filter((answer) => left.has(answer)).length
      if (fresh > most) [best, most] = [each, fresh]
    }
    if (!best) break
    picked.push(best)
    for (const answer of shownBy.get(best) ?? []) left.delete(answer)
  }
  return { picked, shown }
}

function createComparer() {
  const engine = chartEngineOf(exportable.elm.chart, rowsOfSets(content))
  const differences: string[] = []
  const answered = new Set<string>()
  const leftOpen = new Map<string, number>()
  const result = { charts: 0, yes: 0, no: 0, words: 0, ofKnown: 0, answered, leftOpen, differences }

  async function read(one: Case, vouches: boolean) {
    const { name, day } = one
    const { record, orders, decisions } = await judged(one)
    if (!record.patient) return
    for (const [at, { facts }] of decisions.entries()) {
      result.charts += 1
      const theirs = await engine(record, day, givenBeside(record, orders[at], vouches))
      for (const fact of chart.facts.keys()) {
        const known = facts.get(fact)
        if (!known) continue
        const [here, there] = [plain(known.value), plain(theirs[fact])]
        if (here !== null) result.ofKnown += 1
        if (there === null) {
          if (here !== null) leftOpen.set(fact, (leftOpen.get(fact) ?? 0) + 1)
          continue
        }
        answered.add(fact)
        if (there === true) result.yes += 1
        else if (there === false) result.no += 1
        else result.words += 1
        if (there !== here)
          differences.push(
            `${name}${vouches ? ' without words' : ''}, ${fact}: ${here} here, ${there} in CQL`,
          )
      }
    }
  }

  return {
    result,
    async add(one: Case, withItsWords = true) {
      if (withItsWords) await read(one, false)
      await read({ ...one, body: withoutWords(one.body) }, true)
    },
  }
}

/** What the caller of the library gives: the order, the visit and, where it may, its word that the lists came whole. */
function givenBeside(record: PatientRecord, order: OrderUnderReview | undefined, vouches: boolean): Given {
  const draft = order?.draft.resource
  const medicines = ['MedicationRequest', 'MedicationDispense', 'MedicationStatement']
  const isWhole = (type: string) => {
    const query = content.queries[type]
    const state = query && record.states.get(query.key)
    return (
      record.completeness(type) === 'complete' ||
      (query?.optional === true && !['truncated', 'failed', 'late', 'unusable'].includes(state ?? ''))
    )
  }
  const word = (types: readonly string[]) => (vouches && types.every(isWhole) ? true : null)
  const whole = [
    'Condition',
    'Observation',
    'Procedure',
    'Encounter',
    'ServiceRequest',
    'DiagnosticReport',
    'ImagingStudy',
    'AllergyIntolerance',
  ].map((type) => [`${type} told in full`, word([type])] as const)
  return {
    'drafted service': draft?.resourceType === 'ServiceRequest' ? draft : null,
    'drafted medicine': draft?.resourceType === 'MedicationRequest' ? draft : null,
    'Nothing else is drafted': record.draftOrders.length > 1 ? null : true,
    visit: record.encounterId ?? null,
    'Visit is told': true,
    ...Object.fromEntries(whole),
    'Medicine told in full': word(medicines),
  }
}

/** A number in one spelling here and there: as it is where it is known exactly, else by its bounds. */
function plain(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object') return value as string | number | boolean
  const { low, high } = value as { low?: unknown; high?: unknown }
  const [from, to] = [low, high].map((each) => {
    const number = typeof each === 'object' && each !== null ? (each as { value?: number }).value : each
    return Number(number) >= 1_000_000_000 ? Number.POSITIVE_INFINITY : (number as number | null | undefined)
  })
  if (from === undefined || from === null) return null
  return from === to ? from : `${from} to ${to}`
}
