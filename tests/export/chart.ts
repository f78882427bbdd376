/**
 * Fact by fact: what the exported reading of charts says in another engine, and what the service says. Each chart is read twice: as
 * it is, where codes may be taken back by words and so nothing is vouched for; and without its words, where codes tell all.
 */
import { today } from '../fidelity/chart.ts'
import { population } from '../fidelity/population.ts'
import { toCall } from '../support/call.ts'
import { content, explainBody, vignettes, withSite } from '../support/evaluated.ts'
import { chartEngineOf } from './chart-engine.ts'
import { chart, exportable } from './compare.ts'

interface ChartsCompared {
  charts: number
  /** How often the library said yes, and no. */
  yes: number
  no: number
  /** Of how many answers of the service to the same facts. */
  ofKnown: number
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
export async function compareCharts({ events = 1000, oneOf = 1 } = {}): Promise<ChartsCompared> {
  const comparer = createComparer()
  for (const [at, vignette] of vignettes.entries())
    if (at % oneOf === 0)
      await comparer.add({
        name: vignette.vignette,
        body: toCall(vignette),
        day: vignette.today,
        using: withSite(vignette),
      })
  for (const { number, body } of population(content.queries, { size: events }))
    if (number % oneOf === 0) await comparer.add({ name: `event ${number}`, body, day: today })
  return comparer.result
}

function createComparer() {
  const engine = chartEngineOf(exportable.elm.chart, content.codes.rows)
  const differences: string[] = []
  const result = { charts: 0, yes: 0, no: 0, ofKnown: 0, differences }

  async function read({ name, body, day, using = content }: Read, vouches: boolean) {
    const { record, decisions } = await explainBody(body, day, using)
    if (!record.patient) return
    result.charts += 1
    const whole = (type: string) => (vouches ? record.completeness(type) === 'complete' : null)
    const theirs = await engine(record, day, {
      conditions: whole('Condition'),
      observations: whole('Observation'),
    })
    const ours = new Map(decisions.flatMap(({ facts }) => [...facts]))
    for (const fact of chart.facts.keys()) {
      const known = ours.get(fact)
      if (!known) continue
      const [here, there] = [plain(known.value), plain(theirs[fact])]
      if (here !== null) result.ofKnown += 1
      if (there === null) continue
      if (there === true) result.yes += 1
      else result.no += 1
      if (there !== here) differences.push(`${name}, ${fact}: ${String(here)} here, ${String(there)} in CQL`)
    }
  }

  return {
    result,
    async add(one: Read) {
      await read(one, false)
      await read({ ...one, body: withoutWords(one.body) as object }, true)
    },
  }
}

/** A number as it is where it is known exactly, here and there. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object') return value
  const { low, high } = value as { low?: unknown; high?: unknown }
  const [from, to] = [low, high].map((each) =>
    typeof each === 'object' && each !== null ? (each as { value?: unknown }).value : each,
  )
  return from === to ? from : null
}

/** Elements that say in words, or by another entry, what a code says; in a call that has none of them codes tell all. */
const wordy = new Set([
  'text',
  'display',
  'note',
  'reason',
  'reasonCode',
  'reasonReference',
  'supportingInfo',
  'valueString',
  'description',
  'diagnosis',
  'conclusion',
  'patientInstruction',
])

function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (wordy.has(name) ? [] : [[name, withoutWords(each)]])),
  )
}
