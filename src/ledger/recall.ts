/** What was shown before: what the store knows, and what this process has just said and the store may not have yet. */
import type { KnownCaller } from '../explanation.ts'
import type { Feedback } from '../hooks/feedback.ts'
import { Room } from '../store/room.ts'
import { Asking } from './asking.ts'
import type { Finding } from './draft.ts'
import { type Asked, type History, historyIn, mostTold, type Told } from './history.ts'
import type { LedgerKeys } from './keys.ts'
import { Lately } from './lately.ts'
import type { Names } from './names.ts'
import { PatientsShown } from './shown.ts'
import type { Sql } from './sql.ts'
import { reasonOf } from './writer.ts'

/** Patients whose latest cards this process remembers until they are surely written. */
const mostRemembered = 20_000
const mostOfOne = 40

interface RecallSettings {
  sql: Sql
  now: () => number
  /** The site's day of a moment. */
  dayOf: (at: number) => string
  /** How long a call waits for it, in ms. */
  patience: number
  /** How far back it looks, in ms. */
  longest: number
  /** Whether the cards of clinicians are to be counted. */
  counts: boolean
  onMissing: (reason: string) => void
}

export class Recall {
  readonly #settings: RecallSettings
  readonly #latest = new Room<readonly Told[]>(mostRemembered)
  readonly #asking = new Asking()
  readonly #shown: PatientsShown
  /** What was read lately; undefined where others write unheard. */
  #lately: Lately | undefined
  #ignoredBefore = Number.NEGATIVE_INFINITY

  constructor(settings: RecallSettings) {
    this.#settings = settings
    this.#shown = new PatientsShown(settings)
  }

  /** Of whom nothing is to be asked: one instance alone writes to a file, and what others write to a database is heard of. */
  async begin(): Promise<void> {
    const { sql } = this.#settings
    if (!sql.listen) return this.#learn()
    sql.listen((news) => {
      if (news === 'hearing') void this.#learn()
      else if (news === 'deaf') this.#unlearn()
      else if ('patients' in news) this.#tell(news.patients)
      else this.#hearOthers(news.feedback)
    })
  }

  #learn(): Promise<void> {
    const { now } = this.#settings
    this.#lately = new Lately(now)
    // What this process has told is perhaps not written yet.
    for (const key of this.#latest.keys()) this.#shown.note(patientIn(key), now())
    return this.#shown.begin()
  }

  #unlearn(): void {
    this.#shown.end()
    this.#lately = undefined
  }

  #tell(patients: readonly string[]): void {
    const now = this.#settings.now()
    for (const patient of patients) this.#shown.note(patient, now)
    this.#asking.renew()
    this.#lately?.tell(patients)
  }

  /** What is too long ago to be asked for, off the way of calls. */
  clean(): void {
    this.#shown.clean()
  }

  async history(caller: KnownCaller | undefined, names: Names): Promise<History> {
    const { patience, counts, onMissing } = this.#settings
    // Most are new here.
    if (!counts && this.#shown.isNew(names.patient)) return nothingTold
    const key = keyOf(caller, names)
    // Of the clinician all that was shown today is counted, to whomever.
    const lately = counts ? undefined : this.#lately
    const known = lately?.get(key, caller?.issuer ?? null)
    if (known) return known
    const own = this.#latest.get(key) ?? []
    const asked = [caller?.issuer ?? '', counts ? names.clinician : '', key].join(' ')
    const stored = await inTime(
      this.#asking.share(asked, () => this.#read(caller, names, lately)),
      patience,
    ).catch((error: unknown) => {
      // Nobody can tell, so nothing is kept back for what this process did not say itself.
      onMissing(reasonOf(error))
    })
    return this.#joined(stored ?? nothingTold, own)
  }

  /** From the store, and kept for the calls that follow, also where this one has not waited for it. */
  async #read(caller: KnownCaller | undefined, names: Names, lately: Lately | undefined): Promise<History> {
    const { sql, now, dayOf, longest, counts } = this.#settings
    const { patient, clinician } = names
    const { issuer = null, tenant = null } = caller ?? {}
    const key = keyOf(caller, names)
    const before = this.#latest.get(key) ?? []
    const keep = lately?.begin()
    const asked: Asked = {
      ...{ patient, clinician, issuer, tenant, counts },
      since: now() - longest,
      isToday: (at) => dayOf(at) === dayOf(now()),
    }
    const stored = await historyIn(sql, asked, now())
    // What this process has told, before and meanwhile, may be written too late to be in it.
    const own = [...new Set([...(this.#latest.get(key) ?? []), ...before])]
    keep?.(key, { history: this.#joined(stored, own), patient, issuer, tenant })
    return stored
  }

  /** The latest first. */
  #joined(stored: History, own: readonly Told[]): History {
    const written = new Set(stored.told.map(({ uuid }) => uuid))
    const told = [...stored.told, ...own.filter(({ uuid }) => !written.has(uuid))]
      .filter(({ at }) => at >= this.#ignoredBefore)
      .sort((a, b) => b.at - a.at)
    return { ...stored, told }
  }

  /** Feedback that was kept. */
  hear(items: readonly Pick<Feedback, 'card'>[], caller: KnownCaller | undefined): void {
    this.#asking.renew()
    this.#lately?.hear(items, caller?.issuer ?? null, caller?.tenant ?? null)
  }

  #hearOthers(cards: readonly string[]): void {
    this.#asking.renew()
    this.#lately?.hearOthers(cards)
  }

  /** Until it is surely written, which the returned function is to be told. */
  remember(caller: KnownCaller | undefined, names: Names, told: readonly Told[]): (() => void) | undefined {
    if (told.length === 0) return undefined
    const key = keyOf(caller, names)
    this.#shown.note(names.patient, this.#settings.now())
    this.#latest.set(key, [...told, ...(this.#latest.get(key) ?? [])].slice(0, mostOfOne))
    this.#lately?.add(key, told, mostTold)
    return () => {
      const left = this.#latest.get(key)?.filter((each) => !told.includes(each)) ?? []
      if (left.length === 0) this.#latest.delete(key)
      else this.#latest.set(key, left)
    }
  }

  /** As if nothing had been shown before. */
  forget(): void {
    this.#ignoredBefore = this.#settings.now()
    this.#latest.clear()
    this.#asking.renew()
    this.#lately?.clear()
  }
}

/** A card of this process. It holds no more of its call than it needs: many may wait while the store is away. */
export class JustTold implements Told {
  readonly uuid: string
  readonly at: number
  readonly hook: string
  readonly rule: string
  readonly instance: string | null
  readonly #keys: LedgerKeys
  #finding: Finding | string
  readonly #names: Names
  readonly #orders: readonly number[]

  constructor(
    { uuid, at, hook, rule, instance }: Omit<Told, 'finding' | 'orders'>,
    keys: LedgerKeys,
    finding: Finding,
    names: Names,
    orders: readonly number[],
  ) {
    this.uuid = uuid
    this.at = at
    this.hook = hook
    this.rule = rule
    this.instance = instance
    this.#keys = keys
    this.#finding = finding
    this.#names = names
    this.#orders = orders
  }

  /** Made once, when it is first compared: every later call of this patient compares it again. */
  get finding(): string {
    if (typeof this.#finding !== 'string') this.#finding = this.#keys.findingOf(this.#finding)
    return this.#finding
  }

  get orders(): readonly string[] {
    return this.#names.ordersAt(this.#orders)
  }
}

const nothingTold: History = { told: [], shownToClinician: 0, sendsFeedback: false }

/** Of two tenants of one issuer, neither quiets the cards of the other. */
const keyOf = (caller: KnownCaller | undefined, { patient }: Names) => `${caller?.tenant ?? ''} ${patient}`
const patientIn = (key: string) => key.slice(key.lastIndexOf(' ') + 1)

async function inTime<T>(answer: Promise<T>, patience: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('late')), patience)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
