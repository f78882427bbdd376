/**
 * Medicines that a problem or an order names in its words: "uses Ambien most nights", "getting Norco from pain mgmt". It
 * counts unless the words beside it say that it is offered, refused, stopped or not borne. Of opioids one is ordered now,
 * so that they want words of taking.
 */
import type { CodeIndex, CodeRow } from '../../pathway/codes.ts'
import type { Content } from '../../pathway/content.ts'
import { type CertaintyAt, certainties } from '../certainty.ts'
import type { Certainty } from '../cue-phrases.ts'
import type { Cues } from '../cues.ts'
import { keysOf } from '../lookups.ts'
import { outermost, Phrases } from '../phrases.ts'

type Told = NonNullable<Content['medicines']['told']>
const besides = ['taken', 'dosage', 'stopped', 'not-taken', 'refused'] as const
type Beside = (typeof besides)[number]

interface ToldMedicine {
  rows: readonly CodeRow[]
  start: number
  end: number
  certainty: Certainty
}

const none: readonly ToldMedicine[] = []
/** Words on each side of a name that are looked at: a line of a note. DESIGN. */
const reach = 30
/** Shorter names are words of many things. */
const shortestName = 3

export class ToldMedicines {
  readonly #codes: CodeIndex
  readonly #cues: Cues
  readonly #contrasts: ReadonlySet<string>
  readonly #beside = new Phrases<Beside>()
  readonly #told: Told | undefined
  #names: Phrases<readonly CodeRow[]> | undefined

  constructor(codes: CodeIndex, told: Told | undefined, cues: Cues) {
    this.#cues = cues
    this.#codes = codes
    this.#told = told
    this.#contrasts = new Set(cues.contrasts)
    for (const kind of besides) for (const phrase of told?.[kind] ?? []) this.#beside.add(phrase, kind)
  }

  /** Those of one clause, and what is said of each. */
  in(clause: readonly string[], certaintyAt: CertaintyAt): readonly ToldMedicine[] {
    if (!this.#told) return none
    const found = outermost(this.#namesIn().find(clause.map(this.#codes.meantName), 'longest'))
    if (found.length === 0) return none
    const beside = new Map(
      outermost(this.#beside.find(clause, 'longest')).map(({ start, payload }) => [start, payload]),
    )
    return found.flatMap(({ start, end, payload }, at): readonly ToldMedicine[] => {
      const { from, to } = stretchOf(clause, start, this.#contrasts)
      const behind = Math.min(found[at + 1]?.start ?? clause.length, end + reach)
      const says = (kind: Beside, first: number, last: number) => {
        for (let place = first; place < last; place += 1) if (beside.get(place)?.includes(kind)) return true
        return false
      }
      const isNot = says('not-taken', from, to) || says('refused', from, Math.max(to, behind))
      if (isNot) return [{ rows: payload[0] ?? [], start, end, certainty: 'not-said' as const }]
      const isPast = says('stopped', from, to)
      const isTaken = says('taken', from, Math.max(to, behind))
      // "Husband's Lunesta" is hers only where she takes it.
      const isAnothers = clause[start - 1]?.endsWith("'s") === true
      if (isAnothers && !isTaken) return []
      const isTold =
        isPast || isTaken || says('dosage', from, to) || this.#isNoOtherWord(clause.slice(start, end))
      if (!isTold) return []
      const rows = (payload[0] ?? []).filter(
        ({ set }) => isPast || isTaken || !this.#told?.['ordered-now'].includes(set),
      )
      const said = this.#written(clause, start, end, from) ?? certaintyAt(start, end, true)
      // "Can I mix it with my Klonopin?" asks something else than whether it is taken.
      const written = isTaken && said === 'suspected' ? 'affirmed' : said
      return rows.length === 0
        ? []
        : [{ rows, start, end, certainty: isPast && written !== 'not-said' ? ('past' as const) : written }]
    })
  }

  /** Who names a sedative beside an opioid names it because it is there. */
  #isNoOtherWord(name: readonly string[]): boolean {
    return !this.#told?.['other-words'].includes(this.#codes.meantName(name.join(' ')))
  }

  /** "Takes his wife's Norco": hers, and he takes it. */
  #written(clause: readonly string[], start: number, end: number, from: number): Certainty | undefined {
    if (!clause[start - 1]?.endsWith("'s")) return undefined
    const near = clause.slice(from, end).with(start - 1 - from, 'their')
    return certainties(near, this.#cues).certaintyAt(start - from, end - from, true)
  }

  /** Made when the first text is read: most records bring codes. */
  #namesIn(): Phrases<readonly CodeRow[]> {
    if (this.#names) return this.#names
    const names = new Phrases<readonly CodeRow[]>()
    const groups = this.#told?.groups ?? {}
    const keys = new Set(keysOf(groups))
    const sets = new Set(Object.keys(groups))
    for (const words of this.#codes.medicineNames()) {
      const name = words.join(' ')
      if (name.length < shortestName) continue
      const rows = this.#codes.lookupByName(name, sets).filter(({ key }) => keys.has(key))
      const oneOfEach = [...new Map(rows.map((row) => [row.key, { ...row, display: name }])).values()]
      if (oneOfEach.length > 0) names.add(name, oneOfEach)
    }
    this.#names = names
    return names
  }
}

interface Stretch {
  from: number
  to: number
}

/** The words that stand together with a name: to the next comma or word of contrast, and never far. */
function stretchOf(clause: readonly string[], place: number, contrasts: ReadonlySet<string>): Stretch {
  const parts = (word: string | undefined) => word === ',' || contrasts.has(word ?? '')
  const [first, last] = [Math.max(0, place - reach), Math.min(clause.length, place + reach)]
  let from = place
  while (from > first && !parts(clause[from - 1])) from -= 1
  // "Currently" begins something new, and says itself that it is of now.
  if (from > first && clause[from - 1] !== ',') from -= 1
  let to = place
  while (to < last && !parts(clause[to])) to += 1
  return { from, to }
}
