/** Everything in a call that no log may hold, and whether a log holds it. */

/** Names and the like count however short they are; of other texts only those that are no chance. */
const personal = new Set([
  'family',
  'given',
  'birthDate',
  'line',
  'city',
  'postalCode',
  'patientId',
  'encounterId',
  'userId',
  'access_token',
  'subject',
  'id',
])
const leastPersonal = 2
const leastOther = 4

/**
 * Words that the log has of its own. They are no secrets wherever they stand in a call: names of resources, states
 * and fields, and the tables that everybody knows.
 */
const ourWords = new Set(['error', 'order-sign', 'order-select', 'patient-view', 'patient', 'order'])

export class Secrets {
  readonly #personal = new Set<string>()
  readonly #other = new Set<string>()

  /** All texts in a value, by the name under which they stand. */
  add(value: unknown, name = ''): void {
    if (typeof value === 'string') this.#addText(value, name)
    else if (Array.isArray(value)) for (const each of value) this.add(each, name)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) this.add(each, key)
    }
  }

  #addText(text: string, name: string): void {
    if (ourWords.has(text)) return
    // A call that is named by chance may be named in the log, so that it is found again.
    if (name === 'hookInstance' && byChance.test(text)) return
    if (personal.has(name) && text.length >= leastPersonal) this.#personal.add(text)
    else if (text.length >= leastOther) this.#other.add(text)
  }

  get size(): number {
    return this.#personal.size + this.#other.size
  }

  /** Those that stand anywhere in a text that is no log. */
  textsIn(text: string): string[] {
    return [...this.#personal, ...this.#other].filter((secret) => text.includes(secret))
  }

  /** Those that a log holds. A single word counts as a word, everything else wherever it stands. */
  foundIn(log: string): string[] {
    const text = distinct(log)
    const words = new Set(text.split(/[^\p{L}\p{N}]+/u))
    const stands = (secret: string) => (/^\p{L}+$/u.test(secret) ? words.has(secret) : text.includes(secret))
    return [...this.#personal, ...this.#other].filter(stands)
  }
}

/** What we measured ourselves: these numbers are nobody's. */
const measures = new Set([
  'level',
  'time',
  'pid',
  'ms',
  'bytes',
  'answerBytes',
  'cards',
  'feedback',
  'stages',
  'prefetch',
])

/** Names of calls, answers and cards: by chance alone, as long as they have no other shape. */
const names = new Set(['hookInstance', 'evaluation', 'cardIds'])
const byChance = /^((urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{22})$/i

/** Each key and value once, so that many lines are searched quickly; what is no JSON stays as it is. */
function distinct(log: string): string {
  const pieces = new Set<string>()
  const collect = (value: unknown, isMeasure: boolean, name = ''): void => {
    if (names.has(name) && typeof value === 'string' && byChance.test(value)) return
    if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        pieces.add(key)
        collect(each, isMeasure || measures.has(key), Array.isArray(value) ? name : key)
      }
    } else if (typeof value !== 'number' || !isMeasure) pieces.add(String(value))
  }
  for (const line of log.split('\n')) {
    try {
      collect(JSON.parse(line), false)
    } catch {
      pieces.add(line)
    }
  }
  return [...pieces].join('\n')
}
