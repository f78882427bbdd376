/** Twenty cases a rule, the same for the same export, for a clinician to mark right or wrong. */
import { createHash } from 'node:crypto'
import type { FhirResource } from 'fhir/r4.js'
import { asOf, isDated, writtenAt } from '../replay/as-of.ts'
import type { Order, Verdict } from '../replay/judge.ts'

export interface Sample {
  rule: string
  id: string
  day: string
  ordered: string
  age: number | undefined
  sex: string
  /** Card as it would have been shown: its summary, and its text in Markdown. */
  summary: string
  detail: string
  /** What the chart held up to that day, newest first, and what came within 90 days after. */
  chart: readonly string[]
  after: readonly string[]
}

const mostEach = 20
const mostLines = 12

export class Samples {
  readonly #kept = new Map<string, { mark: string; sample: Sample }[]>()

  /** A case is taken by the hash of its id: neither the first nor the last, and not by chance. */
  hear({ rule, id, day, cards }: Verdict, order: Order, all: readonly FhirResource[]): void {
    const [card] = cards
    if (rule === undefined || !card) return
    const mark = createHash('sha256').update(id).digest('hex')
    const kept = this.#kept.get(rule) ?? []
    this.#kept.set(rule, kept)
    const last = kept.at(-1)
    if (kept.length >= mostEach && last && mark > last.mark) return
    kept.push({ mark, sample: sampleOf({ rule, id, day }, card, order, all) })
    kept.sort((a, b) => (a.mark < b.mark ? -1 : 1))
    kept.splice(mostEach)
  }

  get byRule(): ReadonlyMap<string, readonly Sample[]> {
    return new Map([...this.#kept].sort().map(([rule, kept]) => [rule, kept.map(({ sample }) => sample)]))
  }
}

function sampleOf(
  { rule, id, day }: { rule: string; id: string; day: string },
  { summary, detail = '' }: Verdict['cards'][number],
  order: Order,
  all: readonly FhirResource[],
): Sample {
  const patient = all.find((each) => each.resourceType === 'Patient')
  // What was known is what the replay went by, to the minute.
  const known = asOf(all, order, order.authoredOn ?? day).resources
  const knownIds = new Set(known.map(({ resourceType, id: own }) => `${resourceType}/${own}`))
  const isKnown = ({ resourceType, id: own }: FhirResource) => knownIds.has(`${resourceType}/${own}`)
  const others = all.filter((each) => each !== order && isDated(each))
  const until = new Date(Date.parse(`${day}T00:00:00Z`) + 90 * 86_400_000).toISOString().slice(0, 10)
  const born = patient?.birthDate
  return {
    rule,
    id,
    day,
    ordered: wordsOf(order),
    age: born ? Math.floor((Date.parse(day) - Date.parse(born)) / (365.25 * 86_400_000)) : undefined,
    sex: patient?.gender ?? 'not recorded',
    summary,
    detail,
    chart: told(others.filter(isKnown)).slice(0, mostLines),
    after: told(others.filter((each) => !isKnown(each) && (writtenAt(each) ?? '').slice(0, 10) <= until))
      .slice(-mostLines)
      .reverse(),
  }
}

/** Newest first. */
function told(resources: readonly FhirResource[]): string[] {
  return resources
    .map((each) => ({ at: (writtenAt(each) ?? '').slice(0, 10), words: wordsOf(each) }))
    .filter(({ words }) => words !== '')
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ at, words }) => `${at || 'no date'}: ${words}`)
}

interface Worded {
  code?: { text?: string; coding?: { display?: string; code?: string }[] }
  medicationCodeableConcept?: Worded['code']
}

function wordsOf(resource: FhirResource): string {
  const { code, medicationCodeableConcept } = resource as unknown as Worded
  const said = code ?? medicationCodeableConcept
  const words = said?.text ?? said?.coding?.[0]?.display ?? said?.coding?.[0]?.code
  return words === undefined ? '' : `${words} (${resource.resourceType})`
}
