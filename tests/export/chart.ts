/**
 * Fact by fact: what the exported reading of charts says in another engine, and what the service says. Each chart is read twice: as
 * it is, where words may speak and so nothing is vouched for; and without its words, where codes tell all.
 */
import { rowsOfSets } from '../../src/export/resources.ts'
import type { OrderUnderReview } from '../../src/facts/case.ts'
import type { PatientRecord } from '../../src/record/record.ts'
import { withoutWords } from '../../tools/codes-only.ts'
import { today } from '../fidelity/chart.ts'
import { population } from '../fidelity/population.ts'
import { toCall } from '../support/call.ts'
import { content, explainBody, vignettes, withSite } from '../support/evaluated.ts'
import { chartEngineOf, type Given } from './chart-engine.ts'
import { chart, exportable } from './compare.ts'

interface ChartsCompared {
  /** Orders in their charts, or charts that were opened; each is read twice. */
  charts: number
  /** How often the library answered: yes, no, a word or a number. */
  yes: number
  no: number
  words: number
  /** Of how many answers of the service to the same facts. */
  ofKnown: number
  /** Facts that were answered at least once. */
  answered: ReadonlySet<string>
  /** In words, each with the chart that shows it. */
  differences: readonly string[]
}

interface Read {
  name: string
  body: object
  day: string
  using?: typeof content
}

/** Of all vignettes and of so many events of the trial, one of `oneOf`. */
export async function compareCharts({ events = 1000, oneOf = 1, from = 0 } = {}): Promise<ChartsCompared> {
  const comparer = createComparer()
  for (const [at, vignette] of vignettes.entries())
    if (at % oneOf === from)
      await comparer.add({
        name: vignette.vignette,
        body: toCall(vignette),
        day: vignette.today,
        using: withSite(vignette),
      })
  for (const { number, body } of population(content.queries, { size: events }))
    if (number % oneOf === from) await comparer.add({ name: `event ${number}`, body, day: today })
  return comparer.result
}

function createComparer() {
  const engine = chartEngineOf(exportable.elm.chart, rowsOfSets(content))
  const differences: string[] = []
  const answered = new Set<string>()
  const result = { charts: 0, yes: 0, no: 0, words: 0, ofKnown: 0, answered, differences }

  async function read({ name, body, day, using = content }: Read, vouches: boolean) {
    const { record, orders, decisions } = await explainBody(body, day, using)
    if (!record.patient) return
    for (const [at, { facts }] of decisions.entries()) {
      result.charts += 1
      const theirs = await engine(record, day, givenBeside(record, orders[at], vouches))
      for (const fact of chart.facts.keys()) {
        const known = facts.get(fact)
        if (!known) continue
        const [here, there] = [plain(known.value), plain(theirs[fact])]
        if (here !== null) result.ofKnown += 1
        if (there === null) continue
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
    async add(one: Read) {
      await read(one, false)
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
