/**
 * Patients to whom something was shown lately, so that about all others, and those are most, nothing is asked. Sure only
 * while it is heard what others write; what is read again after a while in which it was not is what came meanwhile.
 */
import { numberIn, type Sql } from './sql.ts'

/** Some 80 bytes each. */
const usualMost = 200_000
const hour = 3_600_000
/**
 * What came while nobody listened bears the time at which it was shown, which an instance that could not write then may
 * have kept for long, and its clock may be another. So that much more is read. In ms.
 */
const overlap = 86_400_000

interface ShownSettings {
  sql: Pick<Sql, 'batch'>
  now: () => number
  /** How far back it is asked, in ms. */
  longest: number
  /** Patients. */
  most?: number
}

export class PatientsShown {
  readonly #settings: ShownSettings
  /** By key of the patient: the hour, since 1970, in which something was shown last. */
  readonly #hours = new Map<string, number>()
  #isSure = false
  /** Until when all are known, in ms since 1970. */
  #through: number | undefined
  /** Counts beginnings and ends of listening, which make an answer that comes late worth nothing. */
  #turn = 0

  constructor(settings: ShownSettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#hours.size
  }

  /** Surely nothing was shown to this one. */
  isNew(patient: string): boolean {
    return this.#isSure && !this.#hours.has(patient)
  }

  note(patient: string, at: number): void {
    const shown = Math.floor(at / hour)
    if (shown > (this.#hours.get(patient) ?? 0)) this.#hours.set(patient, shown)
    const { most = usualMost } = this.#settings
    if (this.#hours.size > most) this.#giveUp()
  }

  /** From now on all that is written is noted: reads what was written before. */
  async begin(): Promise<void> {
    const { sql, now, longest, most = usualMost } = this.#settings
    const turn = ++this.#turn
    const since = Math.max(now() - longest, (this.#through ?? Number.NEGATIVE_INFINITY) - overlap)
    const read = await patientsSince(sql, since, most + 1)
    if (turn !== this.#turn) return
    if (!read) return this.#giveUp()
    this.#isSure = true
    for (const { patient, at } of read) this.note(patient, at)
  }

  /** Others may write what is not noted here. */
  end(): void {
    this.#turn += 1
    if (this.#isSure) this.#through = this.#settings.now()
    this.#isSure = false
  }

  /** Of whom nothing is asked any more. Looks at everything: not to be done at each call. */
  clean(): void {
    const { now, longest } = this.#settings
    const first = Math.floor((now() - longest) / hour)
    for (const [patient, shown] of this.#hours) if (shown < first) this.#hours.delete(patient)
  }

  /** There are more than is worth remembering, or nobody can tell. */
  #giveUp(): void {
    this.#turn += 1
    this.#hours.clear()
    this.#isSure = false
    this.#through = undefined
  }
}

async function patientsSince({ batch }: Pick<Sql, 'batch'>, since: number, most: number) {
  const sql = `select patient, max(at) as at from lumbar_ledger_card where at >= $1 and shown = 1 group by patient limit ${most}`
  try {
    const [rows = []] = await batch([{ sql, values: [since] }])
    return rows.map(({ patient, at }) => ({ patient: String(patient), at: numberIn(at) }))
  } catch {
    return undefined
  }
}
